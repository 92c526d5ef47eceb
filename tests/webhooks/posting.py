"""One post through the door, for tests; and a world with an outside and an inside on loopback."""

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from webhooks.egress import Address, Answer, Egress

BODY = b'{"event":"message.delivered"}'
REFUSED = "No connection: the receiver refused it or cannot be reached."
LITERAL = "The address in the URL is not public."
SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"
INNER = [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["::1"], ["8.8.8.8", "fe80::1"]]
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"


def only_outside(address: Address) -> bool:
    """A world in which 127.0.0.2 and ::1 are the public internet and all else is inside."""
    return address in (ip_address(OUTSIDE), ip_address("::1"))


def post(url: str, *, timeout_seconds: float = 5.0, **how: object) -> Answer:
    async def run() -> Answer:
        async with Egress(allow_private=True, **how) as egress:  # type: ignore[arg-type]
            return await egress.post(url, BODY, {"X-Test": "1"}, timeout_seconds)

    return asyncio.run(run())


def names(*answers: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A name server that gives these answers in turn, the last one for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return left[0] if len(left) == 1 else left.pop(0)

    return resolve
