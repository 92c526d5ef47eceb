"""What carriers' codes mean: an operator's rows (CarrierCode) before what the adapter knows; and the codes that nobody
knows, collected for the operator. Counted in the process and written every few seconds: no row is hot, and no message
costs a write."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from accounts.freshness import Fresh
from messaging.carriers.contract import Rejected, Result, Unknown
from messaging.carriers.reasons import Reason
from messaging.models.carrier import Carrier
from messaging.models.code import CarrierCode

log = structlog.get_logger()
TABLE_SECONDS = 3.0
WRITE_SECONDS = 10.0
MOST_KEPT = 1000
"""Unknown codes of one installation: a carrier that makes up codes fills no table."""
SIMULATOR = "simulator"
KEEP = """
INSERT INTO messaging_unknowncode (carrier_id, code, times, example)
SELECT c.carrier_id, c.code, c.times, c.example
  FROM unnest(%(carriers)s::int[], %(codes)s::text[], %(times)s::bigint[], %(examples)s::uuid[])
       AS c(carrier_id, code, times, example)
 WHERE EXISTS (SELECT FROM messaging_carrier k WHERE k.id = c.carrier_id)
   AND ((SELECT count(*) FROM messaging_unknowncode) < %(most)s
        OR EXISTS (SELECT FROM messaging_unknowncode u WHERE u.carrier_id = c.carrier_id AND u.code = c.code))
ON CONFLICT (carrier_id, code) DO UPDATE
   SET times = messaging_unknowncode.times + excluded.times, last_at = now(), example = excluded.example
"""


class Seen(NamedTuple):
    """A code as it came: of a carrier, for a message, with the reason that it was taken for."""

    carrier_id: int
    code: str
    reason: str
    message_id: UUID | None


@dataclass(frozen=True, slots=True)
class Table:
    """The operator's rows, by carrier or kind and the code in small letters; the kinds of carriers by id."""

    rows: dict[tuple[int | str, str], str]
    kinds: dict[int, str]


def _read(_: None) -> Table:
    rows = CarrierCode.objects.values_list("carrier_id", "kind", "code", "reason")
    return Table(
        {(carrier_id or kind, code.casefold()): reason for carrier_id, kind, code, reason in rows},
        dict(Carrier.objects.values_list("id", "kind")),
    )


_tables: Fresh[None, Table] = Fresh(_read, seconds=TABLE_SECONDS)


def forget() -> None:
    """Read the rows anew at the next question; for those who just changed them."""
    _tables.forget()


def _table(carrier_id: int) -> Table:
    """The table, read anew for a carrier that is younger than it."""
    table = _tables.get(None)
    if carrier_id not in table.kinds:
        forget()
        table = _tables.get(None)
    return table


def reason(carrier_id: int, code: str, given: str) -> str:
    """Our reason for a carrier's code: the row of the carrier, that of its kind, or else `given` by the adapter."""
    table = _table(carrier_id)
    if not code or not table.rows:
        return given
    whole = code.casefold()
    error = whole[whole.rfind(":") :] if ":" in whole else whole
    for owner in (carrier_id, table.kinds.get(carrier_id, "")):
        for spelled in (whole, error):
            found = table.rows.get((owner, spelled))
            if found is not None:
                return found
    return given


def of_result(carrier_id: int, result: Result, message_id: UUID) -> Seen | None:
    """The code of a submit's answer that says nothing to us; None for all others."""
    if isinstance(result, Rejected):
        meant = reason(carrier_id, result.code, str(result.reason))
        return Seen(carrier_id, result.code, meant, message_id)
    if isinstance(result, Unknown) and result.unlisted:
        return Seen(carrier_id, result.code, Reason.UNKNOWN, message_id)
    return None


@dataclass
class _Counts:
    """What this process has seen and not written yet."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: dict[tuple[int, str], tuple[int, UUID | None]] = field(default_factory=dict)
    known: set[tuple[int, str]] = field(default_factory=set)
    written_at: float = 0.0

    def add(self, seen: Iterable[Seen]) -> dict[tuple[int, str], tuple[int, UUID | None]]:
        """Count codes; returns what is to be written now: at once for a code that is new here, else after a while."""
        with self.lock:
            for each in seen:
                key = (each.carrier_id, each.code[:60])
                times, _ = self.waiting.get(key, (0, None))
                self.waiting[key] = (times + 1, each.message_id)
            now = time.monotonic()
            new = self.waiting.keys() - self.known
            if not self.waiting or (not new and now - self.written_at < WRITE_SECONDS):
                return {}
            due, self.waiting, self.written_at = self.waiting, {}, now
            self.known = (self.known | due.keys()) if len(self.known) < MOST_KEPT else set(due)
            return due


_counts = _Counts()


def note(seen: Sequence[Seen | None]) -> None:
    """Collect the codes that nobody knows. Never fails its caller: what cannot be written is forgotten."""
    unknown = [each for each in seen if each is not None and each.code and each.reason == Reason.UNKNOWN]
    if not unknown:
        return
    kinds = _table(unknown[0].carrier_id).kinds
    due = _counts.add(each for each in unknown if kinds.get(each.carrier_id) not in (None, SIMULATOR))
    if not due:
        return
    keys = sorted(due)
    columns: dict[str, Any] = {
        "carriers": [key[0] for key in keys],
        "codes": [key[1] for key in keys],
        "times": [due[key][0] for key in keys],
        "examples": [due[key][1] for key in keys],
        "most": MOST_KEPT,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(KEEP, columns)
    except DatabaseError as error:
        log.warning("unknown codes are not kept", reason=str(error))
