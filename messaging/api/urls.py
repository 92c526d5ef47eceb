"""Addresses of the messages API, under `/v1/`."""

from django.urls import URLPattern, path

from accounts.api.lean import lean
from messaging.api import sending
from messaging.api.analytics import AnalyticsViewSet
from messaging.api.inbound import InboundViewSet, SandboxViewSet
from messaging.api.messages import MessageViewSet
from messaging.api.templates import TemplateViewSet

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
    path("analytics", AnalyticsViewSet.as_view({"get": "retrieve"}), name="analytics"),
    path("inbound", InboundViewSet.as_view({"get": "list"}), name="inbound-messages"),
    path("inbound/<str:id>", InboundViewSet.as_view({"get": "retrieve"}), name="inbound-message"),
    path("sandbox/inbound", SandboxViewSet.as_view({"post": "inbound"}), name="sandbox-inbound"),
    path("templates", TemplateViewSet.as_view({"get": "list", "post": "create"}), name="templates"),
    path(
        "templates/<str:id>",
        TemplateViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="template",
    ),
    path("templates/<str:id>/submit", TemplateViewSet.as_view({"post": "submit"}), name="template-submit"),
    path("templates/<str:id>/preview", TemplateViewSet.as_view({"post": "preview"}), name="template-preview"),
]
