from environs import Env, EnvError

env = Env()
PLAIN = env("G", "d")
PLAIN_KEYWORD = env("G", default="d")
NONE = env("F", None)
BOOL = env.bool("B", False)
BOOL_TRUE = env.bool("B", default=True)
INT = env.int("A", 5)
FLOAT = env.float("E", 1.5)
STR = env.str("G", "x")
STR_NONE = env.str("G", None)
LIST = env.list("C", [])
LIST_ITEMS = env.list("C", ["a", "b"])
LIST_SUBCAST = env.list("NOWHERE", ["1", "2"], subcast=str)
DICT = env.dict("D", {})
DICT_ITEMS = env.dict("NOWHERE", {"a": "b"})
LEVEL = env.log_level("LEVEL", 20)
PATH = env.path("NOWHERE", None)
VALIDATED = env.int("A", 3, validate=lambda number: number < 10)
try:
    MISSING = env.str("NOWHERE")
except EnvError:
    MISSING = "raised"
try:
    MISSING_VALUE_ERROR = env("NOWHERE")
except ValueError:
    MISSING_VALUE_ERROR = "raised"
try:
    NUMBER = env.int("G", 1)
except EnvError:
    NUMBER = "raised"
try:
    TRUTH = env.bool("A", True)
except EnvError:
    TRUTH = "raised"
lazy = Env(eager=False)
LAZY = lazy("NOWHERE")
LAZY_DEFAULT = lazy.int("A", 3)
TIMEDELTA = env.timedelta("NOWHERE", None)
DATE = env.date("NOWHERE", None)
URL = env.url("NOWHERE", None)
