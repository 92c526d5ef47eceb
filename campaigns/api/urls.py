"""Addresses of the campaigns API, under `/v1/`."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from campaigns.api.campaigns import CampaignViewSet

ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
urlpatterns: list[URLPattern] = [
    path("campaigns", CampaignViewSet.as_view({"get": "list", "post": "create"}), name="campaigns"),
    path("campaigns/<str:id>", CampaignViewSet.as_view(ONE), name="campaign"),
    path("campaigns/<str:id>/send", CampaignViewSet.as_view({"post": "send"}), name="campaign-send"),
    path("campaigns/<str:id>/pause", CampaignViewSet.as_view({"post": "pause"}), name="campaign-pause"),
    path("campaigns/<str:id>/resume", CampaignViewSet.as_view({"post": "resume"}), name="campaign-resume"),
    path("campaigns/<str:id>/cancel", CampaignViewSet.as_view({"post": "cancel"}), name="campaign-cancel"),
    path(
        "campaigns/<str:id>/estimate", CampaignViewSet.as_view({"post": "estimate"}), name="campaign-estimate"
    ),
    path(
        "campaigns/<str:id>/recipients",
        CampaignViewSet.as_view({"get": "recipients"}),
        name="campaign-recipients",
    ),
]
