import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

from .consumers import Chat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

routes = [path("chat/<str:room>/", Chat.as_asgi())]
if os.environ.get("LOBBY"):
    routes.append(re_path(r"^#lobby$", Chat))


def with_token(inner):
    return inner if os.environ.get("OPEN") else OriginValidator(inner, ["https://example.com"])


application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": with_token(URLRouter(routes)),
    }
)
