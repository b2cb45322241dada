import os

import django_on_heroku

BASE_DIR = os.path.dirname(os.path.abspath(__file__))
SECRET_KEY = "inside"
ALLOWED_HOSTS = []
MIDDLEWARE = [
    "a.Middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}, "other": {}}
django_on_heroku.settings(locals())
AFTER = ALLOWED_HOSTS
