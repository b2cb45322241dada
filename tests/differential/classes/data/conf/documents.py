import yaml, tomllib, tomli
from pathlib import Path
HERE = Path(__file__).parent
INSTALLED_APPS = []
SECRET_KEY = "x"
with open(HERE / "a.yml") as f:
    DATA = yaml.safe_load(f)
DEBUG = DATA["debug"]
ALLOWED_HOSTS = DATA["hosts"]
PORT = DATA["port"]
OCTAL, RATIO, TEXT, FOLDED, NESTED, EMPTY, QUOTED = [DATA[k] for k in ("octal", "ratio", "text", "folded", "nested", "empty", "quoted")]
MULTI = DATA["multi"]
BOOLKEY = DATA[True]
INTKEY = DATA.get(12)
TILDE = DATA.get("tilde", "q")
Y2 = yaml.load((HERE / "a.yml").read_bytes(), Loader=yaml.SafeLoader)["hosts"]
Y3 = yaml.safe_load("[a, b]")
Y4 = yaml.safe_load(open(HERE / "anchors.yml"))["a"]
Y6 = yaml.safe_load(open(HERE / "anchors.yml"))
try:
    Y5 = yaml.safe_load("a: [")
except yaml.YAMLError:
    Y5 = "bad"
with (HERE / "a.toml").open("rb") as f:
    T = tomllib.load(f)
VERSION = T["project"]["version"]
T2 = tomli.loads((HERE / "a.toml").read_text())["tool"]
try:
    T3 = tomllib.loads((HERE / "bad.toml").read_text())
except tomllib.TOMLDecodeError:
    T3 = "bad"
