"""From claimed deliveries to posts: the facts of their events, rendered and ready to be signed. Two queries
for a whole batch; no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from accounts.vault import unseal
from webhooks import payloads
from webhooks.claim import Claimed
from webhooks.models import Endpoint, Event

EventRow = tuple[UUID, datetime, int, str, Any]
NO_EVENT = "The event is no longer kept."
NO_SECRET = "The secret of this endpoint cannot be read."  # noqa: S105 - a sentence
NO_JSON = "The event cannot be written as JSON."


@dataclass(frozen=True, slots=True)
class Job:
    """One post to make. `secrets` holds the newest first; `problem` is set when it cannot be made at all,
    and `lost` when no later try could either."""

    claimed: Claimed
    url: str
    profile: str
    secrets: tuple[str, ...]
    body: bytes
    failing: bool
    problem: str = ""
    lost: bool = False

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.claimed.event_id, self.claimed.endpoint_id


def jobs(claimed: Sequence[Claimed]) -> list[Job]:
    """The posts of `claimed`, in their order."""
    if not claimed:
        return []
    endpoints = Endpoint.objects.select_related("account").in_bulk({one.endpoint_id for one in claimed})
    # One row a post at thousands a second: plain rows are half the work of models.
    rows = Event.objects.filter(
        subject_id__in={one.subject_id for one in claimed}, id__in={one.event_id for one in claimed}
    ).values_list("id", "created_at", "sequence", "mode", "payload")
    events = {row[0]: row for row in rows}
    return [_job(one, endpoints[one.endpoint_id], events.get(one.event_id)) for one in claimed]


def _job(claimed: Claimed, endpoint: Endpoint, event: EventRow | None) -> Job:
    body, problem, lost = b"", "", False
    secrets: tuple[str, ...] = ()
    try:
        secrets = _secrets(endpoint, claimed.claimed_at)
    except ValueError:
        problem = NO_SECRET
    if event is None:
        problem, lost = NO_EVENT, True
    else:
        try:
            body = payloads.body(endpoint.profile, _facts(event, claimed.type))
        except ValueError:
            problem, lost = NO_JSON, True
    return Job(
        claimed=claimed,
        url=claimed.url or endpoint.url,
        profile=endpoint.profile,
        secrets=secrets,
        body=body,
        failing=endpoint.failing_since is not None,
        problem=problem,
        lost=lost,
    )


def _facts(event: EventRow, name: str) -> payloads.Facts:
    """An event under the `name` that an endpoint knows it by."""
    event_id, created_at, sequence, mode, payload = event
    return payloads.Facts(
        id=str(event_id), type=name, created_at=created_at, sequence=sequence, mode=mode, data=payload
    )


def _secrets(endpoint: Endpoint, now: datetime) -> tuple[str, ...]:
    """The secrets to sign with: the newest, and during a rotation the one before. Posts to the
    `callback_url` of a message are signed with the account's own."""
    sealed = [bytes(one) for one in endpoint.secrets]
    if not sealed and endpoint.kind == Endpoint.Kind.CALLBACK:
        sealed = [bytes(endpoint.account.callback_secret)]
    overlapping = endpoint.secrets_overlap_until is not None and endpoint.secrets_overlap_until > now
    secrets = tuple(_opened(one) for one in (sealed if overlapping else sealed[:1]))
    if not secrets:
        raise ValueError("an endpoint without a secret")
    return secrets


@lru_cache(maxsize=1024)
def _opened(sealed: bytes) -> str:
    return unseal(sealed)
