from environs import Env

env = Env()
env.read_env("other.env")
UNKNOWN_BY_FOLDER = env("IN_OTHER", "d")
inner = Env()
inner.read_env("nested/.env", recurse=False)
NOT_THERE = inner("IN_OTHER", "d")
