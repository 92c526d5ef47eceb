"""Addresses of one-time codes, under `/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from verify.api.lookup import LookupViewSet
from verify.api.sessions import SessionViewSet

urlpatterns: list[URLPattern] = [
    path("verify/send", SessionViewSet.as_view({"post": "send"}), name="verify-send"),
    path("verify/check", SessionViewSet.as_view({"post": "check"}), name="verify-check"),
    path("verify/lookup", LookupViewSet.as_view({"post": "lookup"}), name="verify-lookup"),
    path("verify/<str:id>", SessionViewSet.as_view({"get": "retrieve"}), name="verify-session"),
]
