"""Retention: forgets what was kept long enough. Texts and numbers by `messaging/forget.py`; old months by dropping their
partitions, never by DELETE. Ledger and audit trail are kept. One run at a time, bounded, and harmless to repeat."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import OperationalError, connection

from accounts import partitions
from accounts.ids import floor_of
from campaigns import forget as campaigns_forget
from messaging import forget, forget_inbound

log = structlog.get_logger()
MOST_SECONDS = 600.0
FAR = datetime.max.replace(tzinfo=UTC)
MESSAGES = "messaging_message"
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('config.retention'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('config.retention'))"
OPEN_MESSAGES = (
    "SELECT EXISTS (SELECT FROM messaging_message WHERE id >= %s AND id < %s AND final_at IS NULL)"
)
OPEN_RECEIPTS = "SELECT EXISTS (SELECT FROM {partition} WHERE state IN ('new', 'orphan'))"
OPEN_RECORDS = "SELECT EXISTS (SELECT FROM {partition} WHERE state <> 'done')"
OWED = "SELECT EXISTS (SELECT FROM {partition} WHERE state = 'pending')"
YOUNG_EVENTS = "SELECT EXISTS (SELECT FROM {partition} WHERE id >= %s)"


@dataclass(slots=True)
class Report:
    """What a run did, or would do: numbers of messages, batches, recipients of campaigns and inbound texts,
    partitions dropped, and those that had to stay, with the reason."""

    texts: int = 0
    numbers: int = 0
    batches: int = 0
    recipients: int = 0
    inbound: int = 0
    dropped: list[str] = field(default_factory=list)
    blocked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose months are dropped after `days`, and those that go with it, month by month. `open` says why a partition
    has to stay, "" if it need not."""

    table: str
    days: Callable[[], int]
    open: Callable[[str, datetime], str]
    together: tuple[str, ...] = ()


def _exists(statement: str, *parameters: str | datetime | UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return bool(cursor.fetchone()[0])


def _open_messages(partition: str, _: datetime) -> str:
    first = partitions.month_of(partition)
    following = partitions.following(first)
    return "messages are open" if _exists(OPEN_MESSAGES, floor_of(first), floor_of(following)) else ""


def _open_events(partition: str, before: datetime) -> str:
    """Events lie in the month of their message: one that was scheduled far ahead has young ones, or has them to come."""
    if _exists(YOUNG_EVENTS.format(partition=partition), floor_of(before)):
        return "events are younger than their messages"
    return _open_messages(partition, before)


def _open_receipts(partition: str, _: datetime) -> str:
    return "receipts are to be applied" if _exists(OPEN_RECEIPTS.format(partition=partition)) else ""


def _open_records(partition: str, _: datetime) -> str:
    return "inbound texts are to be looked at" if _exists(OPEN_RECORDS.format(partition=partition)) else ""


def _nothing_open(partition: str, _: datetime) -> str:
    return ""


def _owed(partition: str, _: datetime) -> str:
    return "deliveries are owed" if _exists(OWED.format(partition=partition)) else ""


TABLES = (
    Kept("webhooks_delivery", lambda: settings.EVENT_DAYS, _owed, ("webhooks_deliveryattempt",)),
    Kept("webhooks_event", lambda: settings.EVENT_DAYS, _open_events),
    Kept("messaging_receiptrecord", lambda: settings.RECEIPT_DAYS, _open_receipts),
    Kept("messaging_inboundrecord", lambda: settings.RECEIPT_DAYS, _open_records),
    Kept("messaging_inbound", lambda: settings.MESSAGE_DAYS, _nothing_open),
    Kept(MESSAGES, lambda: settings.MESSAGE_DAYS, _open_messages, ("messaging_attempt", "messaging_simuse")),
)


def run(*, seconds: float = MOST_SECONDS) -> Report:
    """Forget what is due, for `seconds` at most. Does nothing while another run is under way."""
    if not _exists(TRY_LOCK):
        return Report()
    try:
        until = time.monotonic() + seconds
        report = Report()
        _months(report, _drop)
        report.texts = forget.run(forget.TEXTS, until=until)
        report.numbers = forget.run(forget.NUMBERS, until=until)
        report.batches = forget.refused_numbers(until=until)
        report.recipients = campaigns_forget.run(until=until)
        report.inbound = forget_inbound.run(until=until)
    finally:
        _exists(UNLOCK)
    log.info("retention", **asdict(report))
    return report


def plan() -> Report:
    """What `run` would do, given the time; changes nothing."""
    report = Report(texts=forget.pending(forget.TEXTS), numbers=forget.pending(forget.NUMBERS))
    _months(report, lambda table, partition: "")
    return report


def _months(report: Report, drop: Callable[[str, str], str]) -> None:
    """Drop the months that are old enough, the oldest first. What comes after one that has to stay, stays as well: the books
    are added up from the oldest message on."""
    now = datetime.now(UTC)
    for kept in TABLES:
        before = now - timedelta(days=kept.days())
        for partition in partitions.ended(kept.table, before):
            why = kept.open(partition, before) or drop(kept.table, partition)
            if why:
                report.blocked[partition] = why
                break
            report.dropped.append(partition)
        _drop_together(kept, report, drop)


def _drop_together(kept: Kept, report: Report, drop: Callable[[str, str], str]) -> None:
    stay = [name for name in partitions.ended(kept.table, FAR) if name not in report.dropped]
    oldest = partitions.month_of(stay[0])
    for table in kept.together:
        for partition in partitions.ended(table, oldest):
            why = drop(table, partition)
            if why:
                report.blocked[partition] = why
            else:
                report.dropped.append(partition)


def _drop(table: str, partition: str) -> str:
    try:
        partitions.drop(table, partition)
    except OperationalError as error:
        log.warning("a month is not dropped today", partition=partition, reason=str(error))
        return "the table is busy"
    return ""
