"""Asking gateways: what became of the tasks that they have not told of, and whether SIMs that were set aside work again.
No transaction is open while a gateway is asked."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection

from accounts.ids import floor_of
from messaging.carriers.contract import (
    Accepted,
    Carrier,
    PollsReceipts,
    ProbesSims,
    Receipt,
    Result,
    SimLine,
    Unknown,
)
from messaging.models.carrier import Carrier as CarrierRow
from messaging.models.message import RANK, Status
from messaging.sending import by_sim, receipt, submit

T = TypeVar("T")
MOST_AT_ONCE = 200
MOST_A_CALL = 50
OPEN = f"""
SELECT u.message_id, a.reference
  FROM messaging_simuse u
  JOIN messaging_message m ON m.id = u.message_id AND m.final_at IS NULL AND m.rank = {RANK[Status.SENT]}
  JOIN messaging_attempt a ON a.message_id = u.message_id AND a.outcome = 'accepted' AND a.carrier_id = %(carrier)s
 WHERE u.sim_id IN (SELECT id FROM messaging_sim WHERE carrier_id = %(carrier)s)
   AND u.message_id > %(after)s AND m.id > %(after)s AND a.message_id > %(after)s AND a.reference IS NOT NULL
 ORDER BY u.message_id LIMIT %(most)s
"""
_asked_to: dict[int, UUID] = {}
"""Where the last look at each carrier ended. Only in this process: forgotten, it begins anew."""


def all_due() -> None:
    """Ask every gateway that is to be asked about some of its open tasks, in turn; keep what is final."""
    kinds = by_sim.GATEWAYS
    for carrier_id in list(
        CarrierRow.objects.filter(kind__in=kinds, enabled=True).values_list("pk", flat=True)
    ):
        references = _open(carrier_id)
        if references:
            found = submit.ask(carrier_id, lambda adapter, asked=references: _poll(adapter, asked)) or ()  # type: ignore[misc]
            ends = [each for each in found if each.status not in ("buffered", "sent")]
            if ends:
                receipt.store([(carrier_id, each, None) for each in ends])


def _open(carrier_id: int) -> list[str]:
    horizon = floor_of(datetime.now(UTC) - timedelta(seconds=settings.RECEIPT_HORIZON_SECONDS))
    after = max(horizon, _asked_to.get(carrier_id, horizon))
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"carrier": carrier_id, "after": after, "most": MOST_AT_ONCE})
        rows = cursor.fetchall()
    if len(rows) == MOST_AT_ONCE:
        _asked_to[carrier_id] = rows[-1][0]
    else:
        _asked_to.pop(carrier_id, None)
    return [row[1] for row in rows]


async def _poll(adapter: Carrier, references: Sequence[str]) -> Sequence[Receipt]:
    if not isinstance(adapter, PollsReceipts) or not adapter.polls:
        return ()
    found: list[Receipt] = []
    for start in range(0, len(references), MOST_A_CALL):
        found += await adapter.poll(references[start : start + MOST_A_CALL])
    return found


def probe_sims() -> None:
    """Ask about SIMs that were set aside; those that are ready are used again."""
    for carrier_id, sim in by_sim.due_for_probe():
        if isinstance(submit.ask(carrier_id, _probing(sim)), Accepted):
            by_sim.take_back(sim.id, actor="probe")


def _probing(sim: SimLine) -> Callable[[Carrier], Awaitable[Result]]:
    async def probe(adapter: Carrier) -> Result:
        if not isinstance(adapter, ProbesSims):
            return Unknown("NO_PROBE", "this carrier cannot be asked about a SIM")
        return await adapter.probe_sim(sim)

    return probe
