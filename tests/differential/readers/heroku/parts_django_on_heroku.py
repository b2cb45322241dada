from pathlib import Path

import django_on_heroku

BASE_DIR = Path(__file__).resolve().parent
ALLOWED_HOSTS = ["example.com"]
MIDDLEWARE = ["a.Middleware"]
django_on_heroku.settings(locals(), test_runner=False, staticfiles=False, allowed_hosts=False, logging=False)
