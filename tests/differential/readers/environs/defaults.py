from environs import Env

env = Env()
BOOL = env.bool("B", "true")
INT = env.int("A", "5")
INT_LEVEL = env.log_level("LEVEL", "WARNING")
FLOAT = env.float("E", 1)
LIST = env.list("C", "a,b")
LIST_INT = env.list("NOWHERE", "1,2", subcast=int)
LIST_DELIMITED = env.list("NOWHERE", "a b", delimiter=" ")
DICT = env.dict("D", "a=b, c = d")
try:
    DICT_LIST = env.dict("NOWHERE", ["a"])
except Exception:
    DICT_LIST = "raised"
JSON = env.json("NOWHERE", '{"a": 1}')
PATH = env.path("NOWHERE", "/tmp/x")
