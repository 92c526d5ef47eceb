"""Forgetting what was said and to whom: texts are wiped, numbers made unreadable, when their days are over. Messages are
walked once, by id, in short transactions; what is still open is never touched. What is counted and paid stays.

Days count from the acceptance of a message, or from the instant it was scheduled for."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from accounts import vault
from accounts.ids import floor_of
from accounts.models import Account, Mode, Progress

log = structlog.get_logger()
SLICE = 2000
MOST_COUNTED = 1_000_000
HIDDEN_CHARACTERS = 19
START = UUID(int=0)


class Row(NamedTuple):
    """A message on the walk."""

    id: UUID
    to: str
    final: bool
    scheduled_at: datetime | None
    remembered: bool


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to forget. `remembered` is SQL for a message that has it still; `account_days` the account's own column."""

    name: str
    setting: str
    account_days: str
    remembered: str
    forget: Callable[[Sequence[Row]], None]

    @property
    def days(self) -> int:
        return int(getattr(settings, self.setting))


WIPE = """
UPDATE messaging_message SET text = '', buttons = NULL, provider_template = NULL, sealed_text = NULL
 WHERE id = ANY(%(ids)s::uuid[]) AND id BETWEEN %(first)s AND %(last)s
"""
# What else may quote the number goes with it: the customer's own notes, their address, and the carrier's words.
HIDE = """
UPDATE messaging_message m SET "to" = r.hidden, metadata = NULL, callback_url = NULL, error_detail = NULL
  FROM unnest(%(ids)s::uuid[], %(hidden)s::text[]) AS r(id, hidden)
 WHERE m.id = r.id AND m.id BETWEEN %(first)s AND %(last)s
"""
HIDE_DETAILS = """
UPDATE messaging_attempt SET detail = NULL
 WHERE message_id = ANY(%(ids)s::uuid[]) AND message_id BETWEEN %(first)s AND %(last)s AND detail IS NOT NULL
"""
HIDE_REFUSED = """
UPDATE messaging_batch SET rejected = '[]' WHERE id IN (
  SELECT id FROM messaging_batch WHERE id > %s AND id < %s AND rejected <> '[]' ORDER BY id LIMIT %s) RETURNING id
"""
COLUMNS = 'id, "to", final_at IS NOT NULL, scheduled_at'
WALK = "SELECT {columns}, {remembered} FROM messaging_message WHERE id > %s AND id < %s ORDER BY id LIMIT %s"
SCHEDULED = """
SELECT {columns}, true FROM messaging_message
 WHERE scheduled_at IS NOT NULL AND scheduled_at < %s AND final_at IS NOT NULL AND {remembered} ORDER BY scheduled_at LIMIT %s
"""
OF_ACCOUNT = """
SELECT {columns}, true FROM messaging_message
 WHERE account_id = %s AND mode = %s AND id > %s AND id < %s AND final_at IS NOT NULL
   AND (scheduled_at IS NULL OR scheduled_at < %s) AND {remembered} ORDER BY id LIMIT %s
"""
PENDING = """
SELECT count(*) FROM (
  SELECT FROM messaging_message m JOIN accounts_account a ON a.id = m.account_id
   WHERE m.id < %s AND m.final_at IS NOT NULL AND {remembered}
     AND greatest(m.created_at, m.scheduled_at) < now() - make_interval(days => least(%s, a.{account_days})) LIMIT %s) AS s
"""


def _wipe(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WIPE, _bounds(rows))


def _hide(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HIDE, {**_bounds(rows), "hidden": [hidden(row.to) for row in rows]})
        cursor.execute(HIDE_DETAILS, _bounds(rows))


def _bounds(rows: Sequence[Row]) -> dict[str, Any]:
    """The ids, and between which they lie: that spares the partitions of other months."""
    ids = [row.id for row in rows]
    return {"ids": ids, "first": min(ids), "last": max(ids)}


def hidden(number: str) -> str:
    """What stands in the place of a number: `#` and a pseudonym, the same for the same number."""
    return f"#{vault.pseudonym(number, HIDDEN_CHARACTERS)}"


TEXTS = Job("texts", "TEXT_DAYS", "text_days", "text <> ''", _wipe)
NUMBERS = Job("numbers", "NUMBER_DAYS", "number_days", "\"to\" LIKE '+%%'", _hide)
JOBS = (TEXTS, NUMBERS)


