"""The brand on pages: its colour as CSS variables, and the favicon drawn in it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

KEPT = "public, max-age=3600"
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{colour}"/>'
    '<path d="M8 9.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H15l-5 4v-4H8A1.5 1.5 0 0 1 6.5 20v-9A1.5 1.5 0 0 1 '
    '8 9.5z" fill="{ink}"/><path d="M11 14h10M11 17.3h6" stroke="{colour}" stroke-width="1.8" stroke-linecap="round"/></svg>'
)
STYLES = ":root {{ --brand: {colour}; --on-brand: {ink}; }}\n"


def ink(colour: str) -> str:
    """Black or white, whichever is better read on a colour `#rrggbb` (contrast of WCAG 2, 1.4.3)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon of browser tabs."""
    return _drawn(FAVICON, "image/svg+xml")


@require_safe
def styles(request: HttpRequest) -> HttpResponse:
    """The brand's colours as a style sheet: pages carry no inline style."""
    return _drawn(STYLES, "text/css; charset=utf-8")


def _drawn(form: str, content_type: str) -> HttpResponse:
    colour = settings.BRAND_COLOUR
    answer = HttpResponse(form.format(colour=colour, ink=ink(colour)), content_type=content_type)
    answer["Cache-Control"] = KEPT
    return answer
