import os
from pathlib import Path
from configurations import Configuration, values, pristinemethod
HERE = Path(__file__).resolve().parent
LEFT_ALONE = "module"

class Mixin:
    MIXED = "mixin"
    SHADOWED = "mixin"
    @property
    def FROM_PROPERTY(self):
        return [self.MIXED, self.FLAG]

class Base(Configuration):
    SHADOWED = "base"
    DOTENV = os.path.join(HERE, "prod.env")
    FLAG = values.BooleanValue(False)
    SECRET_KEY = "x"
    INSTALLED_APPS = ["a", "b"]
    MIDDLEWARE = Configuration.MIDDLEWARE + ["m"]
    FROM_DEFAULT = Configuration.X_FRAME_OPTIONS
    HOSTS = values.ListValue(["h1"])
    TUP = values.TupleValue(("a",), separator=";")
    NUMBERS = values.ListValue(["1", "2"], converter=int)
    NESTED = values.SingleNestedTupleValue((("a", "b"), ("c",)))
    NESTEDL = values.SingleNestedListValue([["a"]])
    SETV = values.SetValue({"a"})
    DICTV = values.DictValue({"a": 1})
    PORT = values.IntegerValue(1)
    POS = values.PositiveIntegerValue(1, environ_prefix="MY")
    FLOATV = values.FloatValue(1)
    PLAIN = values.Value("p")
    NOENV = values.Value("np", environ=False)
    NOENV2 = values.Value("", environ=False)
    EARLY = values.Value("early", environ_name="EARLY")
    EARLY_BARE = values.Value(None, environ_name="EARLY_BARE", environ_prefix=None)
    PREFIXED = values.Value("d", environ_prefix="APP_")
    PATHV = values.PathValue("/etc", environ_name="PV")
    PATHL = values.PathValue("/etc/../etc")
    URLV = values.URLValue("http://x.example.com")
    REG = values.RegexValue("abc", regex=r"^a")
    DATABASES = values.DatabaseURLValue("sqlite:///x.db")
    CACHES = values.CacheURLValue("locmem://")
    EMPTY_DB = {"x": 1} if values.DatabaseURLValue(None, environ_name="NOPE_URL", environ_prefix=None) else {"y": 2}
    FROM_ENV = values.Value("none", environ_name="FROM_FILE", environ_prefix=None)
    FROM_ENV_LATE = values.Value("none", environ_prefix=None)
    BOOL_FROM_FILE = values.BooleanValue(False, environ_prefix=None)
    LIST_FROM_FILE = values.ListValue([], environ_prefix=None)
    DICT_FROM_FILE = values.DictValue({}, environ_prefix=None)
    NEST_FROM_FILE = values.SingleNestedListValue([], environ_prefix=None)
    lower = "no"
    _UNDER = "no"

    def METHOD(self):
        return self.PORT + 1 if self.PORT == 1 else "other"

    def VALUE_METHOD(self):
        return values.BooleanValue(True)

    @pristinemethod
    def CHECKER(user):
        return True

    @property
    def PROP(self):
        return self.PLAIN + "!"

    @classmethod
    def pre_setup(cls):
        super().pre_setup()
        cls.PRE = "pre"

    @classmethod
    def setup(cls):
        super(Base, cls).setup()
        cls.AFTER_SETUP = cls.PORT

class A(Base):
    pass

class B(Base):
    SECRET_KEY = "from b"
    ONLY_B = 1

class Production(A, B, Mixin):
    @property
    def NAME(self):
        return self.__class__.__name__.lower() + "-" + super().SECRET_KEY

    INSTALLED_APPS = Base.INSTALLED_APPS + ["c"]
    ALLOWED_HOSTS = values.ListValue(["example.com"])
    if os.environ.get("FEATURE"):
        PLAIN = "feature"

    @classmethod
    def post_setup(cls):
        super().post_setup()
        cls.TOO_LATE = 1

class Development(Base):
    DEBUG = True
