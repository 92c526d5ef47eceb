"""The addresses of the pages about messages, below `/dashboard/`."""

from django.urls import path

from messaging.views import messages, send

urlpatterns = [
    path("messages/", messages.listed, name="page-messages"),
    path("messages/<str:shown_id>", messages.one, name="page-message"),
    path("messages/<str:shown_id>/cancel", messages.stop, name="page-message-cancel"),
    path("send/", send.send, name="page-send"),
    path("send/count", send.count, name="page-send-count"),
]
