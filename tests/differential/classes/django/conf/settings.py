import numbers
import pathlib
from collections.abc import Iterable, Mapping, MutableSet, Sequence

import django.conf.global_settings
from django.conf import global_settings
from django.conf.global_settings import *
from django.conf.global_settings import CACHES as DEFAULT_CACHES

BACKENDS = global_settings.AUTHENTICATION_BACKENDS + ["accounts.backends.EmailBackend"]
LANGUAGES = [language for language in global_settings.LANGUAGES if language[0] in ("de", "en")]
SESSION_COOKIE_AGE = django.conf.global_settings.SESSION_COOKIE_AGE * 2
DEFAULT_CACHES["other"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
OTHER = global_settings.CACHES["other"]
USE_TZ_BEFORE = USE_TZ

try:
    from django.conf.global_settings import DEFAULT_FILE_STORAGE
except ImportError:
    DEFAULT_FILE_STORAGE = "gone"


class Plain:
    pass


class Child(Plain):
    pass


class Text(str):
    pass


CLASSES = [
    isinstance(value, cls)
    for value in ({}, [], (), "", b"", 1, True, 1.5, None, set(), Plain(), Child(), pathlib.Path("x"))
    for cls in (Mapping, Sequence, Iterable, MutableSet, numbers.Number, dict, (list, (tuple, str)), Plain, object, pathlib.PurePath)
]
IS_TEXT = isinstance(Text, type)
OF_CLASS = isinstance(Child, type)
