"""Addresses of the messages API, under `/v1/`."""

from django.urls import URLPattern, path

from accounts.api.lean import lean
from messaging.api import sending
from messaging.api.messages import MessageViewSet

urlpatterns: list[URLPattern] = [
    path(
        "messages",
        lean(MessageViewSet.as_view({"get": "list", "post": "create"}), post=sending.create),
        name="messages",
    ),
    path(
        "messages/bulk",
        lean(MessageViewSet.as_view({"post": "bulk"}), post=sending.create_bulk),
        name="messages-bulk",
    ),
    path("messages/<str:id>", MessageViewSet.as_view({"get": "retrieve"}), name="message"),
    path("messages/<str:id>/cancel", MessageViewSet.as_view({"post": "cancel"}), name="message-cancel"),
]
