"""Posting again: any event of the last thirty days, to an endpoint that asks for it (promise P8). It also
reaches events of a time when the endpoint was switched off, for which nothing was owed then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import created_at, floor_of
from accounts.refusals import Code, Refused
from webhooks.event_names import TEST, Change, event_name, wants
from webhooks.models import Delivery, Endpoint, Event

KEPT = timedelta(days=30)
MOST_EVENTS = 10_000
CHANGES: dict[str, Change] = {f"message.{change}": change for change in get_args(Change)}

# What waits or is under way already is left alone; everything else begins its schedule anew.
OWE = """
INSERT INTO webhooks_delivery AS d (event_id, endpoint_id, subject_id, type)
SELECT r.event_id, %(endpoint)s, r.subject_id, r.type
  FROM unnest(%(events)s::uuid[], %(subjects)s::uuid[], %(types)s::text[]) AS r(event_id, subject_id, type)
ON CONFLICT (event_id, endpoint_id) DO UPDATE
   SET state = 'pending', attempts = 0, next_at = now(), lease_owner = NULL, done_at = NULL
 WHERE d.state <> 'pending'"""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay came to: how many events are owed again, and from when to go on if there were too
    many."""

    queued: int
    next_since: datetime | None


def oldest() -> UUID:
    """The smallest id of an event that is still kept for replay."""
    return floor_of(datetime.now(UTC) - KEPT)


def since(endpoint: Endpoint, instant: datetime) -> Replay:
    """Owe the endpoint again every event it subscribes to since `instant` (aware), oldest first, at most
    ten thousand.

    Raises `Refused(INVALID_STATE)` if it is switched off.
    """
    _check_active(endpoint)
    first = max(floor_of(instant), oldest())
    rows = (
        Event.objects.filter(account_id=endpoint.account_id, id__gte=first).exclude(type=TEST).order_by("id")
    )
    found = list(rows.values_list("id", "subject_id", "type")[: MOST_EVENTS + 1])
    batch = found[:MOST_EVENTS]
    owed = [
        (event_id, subject_id, name)
        for event_id, subject_id, event_type in batch
        if (name := name_for(endpoint, event_type))
    ]
    queued = _owe(endpoint, owed)
    return Replay(queued, created_at(found[-1][0]) if len(found) > len(batch) else None)


def one(endpoint: Endpoint, event_id: UUID) -> None:
    """Owe the endpoint one event again, whatever it subscribes to.

    Raises `Refused(NOT_FOUND)` for an event that is not the account's or no longer kept,
    `Refused(INVALID_STATE)` for an endpoint that is switched off.
    """
    event = Event.objects.filter(account_id=endpoint.account_id, id=event_id, id__gte=oldest()).first()
    if event is None:
        raise Refused(Code.NOT_FOUND, "No such event.")
    _check_active(endpoint)
    before = (
        Delivery.objects.filter(event_id=event.id, endpoint=endpoint).values_list("type", flat=True).first()
    )
    _owe(endpoint, [(event.id, event.subject_id, before or name_for(endpoint, event.type) or event.type)])


def name_for(endpoint: Endpoint, event_type: str) -> str | None:
    """The name under which an endpoint learns of an event of this type, None if it did not subscribe to
    it."""
    if change := CHANGES.get(event_type):
        return event_name(endpoint.events, change, endpoint.profile)
    return event_type if wants(endpoint.events, event_type) else None


def _check_active(endpoint: Endpoint) -> None:
    if not endpoint.active:
        raise Refused(Code.INVALID_STATE, "The webhook is switched off: switch it on, then replay.")


def _owe(endpoint: Endpoint, owed: Sequence[tuple[UUID, UUID, str]]) -> int:
    if not owed:
        return 0
    parameters: dict[str, UUID | list[Any]] = {
        "endpoint": endpoint.id,
        "events": [event_id for event_id, _, _ in owed],
        "subjects": [subject_id for _, subject_id, _ in owed],
        "types": [name for _, _, name in owed],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OWE, parameters)
        return int(cursor.rowcount)
