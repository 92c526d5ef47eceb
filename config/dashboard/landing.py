"""The public front page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SAMPLE = """curl {url}/v1/messages \\
  -H "Authorization: Bearer {prefix}_test_…" \\
  -H "Content-Type: application/json" \\
  -d '{{"to": "+212600000000", "message": "Bonjour"}}'"""


def landing(request: HttpRequest) -> HttpResponse:
    """GET `/`."""
    sample = SAMPLE.format(url=settings.PUBLIC_URL, prefix=settings.BRAND_KEY_PREFIX)
    return render(request, "dashboard/landing.html", {"sample": sample, "signup_open": settings.SIGNUP_OPEN})
