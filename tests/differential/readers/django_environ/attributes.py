import environ

env = environ.Env()
BEFORE = env.str("A", default="none")
env.prefix = "DJ_"
AFTER = env.str("A", default="none")
plain = environ.Env()
OTHER = plain.str("A", default="none")
quiet = environ.Env()
quiet.smart_cast = False
RAW = quiet("A", default=3)
escaping = environ.Env()
escaping.escape_proxy = True
ESCAPED = escaping.str("NOWHERE", default=r"\$x")
aware = environ.FileAwareEnv()
AWARE = aware("G", default="d")
