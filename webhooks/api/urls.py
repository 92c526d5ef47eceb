"""Addresses of the webhooks API, under `/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from webhooks.api.deliveries import DeliveryViewSet
from webhooks.api.endpoints import EndpointViewSet

urlpatterns: list[URLPattern] = [
    path("webhooks", EndpointViewSet.as_view({"get": "list", "post": "create"}), name="webhooks"),
    path(
        "webhooks/<str:id>",
        EndpointViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="webhook",
    ),
    path("webhooks/<str:id>/test", EndpointViewSet.as_view({"post": "test"}), name="webhook-test"),
    path("webhooks/<str:id>/rotate", EndpointViewSet.as_view({"post": "rotate"}), name="webhook-rotate"),
    path("webhooks/<str:id>/replay", DeliveryViewSet.as_view({"post": "replay"}), name="webhook-replay"),
    path("webhooks/<str:id>/deliveries", DeliveryViewSet.as_view({"get": "list"}), name="webhook-deliveries"),
    path(
        "webhooks/<str:id>/deliveries/<str:event_id>",
        DeliveryViewSet.as_view({"get": "retrieve"}),
        name="webhook-delivery",
    ),
    path(
        "webhooks/<str:id>/deliveries/<str:event_id>/replay",
        DeliveryViewSet.as_view({"post": "replay_one"}),
        name="webhook-delivery-replay",
    ),
]
