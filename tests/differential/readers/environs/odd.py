"""Values and calls that few projects have."""
import os

from environs import Env

os.environ["ODD_NUMBER"] = " 7 "
os.environ["ODD_EMPTY"] = ""
os.environ["ODD_LIST"] = "1, 2"
os.environ["ODD_REFERENCE"] = "${G}"
env = Env()
expanding = Env(expand_vars=True)
NUMBER = env.int("ODD_NUMBER")
NUMBER_STR = env.str("ODD_NUMBER")
EMPTY = env("ODD_EMPTY")
EMPTY_LIST = env.list("ODD_EMPTY", ["x"])
EMPTY_DICT = env.dict("ODD_EMPTY", {})
LIST_INT = env.list("ODD_LIST", subcast=int)
REFERENCE = env("ODD_REFERENCE")
EXPANDED = expanding("ODD_REFERENCE", "d") if "G" in os.environ else "no G"
EXPANDED_DEFAULT = expanding("NOWHERE", "no dollar")
fallback = env("G", "g")
CHAINED = env("NOWHERE", fallback)
name = "A" if "A" in os.environ else "B"
BY_NAME = env(name, "neither")
JOINED = [*env.list("C", []), "last"]
try:
    EMPTY_BOOL = env.bool("ODD_EMPTY", False)
except ValueError:
    EMPTY_BOOL = "raised"
with env.prefixed("ODD_"):
    PREFIXED = env.int("NUMBER")
    PREFIXED_DEFAULT = env.int("NOWHERE", 1)
for prefix in ("DJ_", "ODD_"):
    with env.prefixed(prefix):
        IN_LOOP = env.str("NUMBER", "none")
AFTER = env("A", "none")
if "A" in os.environ:
    os.environ["ODD_SOMETIMES"] = "5"
SOMETIMES = env.int("ODD_SOMETIMES", 1)
os.environ["ODD_SET"] = "3"
SET = env.int("ODD_SET", "not a number")
