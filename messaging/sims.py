"""The SIM pool (document D): which SIMs an account may send by, and how much room each has. Room is taken by conditional
update in the transaction that accepts the messages, so a limit holds however many ask at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.ids import floor_of
from accounts.refusals import Code, Refused
from messaging.models import Sim, SimUse, Status
from messaging.sending import sim_room
from messaging.sending.accept import Order
from messaging.sending.draft import ChosenSim
from messaging.sending.sim_room import room as room
from messaging.sending.sim_room import used as used

NO_SIM = "No available SIM for sending"
FAILED = """
SELECT u.sim_id, count(*) FROM messaging_simuse u JOIN messaging_message m ON m.id = u.message_id
 WHERE u.sim_id = ANY(%s) AND u.message_id >= %s AND m.id >= %s AND m.status = ANY(%s)
 GROUP BY 1
"""
FAILURES = [Status.FAILED.value, Status.UNDELIVERABLE.value, Status.EXPIRED.value]


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
    """Whether the SIM works and its carrier takes messages now."""
    return sim.enabled and sim.aside_at is None and sim.carrier.enabled and sim.carrier.paused_at is None


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
    if sim_room.take(Counter(sim_id for _, sim_id in given)):
        raise Refused(Code.NO_ROUTE, NO_SIM)
    SimUse.objects.bulk_create(SimUse(message_id=message_id, sim_id=sim_id) for message_id, sim_id in given)


def failed_today(found: Iterable[Sim]) -> dict[int, int]:
    """How many messages given to each SIM today have failed; a SIM without any is left out."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    floor = floor_of(midnight)
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [[sim.id for sim in found], floor, floor, FAILURES])
        return dict(cursor.fetchall())
