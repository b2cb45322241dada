"""Values and calls that few projects have."""
import os

from decouple import Csv, config

os.environ["ODD_NUMBER"] = " 7 "
os.environ["ODD_EMPTY"] = ""
os.environ["ODD_LIST"] = "a,'b, c',,d"
NUMBER = config("ODD_NUMBER", cast=int)
EMPTY = config("ODD_EMPTY", default="d")
EMPTY_BOOL = config("ODD_EMPTY", default=True, cast=bool)
EMPTY_LIST = config("ODD_EMPTY", default="a", cast=Csv())
LIST = config("ODD_LIST", cast=Csv())
LIST_SET = config("ODD_LIST", cast=Csv(post_process=set))
fallback = config("A", default="g")
CHAINED = config("NOWHERE", default=fallback)
SWITCH = bool if fallback == "g" else int
BY_CAST = config("NOWHERE", default="1", cast=SWITCH)
JOINED = [*config("C", default="", cast=Csv()), "last"]
STRIPPED = config("NOWHERE", default=" a ", cast=str.strip)
SPLIT = config("NOWHERE", default="a,b", cast=lambda text: text.split(","))
MADE = config("NOWHERE", default="x", cast=lambda text: {"name": text})
UPPER = config("A", default="x").upper()
for key in ("A", "B"):
    LAST = config(key, default=key)
try:
    SPACED_BOOL = config("NOWHERE", default=" true", cast=bool)
except ValueError:
    SPACED_BOOL = "raised"
