"""How much room a SIM has, and taking of it: by conditional update, so that a limit holds however many ask at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection

from messaging.models.sim import Sim

UNLIMITED = 2**31 - 1
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
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages a SIM was given today and this month (UTC), and those of today that failed."""

    today: int
    this_month: int
    failed_today: int = 0


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


def take(wanted: Mapping[int, int]) -> set[int]:
    """Take room for so many messages from each SIM, in the caller's transaction. Returns the SIMs that had too little, from
    which nothing was taken."""
    short = set()
    with connection.cursor() as cursor:
        for sim_id in sorted(wanted):
            cursor.execute(TAKE, {"id": sim_id, "n": wanted[sim_id]})
            if cursor.rowcount == 0:
                short.add(sim_id)
    return short
