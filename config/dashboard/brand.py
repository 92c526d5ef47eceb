"""The colours of the installation as a stylesheet, since no page may carry styles of its own (content security policy)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control


def _shade(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    # WCAG 2.2, relative luminance.
    parts = [value / 255 for value in _shade(colour)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as `#0b6b5d` (WCAG 2.2: at least 4.5 for text)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _text_on(colour: str) -> str:
    return max(("#ffffff", "#10201d"), key=lambda text: contrast(colour, text))


@cache_control(public=True, max_age=300)
def stylesheet(request: HttpRequest) -> HttpResponse:
    """GET `/brand.css`."""
    light, dark = settings.BRAND_COLOR, settings.BRAND_COLOR_DARK
    body = (
        f":root{{--brand:{light};--brand-content:{_text_on(light)};"
        f"--brand-dark:{dark};--brand-dark-content:{_text_on(dark)}}}\n"
    )
    return HttpResponse(body, content_type="text/css; charset=utf-8")
