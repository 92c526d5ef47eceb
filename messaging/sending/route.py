"""Which carriers may take a message, best first: an account's own routes before the general ones, then the longest
prefix, then the lower priority, then by weight. Read from a table kept a few seconds; no writes, no network."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.freshness import Fresh
from messaging.models.carrier import Carrier
from messaging.models.route import Route

TABLE_SECONDS = 2.0
SIMULATOR = "simulator"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One carrier that may take a message, and by which route (0 for the fixed route of test keys)."""

    carrier_id: int
    carrier: str
    route_id: int
    prefix: str
    priority: int
    weight: int
    account_id: UUID | None
    paused: bool
    open: bool = True
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All enabled routes, by channel; `open` tells whether the carrier is enabled."""

    by_channel: dict[str, tuple[Candidate, ...]]
    simulator_id: int


def _read(_: None) -> Table:
    by_channel: dict[str, list[Candidate]] = {}
    rows = Route.objects.filter(enabled=True).select_related("carrier")
    for row in rows:
        by_channel.setdefault(row.channel, []).append(
            Candidate(
                carrier_id=row.carrier_id,
                carrier=row.carrier.name,
                route_id=row.pk,
                prefix=row.prefix,
                priority=row.priority,
                weight=row.weight,
                account_id=row.account_id,
                paused=row.carrier.paused_at is not None,
                open=row.carrier.enabled,
                simulated=row.carrier.kind == SIMULATOR,
            )
        )
    simulator = Carrier.objects.only("id").get(name=SIMULATOR)
    return Table({channel: tuple(found) for channel, found in by_channel.items()}, simulator.pk)


_tables: Fresh[None, Table] = Fresh(_read, seconds=TABLE_SECONDS)
TEST_CHANNELS = frozenset({"sms", "whatsapp"})


def configured(channel: str, *, mode: str) -> bool:
    """Whether the operator can send by this channel at all; for test keys, whether the simulator can."""
    if mode == "test":
        return channel in TEST_CHANNELS
    return any(candidate.open for candidate in _tables.get(None).by_channel.get(channel, ()))


def _order(candidate: Candidate) -> tuple[bool, int, int, float]:
    spread = random.random() ** (1.0 / candidate.weight)
    return (
        candidate.account_id is None,
        -len(candidate.prefix),
        candidate.priority,
        -spread,
    )


def candidates(account_id: UUID, channel: str, to: str, *, mode: str = "live") -> Sequence[Candidate]:
    """The carriers for a number, best first; paused ones last (their messages wait for them only when nothing else can).

    Parameters: `to` E.164 with `+`. Test mode always and only goes to the simulator. A live message goes to a simulator
    only where that is the first choice: it never stands in for a real carrier that is disabled, paused or out of reach,
    for then a message that nobody got would be charged and called delivered.
    """
    table = _tables.get(None)
    if mode == "test":
        return (Candidate(table.simulator_id, SIMULATOR, 0, "", 0, 1, None, paused=False),)
    fitting = [
        candidate
        for candidate in table.by_channel.get(channel, ())
        if to.startswith(candidate.prefix) and candidate.account_id in (None, account_id)
    ]
    fitting.sort(key=_order)
    if fitting and not fitting[0].simulated:
        fitting = [candidate for candidate in fitting if not candidate.simulated]
    usable = [candidate for candidate in fitting if candidate.open]
    usable.sort(key=lambda candidate: candidate.paused)
    return usable


def forget() -> None:
    """Read the routes anew at the next question; for commands and tests that just changed them."""
    _tables.forget()
