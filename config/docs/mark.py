"""The icon of browser tabs, in the brand's colour."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.dashboard.brand import contrast

KEPT = "public, max-age=3600"
INKS = ("#ffffff", "#10201d")
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{colour}"/>'
    '<path d="M8 9.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H15l-5 4v-4H8A1.5 1.5 0 0 1 6.5 20v-9A1.5 1.5 0 0 1 '
    '8 9.5z" fill="{ink}"/><path d="M11 14h10M11 17.3h6" stroke="{colour}" stroke-width="1.8" stroke-linecap="round"/></svg>'
)


def ink(colour: str) -> str:
    """White or dark, whichever is better read on a colour `#rrggbb`."""
    return max(INKS, key=lambda one: contrast(colour, one))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """GET `/favicon.svg`."""
    colour = settings.BRAND_COLOR
    answer = HttpResponse(FAVICON.format(colour=colour, ink=ink(colour)), content_type="image/svg+xml")
    answer["Cache-Control"] = KEPT
    return answer
