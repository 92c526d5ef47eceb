"""Submit: hand claimed messages to the carrier's adapter, many at once, with no transaction open. One event loop per
thread, kept, so that connections are pooled between batches."""

import asyncio
import json
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.conf import settings
from django.urls import reverse

from accounts import vault
from accounts.freshness import Fresh
from messaging.carriers import registry
from messaging.carriers.contract import (
    Carrier,
    CarrierConfig,
    PlansReceipts,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.models.carrier import Carrier as CarrierRow
from messaging.sending.outcome import Settled

log = structlog.get_logger()
T = TypeVar("T")
ADAPTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """A carrier row as a worker holds it for a moment. `usable` is False when it is disabled or paused."""

    config: CarrierConfig
    speed: int
    usable: bool


def config_of(row: CarrierRow) -> CarrierConfig:
    """The row as its adapter sees it. Raises ValueError when its secrets cannot be opened."""
    secrets = json.loads(vault.unseal(row.sealed_secrets)) if row.sealed_secrets else {}
    return CarrierConfig(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        settings={key: str(value) for key, value in row.settings.items()},
        secrets=secrets,
        timeout_seconds=float(settings.CARRIER_TIMEOUT_SECONDS),
        window=row.window,
        callback_url=callback_address(row),
    )


def callback_address(row: CarrierRow) -> str:
    """Where the carrier calls us: its secret path at our public address."""
    return settings.PUBLIC_URL + reverse("carrier-callback", args=[row.callback_token])


def _read(carrier_id: int) -> Line | None:
    row = CarrierRow.objects.filter(pk=carrier_id).first()
    if row is None:
        return None
    open_for_work = row.enabled or row.kind == "simulator"  # test keys always go there, routed to or not
    return Line(config_of(row), row.speed, open_for_work and row.paused_at is None)


_lines: Fresh[int, Line | None] = Fresh(_read, seconds=ADAPTER_SECONDS)


def line(carrier_id: int) -> Line | None:
    """The carrier, at most `ADAPTER_SECONDS` old; None if there is none."""
    return _lines.get(carrier_id)


class _Adapters(threading.local):
    """The adapters and the event loop of this thread; after a fork, new ones."""

    def __init__(self) -> None:
        self.pid = 0
        self.runner: asyncio.Runner | None = None
        self.kept: dict[int, tuple[CarrierConfig, Carrier]] = {}

    def loop(self) -> asyncio.Runner:
        if self.runner is None or self.pid != os.getpid():
            self.pid, self.runner, self.kept = os.getpid(), asyncio.Runner(), {}
        return self.runner

    def adapter(self, config: CarrierConfig) -> Carrier:
        runner = self.loop()
        kept = self.kept.get(config.id)
        if kept is not None and kept[0] == config:
            return kept[1]
        if kept is not None:
            runner.run(kept[1].close())
        made = registry.build(config)
        self.kept[config.id] = (config, made)
        return made

    def close(self) -> None:
        """Close the connections and the loop, if they are this process's; the next submit makes new ones."""
        runner, kept = self.runner, self.kept
        self.runner, self.kept = None, {}
        if runner is None or self.pid != os.getpid():
            return
        with runner:
            for _, adapter in kept.values():
                runner.run(adapter.close())


_adapters = _Adapters()


def close() -> None:
    """Close this thread's connections to carriers, before its process ends."""
    _adapters.close()


async def _one(adapter: Carrier, submission: Submission, timeout_seconds: float) -> Result:
    try:
        async with asyncio.timeout(timeout_seconds + 5):
            return await adapter.submit(submission)
    except TimeoutError:
        return Unknown("TIMEOUT", f"no answer within {timeout_seconds:.0f} s")
    except Exception as error:
        log.exception("adapter raised", kind=adapter.kind)
        return Unknown("ADAPTER_ERROR", type(error).__name__)


async def _all(adapter: Carrier, submissions: Sequence[Submission], config: CarrierConfig) -> list[Result]:
    return list(await asyncio.gather(*(_one(adapter, s, config.timeout_seconds) for s in submissions)))


def batch(held: Line, submissions: Sequence[Submission]) -> tuple[list[Settled], bool]:
    """Submit all concurrently and wait for all answers. Returns them, and whether the carrier de-duplicates references.

    A carrier that cannot be built (its configuration is wrong) takes nothing: all are to be tried later.
    """
    try:
        adapter = _adapters.adapter(held.config)
    except (registry.UnknownKind, registry.NotUsable) as error:
        denied = TryLater("NOT_USABLE", "denied", str(error)[:200])
        return [Settled(s, denied) for s in submissions], False
    results = _adapters.loop().run(_all(adapter, submissions, held.config))
    plans = adapter.planned_receipts if isinstance(adapter, PlansReceipts) else None
    settled = [
        Settled(s, result, plans(s, result) if plans else ())
        for s, result in zip(submissions, results, strict=True)
    ]
    return settled, adapter.deduplicates


def probe(carrier_id: int) -> Result | None:
    """Ask a carrier whether it would take messages now; None if there is no such carrier, or it cannot be used."""
    return ask(carrier_id, lambda adapter: adapter.probe())


def ask(carrier_id: int, question: Callable[[Carrier], Awaitable[T]]) -> T | None:
    """The answer of a carrier's adapter to a question; None if there is no such carrier, or it cannot be used."""
    held = line(carrier_id)
    if held is None:
        return None

    async def asked(adapter: Carrier) -> T:
        return await question(adapter)

    try:
        return _adapters.loop().run(asked(_adapters.adapter(held.config)))
    except (registry.UnknownKind, registry.NotUsable) as error:
        log.warning("a carrier cannot be asked", carrier_id=carrier_id, reason=str(error))
        return None
