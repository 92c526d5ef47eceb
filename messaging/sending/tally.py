"""Tally: what accept and final add to an account's statistics, in their own transactions. Rows are only added, one for all
messages that are alike, so no hot row; `messaging/tally.py` folds them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db import connection

from messaging.sending.draft import Ready, Sender
from messaging.sending.store import NULL, escaped

HOUR_MILLISECONDS = 3_600_000
LATENCY_BOUNDS_MICROSECONDS = tuple(round(100_000 * 2 ** (step / 2)) for step in range(44))
"""Bounds of the time from acceptance (or the time it was scheduled for) to delivery: 0.1 s to three days, each bound 1.41
times the one before. Bucket n is from bound n-1 up to bound n; bucket 0 is below the first."""
COLUMNS = (
    "account_id, mode, hour, channel, country, sender, api_key_id, campaign_id, status, reason, latency,"
    " messages, segments, price_mad, price_eur"
)
COPY = f"COPY messaging_tallychange ({COLUMNS}) FROM STDIN"

# What SQL says of a message `m`. The milliseconds of a UUIDv7 are its first 48 bits (RFC 9562 section 5.7).
ACCEPTED_AT = (
    "('epoch'::timestamptz"
    " + ('x' || translate(left(m.id::text, 13), '-', ''))::bit(48)::bigint * interval '1 millisecond')"
)
HOUR = f"date_trunc('hour', {ACCEPTED_AT}, 'UTC')"
REASON = "CASE WHEN m.status <> 'delivered' THEN m.error_code END"
LATENCY = (
    f"width_bucket((extract(epoch FROM m.delivered_at - greatest(m.scheduled_at, {ACCEPTED_AT})) * 1000000)::bigint,"
    f" '{{{','.join(map(str, LATENCY_BOUNDS_MICROSECONDS))}}}'::bigint[])"
)
REFUNDABLE = (  # the rule of `final.refundable`
    "m.price > 0 AND m.mode = 'live' AND (m.status IN ('failed', 'cancelled')"
    " OR (m.status = 'expired' AND m.error_code = 'EXPIRED_BEFORE_SUBMIT')"
    " OR (m.status = 'undeliverable' AND m.refund_undeliverable))"
)
ENDED = f"""
INSERT INTO messaging_tallychange ({COLUMNS})
SELECT m.account_id, m.mode, {HOUR}, m.channel, m.country, m.sender, m.api_key_id, m.campaign_id, m.status, {REASON},
       {LATENCY}, count(*), 0, coalesce(sum(m.price_mad) FILTER (WHERE {REFUNDABLE}), 0),
       coalesce(sum(m.price_eur) FILTER (WHERE {REFUNDABLE}), 0)
  FROM moved AS m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""
"""Counts the messages that one statement just ended, its `moved`: part of it, since a statement of its own would cost more
than the counting."""


@lru_cache(maxsize=64)
def _hour(number: int) -> datetime:
    return datetime.fromtimestamp(number * 3600, UTC)


def hour_of(message_id: UUID) -> datetime:
    """The hour in which a message was accepted, by its id."""
    return _hour((message_id.int >> 80) // HOUR_MILLISECONDS)


class _Sum:
    """What messages that are alike come to."""

    __slots__ = ("eur", "mad", "messages", "segments")

    def __init__(self) -> None:
        self.messages = self.segments = 0
        self.mad = self.eur = Decimal(0)


def accepted(orders: Iterable[tuple[Sender, Sequence[Ready]]]) -> None:
    """Count messages that are being stored."""
    lines: list[str] = []
    for sender, ready in orders:
        sums: dict[tuple[datetime, str, str, str], _Sum] = {}
        for r in ready:
            alike = (hour_of(r.id), r.draft.channel, r.country, r.sender)
            found = sums.get(alike)
            if found is None:
                found = sums[alike] = _Sum()
            found.messages += 1
            found.segments += r.segments
            found.mad += r.price_mad
            found.eur += r.price_eur
        lines += [_line(sender, alike, sums[alike]) for alike in sums]
    if lines:
        with connection.cursor() as cursor, cursor.copy(COPY) as stream:
            stream.write("".join(lines))


def _line(sender: Sender, alike: tuple[datetime, str, str, str], s: _Sum) -> str:
    hour, channel, country, name = alike
    return (
        f"{sender.account.id}\t{sender.mode}\t{hour.isoformat()}\t{channel}\t{country}\t{escaped(name)}\t"
        f"{sender.api_key_id or NULL}\t{sender.campaign_id or NULL}\t\t{NULL}\t{NULL}\t"
        f"{s.messages}\t{s.segments}\t{s.mad}\t{s.eur}\n"
    )
