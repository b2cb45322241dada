VALUE = "dev"
DEV_ONLY = 1
