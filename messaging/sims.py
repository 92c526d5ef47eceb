"""The SIM pool (document D): which SIMs an account may send by, and how much room each has. Room is taken by conditional
update in the transaction that accepts the messages, so a limit holds however many ask at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.ids import floor_of
from accounts.refusals import Code, Refused
from messaging.models import Sim, SimUse, Status
from messaging.sending.accept import Order
from messaging.sending.draft import ChosenSim

UNLIMITED = 2**31 - 1
NO_SIM = "No available SIM for sending"
TODAY = "(now() AT TIME ZONE 'UTC')::date"
USED_TODAY = f"CASE WHEN used_on = {TODAY} THEN used_today ELSE 0 END"
USED_THIS_MONTH = (
    f"CASE WHEN date_trunc('month', used_on) = date_trunc('month', {TODAY}) THEN used_this_month ELSE 0 END"
)
TAKE = f"""
UPDATE messaging_sim
   SET used_today = %(n)s + {USED_TODAY}, used_this_month = %(n)s + {USED_THIS_MONTH}, used_on = {TODAY}
 WHERE id = %(id)s AND enabled
   AND (daily_limit IS NULL OR %(n)s + {USED_TODAY} <= daily_limit)
   AND (monthly_limit IS NULL OR %(n)s + {USED_THIS_MONTH} <= monthly_limit)
"""  # noqa: S608 - put together from constants
FAILED = """
SELECT u.sim_id, count(*) FROM messaging_simuse u JOIN messaging_message m ON m.id = u.message_id
 WHERE u.sim_id = ANY(%s) AND u.message_id >= %s AND m.id >= %s AND m.status = ANY(%s)
 GROUP BY 1
"""
FAILURES = [Status.FAILED.value, Status.UNDELIVERABLE.value, Status.EXPIRED.value]


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages a SIM was given today and this month (UTC), and those of today that failed."""

    today: int
    this_month: int
    failed_today: int = 0


def of_account(account_id: UUID) -> list[Sim]:
    """The enabled SIMs that an account may send by: its own first, then the default, then the rest that are nobody's."""
    rows = Sim.objects.filter(Q(account_id=account_id) | Q(account__isnull=True), enabled=True)
    found = list(rows.select_related("carrier", "account"))
    return sorted(found, key=lambda sim: (sim.account_id is None, not sim.is_default, sim.id))


def candidates(account_id: UUID, sim_id: int | None) -> list[Sim]:
    """The SIMs for a request, best first: the one it names, or all that the account may send by. Those whose carrier does
    not take messages come last.

    Raises `Refused(NO_ROUTE)` when there is none; a SIM of another account answers as one that does not exist.
    """
    found = [sim for sim in of_account(account_id) if sim_id is None or sim.id == sim_id]
    if not found:
        raise Refused(Code.NO_ROUTE, NO_SIM, param="sim_number_id" if sim_id is not None else None)
    return sorted(found, key=lambda sim: not ready(sim))


def ready(sim: Sim) -> bool:
    """Whether the SIM's carrier takes messages now."""
    return sim.enabled and sim.carrier.enabled and sim.carrier.paused_at is None


def used(sim: Sim, today: date | None = None) -> Usage:
    """The counters of a SIM as they stand today."""
    day = today or datetime.now(UTC).date()
    if sim.used_on is None:
        return Usage(0, 0)
    same_month = (sim.used_on.year, sim.used_on.month) == (day.year, day.month)
    return Usage(sim.used_today if sim.used_on == day else 0, sim.used_this_month if same_month else 0)


def room(sim: Sim) -> int:
    """How many more messages the SIM's limits allow now."""
    usage = used(sim)
    daily = UNLIMITED if sim.daily_limit is None else sim.daily_limit - usage.today
    monthly = UNLIMITED if sim.monthly_limit is None else sim.monthly_limit - usage.this_month
    return max(0, min(daily, monthly))


def share(found: Sequence[Sim], wanted: int) -> list[Sim | None]:
    """A SIM for each of `wanted` messages, filling the best first; None for those beyond all room. When no SIM has any room
    all get the first: whoever reserves finds out, after the request has been looked for among those answered before."""
    given: list[Sim | None] = []
    for sim in found:
        given += [sim] * min(room(sim), wanted - len(given))
    if not given:
        return [found[0]] * wanted
    return given + [None] * (wanted - len(given))


def chosen(sim: Sim) -> ChosenSim:
    """The SIM as a draft knows it."""
    return ChosenSim(sim.id, sim.carrier_id, sim.number)


def reserve(order: Order) -> None:
    """Take room for an order's messages from the SIMs they are to go by, and note which went by which; in accept's transaction.

    Raises `Refused(NO_ROUTE)` when a limit does not hold that many more, which undoes the whole.
    """
    given = [(ready.id, ready.draft.sim.id) for ready in order.ready if ready.draft.sim]
    wanted = Counter(sim_id for _, sim_id in given)
    with connection.cursor() as cursor:
        for sim_id in sorted(wanted):
            cursor.execute(TAKE, {"id": sim_id, "n": wanted[sim_id]})
            if cursor.rowcount == 0:
                raise Refused(Code.NO_ROUTE, NO_SIM)
    SimUse.objects.bulk_create(SimUse(message_id=message_id, sim_id=sim_id) for message_id, sim_id in given)


def failed_today(found: Iterable[Sim]) -> dict[int, int]:
    """How many messages given to each SIM today have failed; a SIM without any is left out."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    floor = floor_of(midnight)
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [[sim.id for sim in found], floor, floor, FAILURES])
        return dict(cursor.fetchall())
