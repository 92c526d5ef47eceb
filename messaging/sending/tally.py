"""Tally: what accept and final add to an account's statistics, in their own transactions. Rows are only added, one for all
messages that are alike, so no hot row; `messaging/tally.py` folds them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from messaging.models.message import Status
from messaging.sending.draft import Ready, Sender
from messaging.sending.facts import Moved

HOUR_MILLISECONDS = 3_600_000
EPOCH = datetime.fromtimestamp(0, UTC)
LATENCY_BOUNDS_MICROSECONDS = tuple(round(100_000 * 2 ** (step / 2)) for step in range(44))
"""Bounds of the time from acceptance (or the time it was scheduled for) to delivery: 0.1 s to three days, each bound 1.41
times the one before. Bucket n is from bound n-1 up to bound n; bucket 0 is below the first."""


class Alike(NamedTuple):
    """What messages of one change have in common; the columns of a `TallyChange`."""

    account_id: UUID
    mode: str
    hour: datetime
    channel: str
    country: str
    sender: str
    api_key_id: UUID | None
    campaign_id: UUID | None
    status: str
    reason: str | None
    latency: int | None


class _Sum:
    """What they come to."""

    __slots__ = ("eur", "mad", "messages", "segments")

    def __init__(self) -> None:
        self.messages = self.segments = 0
        self.mad = self.eur = Decimal(0)


ADD = """
INSERT INTO messaging_tallychange (account_id, mode, hour, channel, country, sender, api_key_id, campaign_id, status, reason,
                                   latency, messages, segments, price_mad, price_eur)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::uuid[],
                     %s::text[], %s::text[], %s::smallint[], %s::int[], %s::int[], %s::numeric[], %s::numeric[])
"""


@lru_cache(maxsize=64)
def _hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * 3600, UTC)


def hour_of(message_id: UUID) -> datetime:
    """The hour in which a message was accepted, by its id."""
    return _hour((message_id.int >> 80) // HOUR_MILLISECONDS)


def accepted(orders: Iterable[tuple[Sender, Sequence[Ready]]]) -> None:
    """Count messages that are being stored."""
    sums: dict[Alike, _Sum] = {}
    for sender, ready in orders:
        account_id, key_id, campaign_id = sender.account.id, sender.api_key_id, sender.campaign_id
        for r in ready:
            alike = Alike(
                account_id,
                sender.mode,
                hour_of(r.id),
                r.draft.channel,
                r.country,
                r.sender,
                key_id,
                campaign_id,
                "",
                None,
                None,
            )
            _add(sums, alike, r.segments, r.price_mad, r.price_eur)
    _write(sums)


def ended(moved: Sequence[Moved], refunded: set[UUID]) -> None:
    """Count messages that just became final; `refunded` are those whose price goes back."""
    sums: dict[Alike, _Sum] = {}
    for row in moved:
        alike = Alike(
            row.account_id,
            row.mode,
            hour_of(row.id),
            row.channel,
            row.country,
            row.sender,
            row.api_key_id,
            row.campaign_id,
            row.status,
            None if row.status == Status.DELIVERED else row.error_code,
            _latency(row),
        )
        back = row.id in refunded
        _add(sums, alike, 0, row.price_mad if back else Decimal(0), row.price_eur if back else Decimal(0))
    _write(sums)


def _add(sums: dict[Alike, _Sum], alike: Alike, segments: int, mad: Decimal, eur: Decimal) -> None:
    found = sums.get(alike)
    if found is None:
        found = sums[alike] = _Sum()
    found.messages += 1
    found.segments += segments
    found.mad += mad
    found.eur += eur


def _latency(row: Moved) -> int | None:
    if row.delivered_at is None:
        return None
    accepted_at = EPOCH + timedelta(milliseconds=row.id.int >> 80)
    began = accepted_at if row.scheduled_at is None else max(accepted_at, row.scheduled_at)
    took = (row.delivered_at - began) // timedelta(microseconds=1)
    return bisect_right(LATENCY_BOUNDS_MICROSECONDS, took)


def _write(sums: dict[Alike, _Sum]) -> None:
    if not sums:
        return
    rows = [(*alike, s.messages, s.segments, s.mad, s.eur) for alike, s in sums.items()]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])
