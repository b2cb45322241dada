from decouple import Choices, Csv, config

PLAIN = config("A", default="x")
NONE = config("A", default=None)
BOOL = config("B", default=False, cast=bool)
BOOL_STR = config("B", default="yes", cast=bool)
BOOL_INT = config("NOWHERE", default=1, cast=bool)
BOOL_EMPTY = config("NOWHERE", default="", cast=bool)
INT = config("A", default="5", cast=int)
FLOAT = config("A", default="1.5", cast=float)
STR = config("NOWHERE", default=None, cast=str)
LIST = config("C", default="a, b ,,c", cast=Csv())
LIST_EMPTY = config("C", default="", cast=Csv())
LIST_QUOTED = config("NOWHERE", default="'a,b',\"c d\",e#f,g", cast=Csv())
LIST_INT = config("NOWHERE", default="1, 2", cast=Csv(int))
LIST_TUPLE = config("NOWHERE", default="1;2", cast=Csv(delimiter=";", post_process=tuple))
LIST_STRIP = config("NOWHERE", default="-a-,b", cast=Csv(strip="-"))
LIST_ITEMS = config("NOWHERE", default="1,0", cast=Csv(cast=lambda text: text == "1"))
LAMBDA = config("C", default="x y", cast=lambda text: [part.strip() for part in text.split(" ")])
CHOICE = config("LEVEL", default="info", cast=Choices(["info", "debug"]))
CHOICE_PAIRS = config("LEVEL", default="info", cast=Choices(choices=[("info", "Information"), ("debug", "Debug")]))
DEBUG = config("DEBUG", default=False, cast=bool)
KEYWORD = config(option="A", cast=int, default=3)
EVAL = config("NOWHERE", default="a:b", cast=lambda text: dict([text.split(":")]))
try:
    WRONG = config("A", default="maybe", cast=bool)
except ValueError:
    WRONG = "raised"
try:
    MISSING = config("NOWHERE")
except Exception:
    MISSING = "raised"
try:
    FROM_SET = config("C", default="0", cast=int)
except ValueError:
    FROM_SET = "raised"
try:
    FROM_LIST = config("NOWHERE", default=[], cast=Csv())
except AttributeError:
    FROM_LIST = "raised"
try:
    CHOICE_WRONG = config("NOWHERE", default="x", cast=Choices(["y"]))
except ValueError:
    CHOICE_WRONG = "raised"
