"""Analytics: what an account's last days came to, read from tallies, so that it costs the same at a million messages as at ten.
A day is one of the account's time zone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from messaging.models.tally import Tally
from messaging.sending.tally import LATENCY_BOUNDS_MICROSECONDS

MOST_GROUPS = 100
Dimension = Tally.Dimension


class Sums(NamedTuple):
    """Messages accepted in some time, and what became of them so far. Prices are of all of them; what was given back is
    `refunded_…`."""

    messages: int
    segments: int
    price_mad: Decimal
    price_eur: Decimal
    refunded_mad: Decimal
    refunded_eur: Decimal
    delivered: int
    undeliverable: int
    failed: int
    expired: int
    cancelled: int

    @property
    def ended(self) -> int:
        return self.delivered + self.undeliverable + self.failed + self.expired + self.cancelled


NOTHING = Sums(0, 0, Decimal(0), Decimal(0), Decimal(0), Decimal(0), 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """The last `days` days of a time zone, today among them. `since` is when the first began."""

    days: int
    zone: str
    first: date
    last: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Groups:
    """The values of one dimension, most messages first; `capped` says that there are more than 100."""

    rows: Sequence[tuple[str, Sums]]
    capped: bool


@dataclass(frozen=True, slots=True)
class Report:
    """An account's window. `daily` has every day of it; latencies are seconds, None when nothing was delivered."""

    window: Window
    summary: Sums
    daily: Sequence[tuple[date, Sums]]
    channels: Sequence[tuple[str, Sums]]
    failures: Sequence[tuple[str, int]]
    p50_seconds: float | None
    p95_seconds: float | None
    groups: Groups | None = field(default=None)


SUMS = ", ".join(f"sum({name})::{'numeric' if '_' in name else 'bigint'}" for name in Sums._fields)
WHERE = "account_id = %(account)s AND mode = %(mode)s AND hour >= %(since)s"
DAILY = f"""
SELECT (hour AT TIME ZONE %(zone)s)::date, {SUMS} FROM messaging_tally WHERE {WHERE} AND dimension = 'all' GROUP BY 1
"""
BY_VALUE = f"""
SELECT dimension, value, {SUMS} FROM messaging_tally
 WHERE {WHERE} AND dimension IN ('channel', 'reason', 'latency') GROUP BY 1, 2
"""
GROUPED = f"""
SELECT value, {SUMS} FROM messaging_tally WHERE {WHERE} AND dimension = %(dimension)s
 GROUP BY 1 ORDER BY sum(messages) DESC, 1 LIMIT {MOST_GROUPS + 1}
"""


def window(days: int, zone: str, now: datetime | None = None) -> Window:
    """The last `days` days in a time zone."""
    today = (now or datetime.now(UTC)).astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)
    return Window(days, zone, first, today, since)


def report(account_id: UUID, mode: str, asked: Window, *, by: Dimension | None = None) -> Report:
    """What an account's messages of a window came to; natively also by a dimension of its own."""
    values: dict[str, Any] = {"account": account_id, "mode": mode, "since": asked.since, "zone": asked.zone}
    days = {row[0]: Sums(*row[1:]) for row in _rows(DAILY, values)}
    sides: dict[str, dict[str, Sums]] = {}
    for dimension, value, *sums in _rows(BY_VALUE, values):
        sides.setdefault(dimension, {})[value] = Sums(*sums)
    latencies = {int(value): sums.delivered for value, sums in sides.get("latency", {}).items()}
    reasons = {value: sums.ended for value, sums in sides.get("reason", {}).items()}
    every_day = (asked.first + timedelta(days=step) for step in range(asked.days))
    return Report(
        window=asked,
        summary=_total(days.values()),
        daily=[(day, days.get(day, NOTHING)) for day in every_day],
        channels=sorted(sides.get("channel", {}).items()),
        failures=sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0])),
        p50_seconds=quantile(latencies, 0.5),
        p95_seconds=quantile(latencies, 0.95),
        groups=None if by is None else _groups(values, by),
    )


def _groups(values: Mapping[str, Any], dimension: Dimension) -> Groups:
    found = [(row[0], Sums(*row[1:])) for row in _rows(GROUPED, {**values, "dimension": dimension.value})]
    return Groups(found[:MOST_GROUPS], len(found) > MOST_GROUPS)


def _rows(statement: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        yield from cursor.fetchall()


def _total(parts: Any) -> Sums:
    return Sums(*(sum(column) for column in zip(NOTHING, *parts, strict=True)))


def quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """The seconds within which `share` of the messages was delivered, as near as buckets tell: in a bucket, evenly spread.
    None without messages."""
    wanted = share * sum(buckets.values())
    seen = 0
    for bucket, count in sorted(buckets.items()):
        if count and seen + count >= wanted:
            low = LATENCY_BOUNDS_MICROSECONDS[bucket - 1] if bucket else 0
            high = LATENCY_BOUNDS_MICROSECONDS[min(bucket, len(LATENCY_BOUNDS_MICROSECONDS) - 1)]
            return (low + (high - low) * (wanted - seen) / count) / 1_000_000
        seen += count
    return None