def run(job: Job, *, until: float) -> int:
    """Forget what is due, until `until` (of `time.monotonic()`) at the latest. Returns how many messages were changed."""
    now = datetime.now(UTC)
    return sum(len(rows) for rows in _slices(job, now, until))


def pending(job: Job) -> int:
    """How many messages `run` would change now; counted up to a million."""
    statement = PENDING.format(remembered=job.remembered, account_days=job.account_days)
    found = _rows(statement, [floor_of(datetime.now(UTC)), job.days, MOST_COUNTED])
    return int(found[0][0])


def refused_numbers(*, until: float) -> int:
    """Forget the numbers that batches noted as refused. Returns how many batches were changed."""
    before = floor_of(datetime.now(UTC) - timedelta(days=NUMBERS.days))
    position, changed = _position("batches"), 0
    while time.monotonic() < until:
        with transaction.atomic():
            ids = [row[0] for row in _rows(HIDE_REFUSED, [position, before, SLICE])]
            position = max(ids) if len(ids) == SLICE else max(before, position)
            _move("batches", position)
        changed += len(ids)
        if len(ids) < SLICE:
            break
    return changed


def _slices(job: Job, now: datetime, until: float) -> Iterator[list[Row]]:
    for part in (_walked, _scheduled, _of_accounts):
        for rows in part(job, now):
            if rows:
                yield rows
            if time.monotonic() > until:
                return


def _walked(job: Job, now: datetime) -> Iterator[list[Row]]:
    """Everybody's messages, each looked at once: where the walk has come is kept with what it changed."""
    before = now - timedelta(days=job.days)
    position, ended = _position(job.name), False
    while not ended:
        with transaction.atomic():
            rows = [Row(*row) for row in _rows(_filled(WALK, job), [position, floor_of(before), SLICE])]
            ended = len(rows) < SLICE
            open_yet = next((row for row in rows if not row.final and row.scheduled_at is None), None)
            if open_yet is not None:
                log.error(
                    "a message is open long after its time; nothing after it is forgotten",
                    message_id=str(open_yet.id),
                )
                rows, ended = rows[: rows.index(open_yet)], True
            due = [row for row in rows if row.remembered and _is_over(row, before)]
            if due:
                job.forget(due)
            if rows:
                position = rows[-1].id
                _move(job.name, position)
        yield due


def _scheduled(job: Job, now: datetime) -> Iterator[list[Row]]:
    """Messages that were not due yet when the walk came by."""
    before = now - timedelta(days=job.days)
    yield from _until_none(job, lambda _: _rows(_filled(SCHEDULED, job), [before, SLICE]))


def _of_accounts(job: Job, now: datetime) -> Iterator[list[Row]]:
    """Messages of accounts whose days are fewer than everybody's."""
    own = Account.objects.filter(**{f"{job.account_days}__lt": job.days}).order_by("id")
    for account_id, days in own.values_list("id", job.account_days).iterator():
        before = now - timedelta(days=days)
        for mode in Mode.values:

            def following(
                after: UUID, account_id: UUID = account_id, mode: str = mode, before: datetime = before
            ) -> Any:
                place = [account_id, mode, after, floor_of(before), before]
                return _rows(_filled(OF_ACCOUNT, job), [*place, SLICE])

            yield from _until_none(job, following)


def _until_none(job: Job, following: Callable[[UUID], list[tuple[Any, ...]]]) -> Iterator[list[Row]]:
    after = START
    while True:
        with transaction.atomic():
            rows = [Row(*row) for row in following(after)]
            if rows:
                job.forget(rows)
        yield rows
        if len(rows) < SLICE:
            return
        after = max(row.id for row in rows)


def _is_over(row: Row, before: datetime) -> bool:
    return row.final and (row.scheduled_at is None or row.scheduled_at < before)


def _filled(statement: str, job: Job) -> str:
    return statement.format(columns=COLUMNS, remembered=job.remembered)


def _position(job: str) -> UUID:
    found = Progress.objects.filter(job=job).values_list("position", flat=True).first()
    return found or START


def _move(job: str, position: UUID) -> None:
    Progress.objects.update_or_create(job=job, defaults={"position": position})


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return list(cursor.fetchall())
