import environ

env = environ.Env()
DATABASES = {
    "default": env.db(default="sqlite:///db.sqlite3"),
    "url": env.db_url("A_DATABASE", default="postgres://user:p%40ss@host:5432/name"),
    "absolute": env.db("A_DATABASE", default="sqlite:////var/db.sqlite3"),
    "memory": env.db("A_DATABASE", default="sqlite://:memory:"),
    "no_path": env.db("A_DATABASE", default="sqlite://"),
    "no_host": env.db("A_DATABASE", default="postgres:///name"),
    "no_port": env.db("A_DATABASE", default="postgis://user@Host/name"),
    "options": env.db("A_DATABASE", default="mysql://u:p@h/n?conn_max_age=60&charset=utf8&number=5&atomic_requests=True"),
    "engine": env.db("A_DATABASE", default="postgres://u:p@h/n", engine="my.engine"),
    "oracle": env.db("A_DATABASE", default="oracle://u:p@h:1521/sid"),
    "oracle_plain": env.db("A_DATABASE", default="oracle://u:p@h"),
    "empty": env.db("A_DATABASE", default=""),
    "unknown": env.db("A_DATABASE", default="other://u:p@h/n"),
    "plus": env.db("A_DATABASE", default="postgres://u:a%2Bb@h/n"),
}
EMAIL = env.email(default="smtp://user:pass@mail.example.com:587/path")
EMAIL_TLS = env.email_url("AN_EMAIL", default="smtp+tls://user@mail:25?x=1&email_use_ssl=1")
EMAIL_CONSOLE = env.email("AN_EMAIL", default="consolemail://")
SEARCH = env.search_url(default="whoosh:///var/index/")
SEARCH_SOLR = env.search_url("A_SEARCH", default="solr://h:8983/solr/core/")
SEARCH_ELASTIC = env.search_url("A_SEARCH", default="elasticsearch://h:9200/a/b")
SEARCH_SIMPLE = env.search_url("A_SEARCH", default="simple://x")
try:
    WRONG = env.email("AN_EMAIL", default="ftp://x")
except environ.ImproperlyConfigured:
    WRONG = "raised"
try:
    REQUIRED = env.db()
except environ.ImproperlyConfigured:
    REQUIRED = "raised"
