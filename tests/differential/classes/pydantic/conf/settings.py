import os
os.environ.setdefault("APP_NEEDED", "here")
from conf.config import get_settings, Settings, Validated, Sensitive
INSTALLED_APPS = []
SECRET_KEY = "x"
s = get_settings()
DEBUG = s.debug
NAME = s.name
PORT = s.port
WRONG_PORT = s.wrong_port
RATIO = s.ratio
HOSTS = s.hosts + ["c"]
HOSTS2 = s.hosts2
OPT = s.opt
OPT2 = s.opt2
ANYTHING = s.anything
TABLE = s.table
TUP = s.tup
ALIASED = s.aliased
VALIASED = s.valiased
DESCRIBED = s.described
FACTORY = s.factory
NEEDED = s.needed
URL = s.url
V = Validated().a
SENS = Sensitive()
A, B = SENS.a, SENS.B
G = Settings(port=1).port
