"""A message's timeline: what happened to it, in order, from rows that exist anyway. Five short queries, whatever the size."""

from datetime import datetime
from typing import Any, NamedTuple

from accounts.api.rendering import instant
from messaging.models import Attempt, Carrier, ReceiptRecord
from messaging.models.message import Message
from webhooks.models import Delivery, Event

MOST = 100


class Story(NamedTuple):
    """The timeline; the carrier's own id of the message and its own code for a failure, when they are known."""

    steps: list[dict[str, object]]
    upstream_id: str | None
    carrier_code: str | None


def of(message: Message) -> Story:
    """What happened to a message."""
    attempts = list(Attempt.objects.filter(message_id=message.id).order_by("number")[:MOST])
    receipts = list(ReceiptRecord.objects.filter(message_id=message.id, tries__gt=0).order_by("id")[:MOST])
    events = list(Event.objects.filter(subject_id=message.id).values_list("id", flat=True)[:MOST])
    deliveries = list(Delivery.objects.filter(event_id__in=events).order_by("event_id")[:MOST])
    names = dict(Carrier.objects.filter(pk__in={a.carrier_id for a in attempts}).values_list("pk", "name"))
    steps: list[tuple[datetime, dict[str, object]]] = [(message.created_at, {"event": "accepted"})]
    if message.scheduled_at:
        steps.append((message.created_at, {"event": "scheduled", "for": instant(message.scheduled_at)}))
    for attempt in attempts:
        steps.extend(_attempt(attempt, names))
    steps.extend((r.received_at, _receipt(r)) for r in receipts)
    if message.final_at:
        steps.append((message.final_at, {"event": message.status, "reason": message.error_code}))
    steps.extend(_delivery(d) for d in deliveries if d.done_at)
    steps.sort(key=lambda step: step[0])
    reference = next((a.reference for a in reversed(attempts) if a.reference), None)
    shown = [{"at": instant(at), **step} for at, step in steps]
    return Story(shown, reference, _carrier_code(attempts, receipts))


def _carrier_code(attempts: list[Attempt], receipts: list[ReceiptRecord]) -> str | None:
    """The code of the receipt that was believed, else of the last attempt."""
    believed = [r.code for r in receipts if r.state == ReceiptRecord.State.APPLIED and r.code]
    tried = [a.code for a in attempts if a.code]
    return next(iter([*reversed(believed), *reversed(tried)]), None)


def _attempt(attempt: Attempt, names: dict[int, str]) -> list[tuple[datetime, dict[str, object]]]:
    shown: dict[str, Any] = {"attempt": attempt.number, "route": names.get(attempt.carrier_id)}
    steps = [(attempt.started_at, {"event": "submitting", **shown})]
    if attempt.ended_at:
        steps.append(
            (attempt.ended_at, {"event": f"submit_{attempt.outcome}", **shown, "code": attempt.code or None})
        )
    return steps


def _receipt(receipt: ReceiptRecord) -> dict[str, object]:
    return {
        "event": "receipt",
        "status": receipt.status,
        "code": receipt.code or None,
        "applied": receipt.state == ReceiptRecord.State.APPLIED,
    }


def _delivery(delivery: Delivery) -> tuple[datetime, dict[str, object]]:
    at = delivery.done_at or delivery.created_at
    return at, {
        "event": "webhook",
        "type": delivery.type,
        "state": delivery.state,
        "status": delivery.last_status,
    }
