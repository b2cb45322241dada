from .base import *

DEBUG = True
SECRET_KEY = "for this machine only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
