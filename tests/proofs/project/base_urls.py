"""A view that answers, and one that is posted to."""

from django.http import HttpResponse
from django.urls import path


def index(request):
    return HttpResponse(f"scheme={request.scheme}")


urlpatterns = [path("", index)]
