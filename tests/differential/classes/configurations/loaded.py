"""Loads `conf` as django-configurations does, without what it copies of Django's defaults."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf")
os.environ.setdefault("DJANGO_CONFIGURATION", "Production")

from configurations import importer
from django.conf import global_settings

importer.install()

import conf

for _name, _value in vars(conf).items():
    if not (hasattr(global_settings, _name) and _value == getattr(global_settings, _name)) and _name != "DOTENV_LOADED":
        globals()[_name] = _value
