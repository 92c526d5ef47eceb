"""Tags of the dashboard's templates: icons, states, instants, fields and links that keep the other filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy

register = template.Library()
DIRECTED = frozenset(
    {
        "arrow-right",
        "arrow-left",
        "chevron-right",
        "chevron-left",
        "send",
        "log-out",
        "undo-2",
        "arrow-up-right",
    }
)
STATES = {
    "scheduled": ("busy", pgettext_lazy("state", "Scheduled")),
    "queued": ("busy", pgettext_lazy("state", "Queued")),
    "uncertain": ("warn", pgettext_lazy("state", "Not confirmed")),
    "sent": ("busy", pgettext_lazy("state", "Sent")),
    "delivered": ("good", pgettext_lazy("state", "Delivered")),
    "undeliverable": ("bad", pgettext_lazy("state", "Not delivered")),
    "failed": ("bad", pgettext_lazy("state", "Failed")),
    "expired": ("bad", pgettext_lazy("state", "Expired")),
    "cancelled": ("", pgettext_lazy("state", "Cancelled")),
    "draft": ("", pgettext_lazy("state", "Draft")),
    "running": ("busy", pgettext_lazy("state", "Running")),
    "paused": ("warn", pgettext_lazy("state", "Paused")),
    "completed": ("good", pgettext_lazy("state", "Completed")),
    "pending": ("warn", pgettext_lazy("state", "Pending")),
    "approved": ("good", pgettext_lazy("state", "Approved")),
    "rejected": ("bad", pgettext_lazy("state", "Rejected")),
    "paid": ("good", pgettext_lazy("state", "Paid")),
    "active": ("good", pgettext_lazy("state", "Active")),
    "inactive": ("", pgettext_lazy("state", "Inactive")),
    "verified": ("good", pgettext_lazy("state", "Verified")),
    "dead": ("bad", pgettext_lazy("state", "Given up")),
    "done": ("good", pgettext_lazy("state", "Done")),
}


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it says what it is."""
    directed = " icon-directed" if name in DIRECTED else ""
    sprite = static("design/icons.svg")
    return format_html(
        '<svg class="icon{} {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        directed, classes, sprite, name,
    )  # fmt: skip


@register.simple_tag
def state(value: str) -> SafeString:
    """The badge of a state, in words and colour."""
    tone, text = STATES.get(str(value), ("", value))
    return format_html('<span class="state {}">{}</span>', f"state-{tone}" if tone else "", text)


@register.simple_tag(takes_context=True)
def instant(context: dict[str, Any], value: datetime | None, form: str = "short") -> SafeString | str:
    """An instant in the account's time zone: `short` (20 Nov, 14:05) or `long` (with year and seconds)."""
    if value is None:
        return "–"
    place = getattr(context.get("request"), "place", None)
    zone = ZoneInfo(place.account.time_zone) if place else timezone.get_current_timezone()
    local = value.astimezone(zone)
    text = date_format(local, "j M, H:i" if form == "short" else "j M Y, H:i:s")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        local.isoformat(sep=" ", timespec="seconds"),
        text,
    )


@register.simple_tag(takes_context=True)
def link_with(context: dict[str, Any], **changes: object) -> str:
    """The address of this page with some query parameters changed (None or empty removes one)."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.inclusion_tag("dashboard/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, object]:
    """A form field: label, hint, control and its errors, tied together for screen readers."""
    described = [f"{bound.id_for_label}-hint"] if hint or bound.help_text else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-error")
    attributes: dict[str, str | bool] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    single = getattr(bound.field.widget, "input_type", "") == "checkbox"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": hint or bound.help_text,
        "single": single,
    }


@register.filter
def ltr(value: object) -> SafeString:
    """A number, address or code that reads from left to right in every language."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


@register.filter
def phone(value: str) -> SafeString:
    """An E.164 number with the spaces that people read it by."""
    try:
        shown = phonenumbers.format_number(
            phonenumbers.parse(value), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        shown = value
    return ltr(shown)


@register.simple_tag
def money(amount: object, currency: str) -> str:
    """An amount with its currency, two places, or four where it has them."""
    text = f"{amount:,.4f}"
    whole, _, places = text.partition(".")
    kept = places[:2] + places[2:].rstrip("0")
    return gettext("%(amount)s %(currency)s") % {
        "amount": f"{whole}.{kept}".replace(",", " "),
        "currency": currency,
    }
