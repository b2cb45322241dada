from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from .models import Message


@login_required
def room(request):
    messages = Message.objects.select_related("author").order_by("-sent_at")[:50]
    return render(request, "chat/room.html", {"messages": reversed(messages)})
