from .base import *

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["shop.example.com"])
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
INSTALLED_APPS.append("anymail")
DATABASES["default"]["CONN_MAX_AGE"] = 60

if env("REDIS_URL", default=""):
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
else:
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

EMAIL_PORT = int(open("/run/secrets/port").read())
