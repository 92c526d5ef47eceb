"""Operators' page of one carrier that is tried without sending: the request it would make, and what an answer or a callback
that is pasted in would be taken for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.refusals import Refused
from messaging import rehearsing
from messaging.models import Carrier

LONGEST = 64 * 1024
KINDS = (("answer", "an answer to a request"), ("callback", "a callback with receipts"))


class TryForm(forms.Form):
    """A message to be shown as a request, and something that came back."""

    to = forms.CharField(initial="+212612345678", max_length=16, widget=UnfoldAdminTextInputWidget)
    sender = forms.CharField(initial="RISALA", max_length=16, widget=UnfoldAdminTextInputWidget)
    text = forms.CharField(
        initial="Bonjour", max_length=1600, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )
    pasted = forms.CharField(
        label="What came back",
        required=False,
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="A body, as the provider's documents show it. Nothing is sent and nothing is kept.",
    )
    is_a = forms.ChoiceField(label="It is", choices=KINDS, widget=UnfoldAdminSelectWidget)
    status = forms.IntegerField(
        label="HTTP status of the answer",
        initial=200,
        min_value=100,
        max_value=599,
        widget=UnfoldAdminIntegerFieldWidget,
    )


def page(admin: ModelAdmin[Any], request: HttpRequest, carrier_id: str) -> TemplateResponse:
    """The page; after a POST with what was asked."""
    carrier = get_object_or_404(Carrier, pk=carrier_id)
    form = TryForm(request.POST or None)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Try {carrier.name}",
        "opts": admin.opts,
        "form": form,
        "back": reverse("admin:messaging_carrier_change", args=[carrier.pk]),
        "found": _found(carrier, form) if form.is_valid() else [],
    }
    return TemplateResponse(request, "admin/messaging/try.html", context)


def _found(carrier: Carrier, form: TryForm) -> list[tuple[str, str]]:
    given = form.cleaned_data
    try:
        shown = rehearsing.request(carrier, to=given["to"], message=given["text"], sender=given["sender"])
        found = [("The request", shown)]
        if given["pasted"]:
            found.append(("It would be taken for", _meaning(carrier, given)))
    except Refused as refused:
        return [("Refused", refused.detail)]
    return found


def _meaning(carrier: Carrier, given: dict[str, Any]) -> str:
    if given["is_a"] == "callback":
        return "\n".join(map(rehearsing.told, rehearsing.callback(carrier, body=given["pasted"])))
    return rehearsing.told(rehearsing.answer(carrier, status=given["status"], body=given["pasted"]))
