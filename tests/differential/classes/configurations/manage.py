import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf")
os.environ.setdefault("DJANGO_CONFIGURATION", "Production")
