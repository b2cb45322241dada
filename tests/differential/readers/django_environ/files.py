import os
from pathlib import Path

import environ

env = environ.Env()
environ.Env.read_env(Path(__file__).parent / "values.env")
FILE_SET = env("FILE_SET", default="default")
NUMBER = env.int("FILE_NUMBER", default=0)
LIST = env.list("FILE_LIST", default=[])
LIST_INT = env.list("FILE_INTS", cast=int)
LIST_BOOL = env.list("FILE_INTS", cast=bool)
TUPLE = env.tuple("FILE_TUPLE")
DICT = env.dict("FILE_DICT")
JSON = env.json("FILE_JSON")
FLOAT = env.float("FILE_FLOAT")
BOOL = env.bool("FILE_BOOL", default=True)
SAME = env.int("FILE_NUMBER", default="12")
SINGLE = env("FILE_SINGLE")
DOUBLE = env("FILE_DOUBLE")
COMMENT = env("FILE_COMMENT")
EXPORTED = env("FILE_EXPORTED")
BLANKS = env("FILE_BLANKS")
TWICE = env("FILE_TWICE")
SPACED = env("FILE_SPACED", default="not there")
LINES = env.str("FILE_LINES", multiline=True)
EMPTY = env("FILE_EMPTY", default=None)
EMPTY_STR = env("FILE_EMPTY", default="d")
REFERENCE = env("FILE_REFERENCE", default="d")
AS_WRITTEN = os.environ["FILE_REFERENCE"]
UPPER = env("FILE_SET", cast=lambda text: text.upper())
DB = env.db("FILE_DB")
