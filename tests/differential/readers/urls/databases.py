import os

import dj_database_url

DATABASES = {
    "empty": dj_database_url.config(),
    "default": dj_database_url.config(default="sqlite:///db.sqlite3"),
    "absolute": dj_database_url.config(default="sqlite:////var/db.sqlite3", conn_max_age=600),
    "positional": dj_database_url.config("OTHER_URL", "postgres://u:p@h:5432/n"),
    "env": dj_database_url.config(env="OTHER_URL", default="postgres://u:p@Host/n?option=1&flag=true&word=x"),
    "ssl": dj_database_url.config(default="postgres://u:p@h/n", conn_max_age=600, ssl_require=True),
    "ssl_unknown": dj_database_url.config(env="OTHER_URL", default="postgres://h/n", ssl_require="SSL" in os.environ),
    "engine": dj_database_url.config(default="postgres://u:p@h/n", engine="my.engine"),
    "parsed": dj_database_url.parse("mysql://u%40x:p%2F@h:3306/n?ssl-ca=ca.pem&charset=utf8"),
    "memory": dj_database_url.parse("sqlite://:memory:"),
    "in_memory": dj_database_url.parse("sqlite://"),
    "oracle": dj_database_url.parse("oracle://u:p@h:1521/n"),
    "schema": dj_database_url.parse("postgres://u:p@h:5432/n?currentSchema=other"),
    "postgis": dj_database_url.parse("postgis://u:p@h/n"),
    "ipv6": dj_database_url.parse("postgres://u:p@[::1]:5432/n"),
    "encoded": dj_database_url.parse("postgres://%2Fvar%2Frun%2Fpostgresql/n"),
    "no_name": dj_database_url.parse("postgres://u:p@h"),
    "get": dj_database_url.parse(os.getenv("DATABASE_URL") or "postgres://u:p@h/n"),
}
try:
    OTHER_SCHEME = dj_database_url.parse("other://u:p@h/n")
except Exception:
    OTHER_SCHEME = "raised"
try:
    BAD_PORT = dj_database_url.parse("postgres://u:p@h:port/n")
except ValueError:
    BAD_PORT = "raised"
try:
    NONE = dj_database_url.parse(os.getenv("NOWHERE"))
except Exception:
    NONE = "raised"
db = dj_database_url.config(default="postgres://u:p@h/n")
db["ATOMIC_REQUESTS"] = True
CHANGED = db
