from django.contrib.auth.views import LoginView
from django.urls import path

from chat.views import room

urlpatterns = [
    path("login/", LoginView.as_view(template_name="chat/login.html"), name="login"),
    path("", room, name="room"),
]
