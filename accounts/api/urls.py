"""Addresses of the accounts API, under `/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api.keys import ApiKeyViewSet

urlpatterns: list[URLPattern] = [
    path("api-keys", ApiKeyViewSet.as_view({"get": "list", "post": "create"}), name="api-keys"),
    path(
        "api-keys/<str:id>",
        ApiKeyViewSet.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="api-key",
    ),
]
