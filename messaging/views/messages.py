"""The list of messages with its filters in the address, and one message with everything that happened to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts import ids
from accounts.pages.place import Place, enter
from accounts.pages.roles import May
from accounts.refusals import Refused
from billing.models import Entry
from messaging.api import reading, shapes, timeline
from messaging.models import Message
from messaging.models.message import RANK, Status, in_statuses
from messaging.sending import cancel
from messaging.sending.draft import CHANNELS

PAGE = 50
STEPS = {
    "accepted": gettext_lazy("Accepted and charged"),
    "scheduled": gettext_lazy("Scheduled"),
    "submitting": gettext_lazy("Handed to the carrier"),
    "submit_accepted": gettext_lazy("The carrier took it"),
    "submit_rejected": gettext_lazy("The carrier refused it"),
    "submit_retry": gettext_lazy("The carrier did not take it this time"),
    "submit_unknown": gettext_lazy("The carrier's answer was lost"),
    "submit_not_sent": gettext_lazy("Stopped before it was sent"),
    "receipt": gettext_lazy("The carrier reported"),
    "webhook": gettext_lazy("Your server was told"),
    "delivered": pgettext_lazy("state", "Delivered"),
    "undeliverable": pgettext_lazy("state", "Not delivered"),
    "failed": pgettext_lazy("state", "Failed"),
    "expired": pgettext_lazy("state", "Expired"),
    "cancelled": pgettext_lazy("state", "Cancelled"),
}


class Filters(forms.Form):
    """What the list can be narrowed by."""

    status = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("Any")), *Status.choices]
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        required=False,
        choices=[("", gettext_lazy("Any")), *((name, name) for name in CHANNELS)],
    )
    to = forms.CharField(label=gettext_lazy("Recipient"), required=False, max_length=24)


def _rows(place: Place, filters: Filters) -> Any:
    rows = Message.objects.filter(account_id=place.account.id, mode=place.mode).order_by("-id")
    wanted = filters.cleaned_data if filters.is_valid() else {}
    if wanted.get("status"):
        rows = in_statuses(rows, [wanted["status"]])
    if wanted.get("channel"):
        rows = rows.filter(channel=wanted["channel"])
    if wanted.get("to"):
        try:
            rows = rows.filter(to=reading.recipient(wanted["to"]))
        except Refused as refused:
            filters.add_error("to", refused.detail)
            rows = rows.none()
    return rows


def _position(text: str | None) -> UUID | None:
    try:
        return ids.read("message", text) if text else None
    except Refused:
        return None


@enter()
def listed(request: HttpRequest, place: Place) -> HttpResponse:
    """GET `/dashboard/messages/`."""
    filters = Filters(request.GET)
    rows = _rows(place, filters)
    before = _position(request.GET.get("before"))
    found = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    first = f"?{query.urlencode()}"
    older = ""
    if len(found) > PAGE:
        query["before"] = ids.show("message", found[PAGE - 1].id)
        older = f"?{query.urlencode()}"
    shown = [(row, ids.show("message", row.id)) for row in found[:PAGE]]
    narrowed = any(request.GET.get(name) for name in Filters.base_fields)
    context = {
        "rows": shown,
        "filters": filters,
        "older": older,
        "newer": first if before else "",
        "narrowed": narrowed,
    }
    return render(request, "messaging/messages.html", context)


def _found(place: Place, shown_id: str) -> Message:
    message_id = _position(shown_id)
    if message_id is None:
        raise Http404
    row = Message.objects.filter(account_id=place.account.id, mode=place.mode, id=message_id).first()
    if row is None:
        raise Http404
    return row


@enter()
def one(request: HttpRequest, place: Place, shown_id: str) -> HttpResponse:
    """GET `/dashboard/messages/<id>`."""
    row = _found(place, shown_id)
    story = timeline.of(row)
    steps: list[dict[str, object]] = [dict(step) for step in story.steps]
    for step in steps:
        step["label"] = STEPS.get(str(step["event"]), step["event"])
    references = [row.charge_reference, row.id]
    entries = Entry.objects.filter(account_id=place.account.id, reference__in=references).order_by("seq")[:10]
    context = {
        "row": row,
        "shown_id": shown_id,
        "steps": steps,
        "upstream_id": story.upstream_id,
        "reason": shapes.failure(row, request.LANGUAGE_CODE, story.carrier_code),
        "entries": entries,
        "can_cancel": row.rank <= RANK[Status.QUEUED] and place.may(May.SEND),
    }
    return render(request, "messaging/message.html", context)


@require_POST
@enter(May.SEND)
def stop(request: HttpRequest, place: Place, shown_id: str) -> HttpResponse:
    """POST `/dashboard/messages/<id>/cancel`."""
    row = _found(place, shown_id)
    try:
        cancel.one(place.account.id, place.mode, row.id)
    except Refused:
        messages.error(request, _("It is with the carrier already and cannot be cancelled any more."))
    else:
        messages.success(request, _("Cancelled, and its price is back in your balance."))
    return redirect("page-message", shown_id=shown_id)
