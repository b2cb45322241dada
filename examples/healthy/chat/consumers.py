from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from .models import Message


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        if not self.scope["user"].is_authenticated:
            await self.close(code=4401)
            return
        await self.channel_layer.group_add("chat", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard("chat", self.channel_name)

    async def receive_json(self, content):
        user = self.scope["user"]
        text = str(content.get("text", ""))
        await database_sync_to_async(Message.objects.create)(author=user, text=text)
        message = {"author": user.get_username(), "text": text}
        await self.channel_layer.group_send("chat", {"type": "chat.message", "message": message})

    async def chat_message(self, event):
        await self.send_json(event["message"])
