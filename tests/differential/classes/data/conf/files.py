import json, os, io, ast
from pathlib import Path
BASE = Path(__file__).resolve().parent
ROOT = BASE.parent
INSTALLED_APPS = ["a"]
SECRET_KEY = "x"
with open(BASE / "data.json") as f:
    DATA = json.load(f)
    AGAIN = f.read()
KEY = DATA["key"]
HOSTS = DATA["hosts"] + ["c"]
DATA2 = json.loads((BASE / "data.json").read_text())
DATA3 = json.loads(open(os.path.join(BASE, "data.json"), encoding="utf-8").read())
VERSION = open(ROOT / "VERSION").read().strip()
VERSION2 = (ROOT / "VERSION").read_text(encoding="utf-8").splitlines()[0]
with (ROOT / "list.txt").open() as f:
    LINES = [line.strip() for line in f if line.strip() and not line.startswith("#")]
with io.open(ROOT / "list.txt", "rt") as f:
    FIRST = f.readline()
    REST = f.readlines()
RAW = (ROOT / "list.txt").read_bytes()
try:
    BAD = json.load(open(ROOT / "bad.json"))
except json.JSONDecodeError:
    BAD = "bad"
try:
    BAD2 = json.load(open(ROOT / "bad.json"))
except ValueError:
    BAD2 = "bad"
try:
    with open(ROOT / "missing.json") as f:
        MISSING = json.load(f)
except FileNotFoundError:
    MISSING = "none"
try:
    with open(ROOT / "missing.json") as f:
        MISSING2 = json.load(f)["x"]
except (IOError, KeyError):
    MISSING2 = "none"
LIT = ast.literal_eval("{'a': (1, -2, [None])}")
try:
    LIT2 = ast.literal_eval("os.environ")
except ValueError:
    LIT2 = "bad"
FROM_ENV = json.loads(os.environ.get("FROM_ENV", '{"a": 1}'))
GEN = ROOT / "VERSION.gen"
if not GEN.exists():
    WRITTEN = 1
else:
    WRITTEN = GEN.read_text()
