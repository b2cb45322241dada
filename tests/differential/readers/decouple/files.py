from pathlib import Path

import decouple
from decouple import AutoConfig, Config, Csv, RepositoryEmpty, RepositoryEnv, config

HERE = Path(__file__).resolve().parent
FILE_SET = config("FILE_SET", default="default")
NUMBER = config("FILE_NUMBER", cast=int)
QUOTED = config("FILE_QUOTED")
BOTH = config("FILE_BOTH")
COMMENT = config("FILE_COMMENT")
EXPORTED = config("FILE_EXPORTED", default="not there")
EXPORTED_NAME = config("export FILE_EXPORTED", default="not there")
SPACED = config("FILE_SPACED")
TWICE = config("FILE_TWICE")
EMPTY = config("FILE_EMPTY", default="d")
BOOL = config("FILE_EMPTY", cast=bool, default=True)
LIST = config("FILE_LIST", cast=Csv())
other = Config(RepositoryEnv(HERE / "other.env"))
OTHER = other("OTHER")
OTHER_SET = other("FILE_SET", default="default")
OTHER_GET = other.get("OTHER", default="d")
empty = Config(RepositoryEmpty())
NOTHING = empty("FILE_NUMBER", default="nothing")
auto = AutoConfig(search_path=HERE)
AUTO = auto("FILE_NUMBER", default="d")
nested = AutoConfig(search_path=str(HERE / "nested"))
NESTED = nested("NESTED_DEBUG", default="d")
NESTED_CASE = nested("nested_debug", default="d")
NESTED_ENV = nested("IN_ENV", default="d")
QUALIFIED = decouple.config("FILE_NUMBER", default="d")
