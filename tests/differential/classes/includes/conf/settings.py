import os, sys, importlib
from split_settings.tools import include, optional
INSTALLED_APPS = ["a"]
SECRET_KEY = "x"
ENV = os.environ.get("DJANGO_ENV") or "development"
include(
    "components/base.py",
    "components/data*.py",
    "environments/{0}.py".format(ENV),
    optional(None),
    optional("../conf/components/base.py"),
)
include("two/*.py", scope=globals())
include("many/*.py", scope=locals())
LAST = NAME
exec(open(os.path.join(os.path.dirname(__file__), "execd.py")).read())
with open(os.path.join(os.path.dirname(__file__), "execd2.py")) as f:
    exec(compile(f.read(), "execd2.py", "exec"), globals())
NS = {}
with open(os.path.join(os.path.dirname(__file__), "execd2.py"), "rb") as f:
    exec(f.read(), NS)
FROM_NS = NS["EXECD2"]
mod = importlib.import_module(f"conf.mods.{ENV}")
MOD = mod.VALUE
for name in dir(mod):
    if name.isupper():
        globals()[name] = getattr(mod, name)
mod2 = importlib.import_module(".production", package="conf.mods")
MOD2 = mod2.VALUE
for k, v in vars(mod2).items():
    if k.isupper() and k != "VALUE":
        setattr(sys.modules[__name__], "V_" + k, v)
INCLUDED = [os.path.basename(f) for f in __included_files__]
HAS = "__included_file__" in globals()
