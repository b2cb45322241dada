from decouple import Csv, config

DEBUG = config("DEBUG", cast=bool)
LOWER = config("debug", default="not there")
KEY = config("KEY")
COLON = config("COLON")
PERCENT = config("PERCENT")
LONG = config("LONG")
HOSTS = config("HOSTS", cast=Csv())
FIRST = config("FIRST", default="not in this section")
