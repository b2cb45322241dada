from environs import env

PLAIN = env("G", "d")
JSON = env.json("NOWHERE", default={"a": [1]})
BOOL = env.bool("B", False)
env.read_env()
NUMBER = env.int("FILE_NUMBER")
with env.prefixed("FILE_"):
    PREFIXED = env.int("NUMBER")
AFTER = env.int("A", 2)
