DEBUG = False
NAME = "prod"
