"""A session bound to the SMSC of the stand-ins, both in the test's own loop, with short patience."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from messaging.carriers.contract import Result
from messaging.carriers.smpp.binding import Address, Patience, State
from messaging.carriers.smpp.link import Timing
from messaging.carriers.smpp.pdu import Bind, DataSm, SubmitSm
from messaging.carriers.smpp.session import Session, SessionConfig
from tests.stand_ins.smsc import Smsc

QUICK = Timing(answer_seconds=0.3, idle_seconds=0.1, alive_seconds=0.1)
HASTY = Patience(connect_seconds=1.0, first_seconds=0.02, longest_seconds=0.05, denied_seconds=60.0)
CREDENTIALS = Bind("risala", "secret")
LONGEST_TEST_SECONDS = 20.0


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test in a loop of its own. Nothing may fail unheard in it, and no task be left."""

    async def watched() -> None:
        unheard: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: unheard.append(context))
        async with asyncio.timeout(LONGEST_TEST_SECONDS):
            await test
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert unheard == []
        assert not left, left

    asyncio.run(watched())


async def until(check: Callable[[], object], *, seconds: float = 5.0) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not check():
            await asyncio.sleep(0.005)


def text(words: str, *, to: str = "212612345678") -> SubmitSm:
    """A part that wants a receipt."""
    return SubmitSm(
        source_addr_ton=5,
        source_addr="RISALA",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=to,
        registered_delivery=1,
        short_message=words.encode(),
    )


def texts(count: int) -> list[SubmitSm]:
    """Parts that differ."""
    return [text(f"text {number}") for number in range(count)]


async def stored(pdu: SubmitSm | DataSm) -> bool:
    """Everything is stored at once."""
    return True


@dataclass
class Seen:
    """What a session told its owner."""

    states: list[State] = field(default_factory=list)
    delivered: list[SubmitSm | DataSm] = field(default_factory=list)
    late: list[tuple[object, int, Result]] = field(default_factory=list)
    store: Callable[[SubmitSm | DataSm], Awaitable[bool]] = stored

    @property
    def phases(self) -> list[str]:
        """The states by name."""
        return [state.phase for state in self.states]

    async def deliver(self, pdu: SubmitSm | DataSm) -> bool:
        self.delivered.append(pdu)
        return await self.store(pdu)


def session_to(port: int, seen: Seen, **options: Any) -> Session:
    """A session, not started; options are those of `SessionConfig`."""
    chosen = {"timing": QUICK, "patience": HASTY, "credentials": CREDENTIALS, **options}
    address = chosen.pop("address", None) or Address("127.0.0.1", port)
    return Session(
        SessionConfig(address, **chosen),
        seen.deliver,
        seen.states.append,
        on_late=lambda *late: seen.late.append(late),
    )


@asynccontextmanager
async def bound(smsc: Smsc | None = None, **options: Any) -> AsyncIterator[tuple[Smsc, Session, Seen]]:
    """A bound session; closed, and its SMSC stopped, at the end."""
    smsc = await (smsc or Smsc()).start()
    seen = Seen()
    try:
        async with session_to(smsc.port, seen, **options) as session:
            assert await session.bound(5), seen.states
            yield smsc, session, seen
    finally:
        await smsc.stop()
