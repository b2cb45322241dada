from environs import Env

env = Env()
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", default="postgres://u:p@h:5432/n"),
    "sqlite": env.dj_db_url("A_DATABASE", "sqlite:///db.sqlite3"),
    "ssl": env.dj_db_url("A_DATABASE", default="postgres://u:p@h/n", ssl_require=True, conn_max_age=60),
}
email = env.dj_email_url("EMAIL_URL", default="smtp://u:p@h:25")
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"]
CACHES = {"default": env.dj_cache_url("CACHE_URL", default="locmem://")}
