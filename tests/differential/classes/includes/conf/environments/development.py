DEBUG = True
NAME = "dev"
