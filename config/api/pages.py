"""Pages about the API: the interactive reference (Swagger UI from our own files) and the table of errors."""

from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.api.errors import TABLE


@csp_update({"style-src": ["'unsafe-inline'"]})
def reference(request: HttpRequest) -> HttpResponse:
    """The reference. Swagger UI writes style attributes, hence the one exception to our policy."""
    return render(request, "api/reference.html", {"brand": settings.BRAND_NAME})


def errors(request: HttpRequest) -> HttpResponse:
    """What each code means; the `docs` link of every error points to its row."""
    rows = [(code.value, meaning) for code, meaning in sorted(TABLE.items(), key=lambda item: item[1].status)]
    return render(request, "api/errors.html", {"brand": settings.BRAND_NAME, "rows": rows})


def index(request: HttpRequest) -> HttpResponse:
    """The way in to the documentation."""
    return redirect("reference")
