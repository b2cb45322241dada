"""Values and calls that few projects have."""
import os

import environ

os.environ["ODD_REFERENCE"] = "$G"
os.environ["ODD_NUMBER"] = " 7 "
os.environ["ODD_LIST"] = ",,a"
os.environ["ODD_EMPTY"] = ""
os.environ["ODD_ESCAPED"] = r"\$x"
env = environ.Env(ODD_NUMBER=int, ODD_EMPTY=(str, "d"), ODD_LIST=([str], []))
REFERENCE = env("ODD_REFERENCE", default="d")
REFERENCE_LIST = env.list("ODD_REFERENCE", default=[])
NUMBER = env("ODD_NUMBER")
NUMBER_BOOL = env.bool("ODD_NUMBER")
NUMBER_STR = env.str("ODD_NUMBER")
NUMBER_DEFAULT = env("ODD_NUMBER", default=2)
LIST = env("ODD_LIST")
TUPLE = env.tuple("ODD_LIST")
EMPTY = env("ODD_EMPTY")
EMPTY_NONE = env("ODD_EMPTY", default=None)
EMPTY_LIST = env.list("ODD_EMPTY", default=["x"])
EMPTY_DICT = env.dict("ODD_EMPTY", default={"x": 1})
EMPTY_BOOL = env.bool("ODD_EMPTY", default=True)
ESCAPED = env("ODD_ESCAPED")
SHARED = env.list("NOWHERE", default=["x"])
SHARED.append("y")
fallback = env("G", default="g")
CHAINED = env("NOWHERE", default=fallback)
CHAINED_INT = env.int("NOWHERE", default=env.int("ALSO_NOWHERE", default=3))
name = "A" if "A" in os.environ else "B"
BY_NAME = env(name, default="neither")
OPTIONS = {key: env(key, default=key.lower()) for key in ("A", "B")}
TERNARY = env.list("C") if env.bool("A", default=False) else ["none"]
JOINED = [*env.list("C", default=[]), "last"]
SPLIT = env("G", default="a b").split(" ")
NOT = not env.bool("B", default=False)
URL = env.db("A_DATABASE", default=f"postgres://{env('G', default='h')}/n")
MAPPED = list(map(int, env.list("NOWHERE", default=["1"])))
KEYWORD = env(var="A", default="1", cast=int)
NAMED = env.bool(var="B", default=False)
if "A" in os.environ:
    os.environ["ODD_SOMETIMES"] = "5"
SOMETIMES = env.int("ODD_SOMETIMES", default=1)
SOMETIMES_WRONG = env.int("ODD_SOMETIMES", default="x")
