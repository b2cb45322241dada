import environ

env = environ.Env(
    SCHEMA_BOOL=(bool, False),
    SCHEMA_INT=(int, 7),
    SCHEMA_LIST=(list, ["x"]),
    SCHEMA_TYPE=str,
    SCHEMA_NONE=(str, None),
    A=(int, 5),
)
PLAIN = env("G", default="d")
NONE = env("F", default=None)
NONE_STR = env.str("F", default=None)
TYPED_BOOL = env("B", default=True)
TYPED_INT = env("A", default=3)
TYPED_FLOAT = env("E", default=1.5)
TYPED_LIST = env("C", default=["q"])
TYPED_TUPLE = env("C", default=("q",))
TYPED_DICT = env("D", default={"q": "r"})
BOOL = env.bool("B", default=False)
BOOL_STR = env.bool("B", default="no")
BOOL_POSITION = env.bool("B", True)
INT = env.int("A", default=0)
FLOAT = env.float("E", default=0.5)
STR = env.str("G", default="x")
LIST = env.list("C", default=[])
LIST_STR = env.list("C", default="*")
LIST_CAST = env.list("NOWHERE", cast=int, default=[1])
LIST_POSITION = env.list("NOWHERE", str, ["a"])
TUPLE = env.tuple("C", default=())
DICT = env.dict("D", default={"a": 1})
JSON = env.json("NOWHERE", default={"a": [1]})
NOTSET = env("A", default=environ.Env.NOTSET)
OTHER_NOTSET = env.int("A", default=env.NOTSET)
SCHEMA = [env("SCHEMA_BOOL"), env("SCHEMA_INT"), env("SCHEMA_LIST"), env("SCHEMA_NONE")]
SCHEMA_DEFAULT = env("SCHEMA_TYPE", default="given")
SCHEMA_CAST = env.str("SCHEMA_INT")
CAST = env("A", cast=int, default=9)
CAST_LAMBDA = env("NOWHERE", cast=lambda text: text.upper(), default="kept")
CAST_LIST = env("C", cast=[str], default=["z"])
GET_VALUE = env.get_value("A", cast=str, default="q")
MULTI = env.str("NOWHERE", default="a\\nb", multiline=True)
PROXY = env.str("NOWHERE", default="$G") if "G" in env else "no G"
EMPTY = env("F", default="")
IN = "G" in env
try:
    MISSING = env("NOWHERE")
except environ.ImproperlyConfigured:
    MISSING = "raised"
try:
    NUMBER = env.int("G", default=1)
except ValueError:
    NUMBER = "raised"
