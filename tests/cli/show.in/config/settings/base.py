import os

import environ

env = environ.Env()

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = []
USE_TZ = True
SHOP_CURRENCY = "EUR"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "shop",
]

if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": env("DB_HOST", default="localhost"),
        "NAME": "shop",
        "PASSWORD": env("DB_PASSWORD"),
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
