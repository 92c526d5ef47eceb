"""The product's SMPP session, as a process of its own that takes an order like `bare_smpp.py`: every submit encoded (its text
once for all, as the bare client's is), every message with its results. `posted`: by `post`, with a callback; otherwise a task
awaits `submit` for each message."""

import asyncio
import json
import sys
import time

from messaging.carriers.contract import Accepted, Result
from messaging.carriers.smpp.binding import Address
from messaging.carriers.smpp.coding import parts
from messaging.carriers.smpp.pdu import Bind, DataSm, SubmitSm
from messaging.carriers.smpp.session import Session, SessionConfig

TEXT = "Bonjour, votre commande est en route."


[PART] = parts(TEXT)


def message(number: int) -> list[SubmitSm]:
    """One message to one of many recipients."""
    return [
        SubmitSm(
            "", 5, 0, "RISALA", 1, 1, str(212600000000 + number), PART.esm_class, 0, 0, "", "", 1, 0,
            PART.data_coding, 0, PART.short_message, PART.tlvs,
        )
    ]  # fmt: skip


async def stored(pdu: SubmitSm | DataSm) -> bool:
    """Nothing is delivered here."""
    return True


async def run(port: int, count: int, window: int, posted: bool) -> float:
    """The seconds from the bind to the last result. Twice the window is always waiting."""
    config = SessionConfig(Address("127.0.0.1", port), Bind("bench", "bench"), window=window)
    async with Session(config, stored) as session:
        if not await session.bound(10):
            raise ConnectionError("not bound")
        began = time.perf_counter()
        accepted = await (by_post if posted else by_submit)(session, count, 2 * window)
        took = time.perf_counter() - began
    if accepted != count:
        raise RuntimeError(f"{accepted} of {count} accepted")
    return took


async def by_submit(session: Session, count: int, waiting: int) -> int:
    """A task for each message that waits."""
    numbers = iter(range(count))
    accepted = 0

    async def work() -> None:
        nonlocal accepted
        for number in numbers:
            results = await session.submit(message(number))
            accepted += isinstance(results[0], Accepted)

    await asyncio.gather(*(work() for _ in range(waiting)))
    return accepted


async def by_post(session: Session, count: int, waiting: int) -> int:
    """Batches of messages, each posted when the one before the last is over, as a session process does."""
    half = waiting // 2
    sent = over = accepted = 0
    more = asyncio.Event()

    def done(tag: object, results: list[Result]) -> None:
        nonlocal over, accepted
        over += 1
        accepted += isinstance(results[0], Accepted)
        if not over % half:
            more.set()

    while over < count:
        while sent < count and sent - over <= half:
            for number in range(sent, min(count, sent + half)):
                session.post(message(number), done)
            sent += half
        more.clear()
        await more.wait()
    return accepted


def main() -> None:
    """One order, one answer."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if line := sys.stdin.readline():
        sys.stdout.write(f"{asyncio.run(run(**json.loads(line)))}\n")


if __name__ == "__main__":
    main()
