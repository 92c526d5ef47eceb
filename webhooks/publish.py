"""Publish: write events, and the deliveries owed for them, in the transaction of the change itself. Nothing is sent here;
`deliver.py` posts what these rows owe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import structlog
from django.db import connection
from django.db.models import Count

from accounts.ids import new_id
from webhooks.event_names import Change, event_name, wants
from webhooks.models import Endpoint

log = structlog.get_logger()
CALLBACK_EVENTS = ("message.*",)
MOST_CALLBACK_ORIGINS = 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """One change to tell of. `change` is a message's new state, or None with `type` naming another event.

    `sequence` lets receivers ignore older news: it only grows over a subject's life. `callback_url` is the address named
    in the message itself, "" if none.
    """

    subject_id: UUID
    account_id: UUID
    mode: str
    sequence: int
    payload: Mapping[str, object]
    change: Change | None = None
    type: str = ""
    callback_url: str = ""
    callback_profile: str = "standard"

    @property
    def event_type(self) -> str:
        return f"message.{self.change}" if self.change else self.type


INSERT_EVENTS = """
INSERT INTO webhooks_event (id, account_id, subject_id, type, sequence, mode, payload)
SELECT * FROM ROWS FROM (unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::smallint[], %s::text[]),
                         jsonb_array_elements(%s::jsonb)) AS c
ON CONFLICT DO NOTHING RETURNING id
"""
ENDPOINTS = """
SELECT id, account_id, events, profile FROM webhooks_endpoint
 WHERE account_id = ANY(%s::uuid[]) AND active AND kind = 'registered'
"""
INSERT_DELIVERIES = """
INSERT INTO webhooks_delivery (event_id, endpoint_id, subject_id, type, url)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])
ON CONFLICT DO NOTHING
"""


def events(happenings: Sequence[Happening]) -> int:
    """Write the events and their deliveries, in the caller's transaction. Returns how many deliveries are owed."""
    if not happenings:
        return 0
    made = [(new_id(), happening) for happening in happenings]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_EVENTS,
            [
                [event_id for event_id, _ in made],
                [h.account_id for _, h in made],
                [h.subject_id for _, h in made],
                [h.event_type for _, h in made],
                [h.sequence for _, h in made],
                [h.mode for _, h in made],
                # One JSON array: an array of JSON texts would be escaped quote by quote on its way.
                orjson.dumps([h.payload for _, h in made]).decode(),
            ],
        )
        written = {row[0] for row in cursor.fetchall()}
        made = [(event_id, happening) for event_id, happening in made if event_id in written]
        owed = _owed(made)
        if owed:
            cursor.execute(INSERT_DELIVERIES, [list(column) for column in zip(*owed, strict=True)])
    return len(owed)


def _owed(made: Sequence[tuple[UUID, Happening]]) -> list[tuple[UUID, UUID, UUID, str, str]]:
    """(event, endpoint, subject, name, url) of each delivery."""
    with connection.cursor() as cursor:
        cursor.execute(ENDPOINTS, [list({h.account_id for _, h in made})])
        endpoints: dict[UUID, list[tuple[UUID, list[str], str]]] = {}
        for endpoint_id, account_id, subscribed, profile in cursor.fetchall():
            endpoints.setdefault(account_id, []).append((endpoint_id, subscribed, profile))
    owed = []
    for event_id, happening in made:
        for endpoint_id, subscribed, profile in endpoints.get(happening.account_id, ()):
            name = _name(happening, subscribed, profile)
            if name:
                owed.append((event_id, endpoint_id, happening.subject_id, name, ""))
    callbacks = _callback_endpoints({_callback(h) for _, h in made if h.callback_url})
    for event_id, h in made:
        endpoint = callbacks.get(_callback(h)) if h.callback_url else None
        name = _name(h, CALLBACK_EVENTS, h.callback_profile)
        if endpoint and name:
            owed.append((event_id, endpoint, h.subject_id, name, h.callback_url))
    return owed


def _name(happening: Happening, subscribed: Sequence[str], profile: str) -> str | None:
    if happening.change:
        return event_name(subscribed, happening.change, profile)
    return happening.type if wants(subscribed, happening.type, profile) else None


Callback = tuple[UUID, str, str]


def _callback(happening: Happening) -> Callback:
    """(account, origin, profile) of the address named in a message."""
    parts = urlsplit(happening.callback_url)
    return happening.account_id, f"{parts.scheme}://{parts.netloc}", happening.callback_profile


def _callback_endpoints(wanted: set[Callback]) -> dict[Callback, UUID]:
    """The endpoints that stand for the origins of `callback_url`s, made when first needed; disabled ones are left out."""
    known = _existing_callbacks(wanted)
    missing = wanted - known.keys()
    if not missing:
        return {callback: row.id for callback, row in known.items() if row.active}
    full = _with_too_many({account_id for account_id, _, _ in missing})
    Endpoint.objects.bulk_create(
        [
            Endpoint(
                account_id=account_id,
                kind=Endpoint.Kind.CALLBACK,
                url=origin,
                profile=profile,
                events=list(CALLBACK_EVENTS),
            )
            for account_id, origin, profile in sorted(missing, key=str)
            if account_id not in full
        ],
        ignore_conflicts=True,
    )
    known |= _existing_callbacks(missing)
    return {callback: row.id for callback, row in known.items() if row.active}


def _with_too_many(account_ids: set[UUID]) -> set[UUID]:
    """Accounts that have named so many origins that further ones are told nothing: every look for due deliveries goes
    through all endpoints, so one account's must not grow with its messages."""
    owned = Endpoint.objects.filter(kind=Endpoint.Kind.CALLBACK, account_id__in=account_ids)
    counted = owned.order_by().values_list("account_id").annotate(origins=Count("id"))
    full = {account_id for account_id, origins in counted if origins >= MOST_CALLBACK_ORIGINS}
    for account_id in full:
        log.warning("an account names too many callback origins", account_id=str(account_id))
    return full


def _existing_callbacks(wanted: set[Callback]) -> dict[Callback, Endpoint]:
    if not wanted:
        return {}
    rows = Endpoint.objects.filter(
        kind=Endpoint.Kind.CALLBACK,
        account_id__in={account_id for account_id, _, _ in wanted},
        url__in={origin for _, origin, _ in wanted},
    )
    found = {(row.account_id, row.url, row.profile): row for row in rows}
    return {callback: row for callback, row in found.items() if callback in wanted}
