import os

from environs import Env

env = Env()
env.read_env()
FILE_SET = env("FILE_SET", "default")
NUMBER = env.int("FILE_NUMBER")
LIST = env.list("FILE_LIST")
LIST_INT = env.list("FILE_INTS", subcast=int)
LIST_BOOL = env.list("FILE_INTS", subcast=bool)
LIST_LAMBDA = env.list("FILE_INTS", subcast=lambda text: text + "!")
DICT = env.dict("FILE_DICT")
JSON = env.json("FILE_JSON")
FLOAT = env.float("FILE_FLOAT")
BOOL = env.bool("FILE_BOOL")
PATH = env.path("FILE_PATH")
LEVEL = env.log_level("FILE_LEVEL")
REFERENCE = env("FILE_REFERENCE")
EMPTY_LIST = env.list("FILE_EMPTY")
FROM_OS = os.environ.get("FILE_NUMBER", "not in os.environ")
with env.prefixed("FILE_"):
    PREFIXED = env("NUMBER")
