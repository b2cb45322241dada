VALUE = "prod"
PROD_ONLY = 2
