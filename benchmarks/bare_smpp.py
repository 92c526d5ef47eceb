"""The bare SMPP clients that the session is held against: one bind, a window, submits built as fast as asyncio lets them,
no time-outs, no enquire_link, no errors. `awaited`: every submit is awaited for its message id, as any client does that has
something to do with it; without, answers are only counted, which nobody can use and nobody can beat. A process of its own; an
order is a line of JSON, the answer the seconds it took."""

import asyncio
import json
import struct
import sys
import time

HEADER = struct.Struct(">IIII")
BIND = b"bench\0bench\0\0\x34\0\0\0"
TEXT = b"Bonjour, votre commande est en route."


def submit(number: int) -> bytes:
    """A whole submit_sm."""
    to = b"%012d" % (212600000000 + number)
    body = b"\0\5\0RISALA\0\1\1%b\0\0\0\0\0\0\1\0\0\0%c%b" % (to, len(TEXT), TEXT)
    return HEADER.pack(16 + len(body), 4, 0, number + 2) + body


class Client(asyncio.Protocol):
    """Cuts answers out of the stream and gives each to `answered`."""

    def __init__(self) -> None:
        self.buffer = b""
        self.bound: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(HEADER.pack(16 + len(BIND), 9, 0, 1) + BIND)

    def data_received(self, data: bytes) -> None:
        octets = self.buffer + data
        at, end = 0, len(octets)
        while end - at >= 16:
            length, command, _, sequence = HEADER.unpack_from(octets, at)
            if at + length > end:
                break
            if command == 0x80000004:
                self.answered(sequence - 2, octets[at + 16 : at + length - 1])
            at += length
        self.buffer = octets[at:]
        if not self.bound.done():
            self.bound.set_result(None)
        self.turn()

    def answered(self, number: int, message_id: bytes) -> None:
        """One submit's answer."""

    def turn(self) -> None:
        """All answers of one read are in."""


class Counting(Client):
    """Keeps `window` submits in flight until `count` are answered."""

    def __init__(self, count: int, window: int) -> None:
        super().__init__()
        self.left, self.room, self.next = count, window, iter(range(count))
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answered(self, number: int, message_id: bytes) -> None:
        self.left -= 1
        self.room += 1

    def turn(self) -> None:
        pieces = [submit(number) for _, number in zip(range(self.room), self.next, strict=False)]
        self.room -= len(pieces)
        self.transport.write(b"".join(pieces))
        if not self.left:
            self.done.set_result(None)


class Awaited(Client):
    """A future for each submit; what is submitted in one turn of the loop leaves in one write."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, asyncio.Future[bytes]] = {}
        self.out: list[bytes] = []
        self.loop = asyncio.get_running_loop()

    def submit(self, number: int) -> "asyncio.Future[bytes]":
        """The message id, in time."""
        future = self.waiting[number] = self.loop.create_future()
        if not self.out:
            self.loop.call_soon(self.flush)
        self.out.append(submit(number))
        return future

    def flush(self) -> None:
        """Write what this turn brought."""
        self.transport.write(b"".join(self.out))
        self.out.clear()

    def answered(self, number: int, message_id: bytes) -> None:
        self.waiting.pop(number).set_result(message_id)


async def run(port: int, count: int, window: int, awaited: bool) -> float:
    """The seconds from the answered bind to the last answer."""
    client = Awaited() if awaited else Counting(count, window)
    began = time.perf_counter()
    await asyncio.get_running_loop().create_connection(lambda: client, "127.0.0.1", port)
    if isinstance(client, Counting):
        await client.done
        return time.perf_counter() - began
    await client.bound
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await client.submit(number)

    await asyncio.gather(*(work() for _ in range(window)))
    return time.perf_counter() - began


def main() -> None:
    """One order, one answer."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if line := sys.stdin.readline():
        sys.stdout.write(f"{asyncio.run(run(**json.loads(line)))}\n")


if __name__ == "__main__":
    main()
