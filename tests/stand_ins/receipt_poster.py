"""Posts receipts as SMS.to does (a form, to the address given with the message), over a few kept-alive
connections.

Part of the stand-in for SMS.to. A receipt that is not answered with 2xx is tried again, as by the real one,
but after a second and not after an hour."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

CONNECTIONS = 16
WAITING = 500_000
TRIES = 120
RETRY_SECONDS = 1.0
ANSWER_SECONDS = 4.0


class ReceiptPoster:
    """`plan` is called by the server in its loop; `posted` counts the receipts that were answered with
    2xx."""

    def __init__(self, *, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self.posted = 0
        self.refused = 0
        self._queue: asyncio.Queue[tuple[str, bytes, int]] = asyncio.Queue(WAITING)
        self._workers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start posting, in the running loop."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(CONNECTIONS)]

    async def stop(self) -> None:
        """Drop what is not posted yet."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def plan(self, url: str, message_id: str, to: str, statuses: Sequence[str]) -> None:
        """Receipts of these statuses for one message, in order, after the delay."""
        for n, status in enumerate(statuses):
            form = {"trackingId": message_id, "messageId": message_id, "phone": to}
            body = urlencode(form | {"status": status, "parts": "1", "price": "0.015"}).encode()
            # The second status follows the first by a little, so that both arrive in order over two
            # connections.
            self._later(self.delay_seconds + n * 0.05, url, body, 1)

    def _later(self, delay_seconds: float, url: str, body: bytes, attempt: int) -> None:
        if delay_seconds:
            asyncio.get_running_loop().call_later(delay_seconds, self._later, 0.0, url, body, attempt)
        else:
            with suppress(asyncio.QueueFull):
                self._queue.put_nowait((url, body, attempt))

    async def _work(self) -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        host = ""
        while True:
            url, body, attempt = await self._queue.get()
            parts = urlsplit(url)
            if connection is not None and (parts.netloc != host or connection[0].at_eof()):
                connection[1].close()
                connection = None
            host = parts.netloc
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if connection is None:
                        connection = await asyncio.open_connection(parts.hostname, parts.port)
                    accepted, kept = await _post(*connection, url, body)
            except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                accepted, kept = False, False
            if connection is not None and not kept:
                connection[1].close()
                connection = None
            self._settle(accepted, url, body, attempt)

    def _settle(self, accepted: bool, url: str, body: bytes, attempt: int) -> None:
        if accepted:
            self.posted += 1
            return
        self.refused += 1
        if attempt < TRIES:
            self._later(RETRY_SECONDS, url, body, attempt + 1)


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str, body: bytes
) -> tuple[bool, bool]:
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), None)
    if length is None and " 204 " not in lines[0]:
        raise ValueError("an answer without a length")
    await reader.readexactly(length or 0)
    return lines[0].split(" ")[1].startswith("2"), "connection: close" not in head
