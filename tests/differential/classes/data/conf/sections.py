import configparser
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLED_APPS = []
SECRET_KEY = "x"
config = configparser.ConfigParser()
config.read(ROOT / "app.ini")
DEBUG = config.getboolean("django", "debug")
SECRET = config.get("django", "secret")
PORT = config.getint("django", "PORT")
RATIO = config["django"].getfloat("ratio")
HOSTS = [host.strip() for host in config["django"]["hosts"].split(",")]
SHARED = config.get("django", "shared")
PERCENT = config.get("django", "percent")
FALLBACK = config.get("django", "missing", fallback="fallback")
FALLBACK_SECTION = config.getint("missing", "missing", fallback=3)
PROXY_FALLBACK = config["empty"].get("x", "proxy")
HAS = config.has_section("django"), config.has_option("django", "nope"), config.has_option("empty", "shared")
SECTIONS = config.sections()
try:
    RAISED = config.get("django", "nope")
except configparser.NoOptionError:
    RAISED = "no option"
try:
    NO_SECTION = config["nope"]["x"]
except KeyError:
    NO_SECTION = "no section"
more = configparser.RawConfigParser()
more.read([ROOT / "app.ini", ROOT / "more.ini"], encoding="utf-8")
MORE_PORT = more.getint("django", "port")
RAW = more.get("more", "x")
PERCENT_RAW = more.get("django", "percent")
text = configparser.ConfigParser(interpolation=None)
with open(ROOT / "more.ini") as f:
    text.read_file(f)
TEXT = text.get("more", "x")
local = configparser.ConfigParser()
local.read([ROOT / "app.ini", ROOT / "not_kept.ini"])
LOCAL = local.get("django", "port")
LOCAL_FALLBACK = local.get("django", "nope", fallback="f")
