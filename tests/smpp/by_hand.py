"""Connections written and read by hand, octet by octet."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from messaging.carriers.smpp.link import Timing
from messaging.carriers.smpp.wire import Frame, Framer, frame

PATIENT = Timing(answer_seconds=5, idle_seconds=5, alive_seconds=5)


class Wire:
    """A connection written and read by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._framer, self._frames = Framer(), list[Frame]()

    def send(self, command: int, status: int = 0, sequence: int = 1, body: bytes = b"") -> None:
        self._writer.write(frame(command, status, sequence, body))

    def raw(self, octets: bytes) -> None:
        self._writer.write(octets)

    async def next(self) -> Frame:
        """The next PDU; EOFError when the other end has closed."""
        async with asyncio.timeout(5):
            while not self._frames:
                data = await self._reader.read(65536)
                if not data:
                    raise EOFError
                self._frames += self._framer.feed(data)
        return self._frames.pop(0)

    async def ended(self) -> None:
        """Wait for the other end to close."""
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                await self.next()

    def close(self) -> None:
        self._writer.close()


async def by_hand(play: Callable[[Wire], Awaitable[None]]) -> tuple[asyncio.Server, int]:
    """An SMSC that binds whoever comes, then plays."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        try:
            asked = await wire.next()
            wire.send(asked.command | 0x80000000, 0, asked.sequence, b"SMSC\0")
            await play(wire)
        except (EOFError, ConnectionError):
            pass
        finally:
            wire.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    return server, port
