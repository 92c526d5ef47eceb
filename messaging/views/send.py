"""Send a message from the browser: what it will cost stands beside the text before anything is sent."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import ids
from accounts.caller import AccountFacts
from accounts.pages.place import Place, enter
from accounts.pages.roles import May
from accounts.refusals import Refused
from billing.pricing import price_of
from messaging import text as texts
from messaging.models.message import Lane
from messaging.sending import accept
from messaging.sending.draft import MAX_CHARACTERS, Draft, Sender


class SendForm(forms.Form):
    """One message. `key` makes a second press of the button send nothing."""

    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=24,
        help_text=gettext_lazy("A mobile number, such as 06 12 34 56 78 or +212 6 12 34 56 78."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}),
    )
    sender = forms.CharField(
        label=gettext_lazy("From"),
        required=False,
        max_length=16,
        help_text=gettext_lazy("Up to 11 letters and digits. Left empty: your usual sender."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)


def measured(place: Place, body: str) -> dict[str, Any]:
    """What a text comes to: characters, encoding, segments, the price of each in the account's own country, and the
    characters that make it dear."""
    cleaned = texts.clean(body)
    measure = texts.measure(cleaned) if cleaned else None
    facts = price_of(place.account.plan, place.account.country, "sms")
    price = facts.in_currency(place.account.currency) if facts else None
    dear = texts.unicode_savings(cleaned) if measure and measure.encoding == "ucs2" else {}
    return {
        "body": cleaned,
        "characters": len(cleaned),
        "most": MAX_CHARACTERS,
        "measure": measure,
        "price": None if price is None or measure is None else price * measure.segments,
        "currency": place.account.currency,
        "dear": list(dear.items())[:5],
    }


@require_POST
@enter(May.SEND)
def count(request: HttpRequest, place: Place) -> HttpResponse:
    """POST `/dashboard/send/count`: the counter beside the text, as a fragment."""
    body = request.POST.get("text", "")[: 2 * MAX_CHARACTERS]
    return render(request, "messaging/counter.html", measured(place, body))


@enter(May.SEND)
def send(request: HttpRequest, place: Place) -> HttpResponse:
    """GET and POST `/dashboard/send/`."""
    form = SendForm(
        request.POST or None, initial={"key": secrets.token_urlsafe(24), "to": request.GET.get("to", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            message_id = _accept(place, form.cleaned_data)
        except Refused as refused:
            field = {"to": "to", "from": "sender", "message": "text"}.get(refused.param or "")
            form.add_error(field, refused.detail)
        else:
            messages.success(request, _("Your message is on its way."))
            return redirect("page-message", shown_id=message_id)
    body = form["text"].value() or ""
    return render(request, "messaging/send.html", {"form": form, **measured(place, str(body))})


def _accept(place: Place, wanted: dict[str, str]) -> str:
    sender = Sender(
        account=AccountFacts.of(place.account), mode=place.mode, lane=Lane.NORMAL, actor=place.actor
    )
    draft = Draft(to=wanted["to"], text=wanted["text"], sender=wanted["sender"])
    order = accept.order(sender, [draft])
    order.idempotency = accept.Idempotency(
        f"page-{wanted['key']}",
        hashlib.sha256(repr(sorted(wanted.items())).encode()).digest(),
        lambda taken: {"id": ids.show("message", taken.ready[0].id)},
    )
    answer = accept.batch([order])[0]
    if isinstance(answer, Refused):
        raise answer
    if isinstance(answer, accept.Replayed):
        return str(answer.answer["id"])
    return ids.show("message", answer.ready[0].id)
