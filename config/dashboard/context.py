"""What every page knows: the brand, the reader's theme, and in the dashboard the place, the menu and the balance."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from billing.models import Ledger
from config.dashboard import menu

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of all templates."""
    theme = request.COOKIES.get("theme", "")
    known: dict[str, Any] = {
        "brand": settings.BRAND_NAME,
        "brand_logo": settings.BRAND_LOGO_URL,
        "docs_url": settings.BRAND_DOCS_URL,
        "theme": theme if theme in THEMES else "",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "languages": settings.LANGUAGES,
    }
    place = getattr(request, "place", None)
    if place is not None:
        known["place"] = place
        known["menu"] = menu.shown(place, request.path)
        known["ledger"] = SimpleLazyObject(lambda: Ledger.objects.get(account_id=place.account.id))
    return known
