"""One SMPP connection, the same for both ends: frames in and out, sequence numbers, answers matched to requests in any
order, time-outs, enquire_link both ways.

What is written in one turn of the event loop leaves in one piece. Every request ends: answered, timed out, or lost with
the connection; a peer that hangs, sends garbage or never reads costs the connection and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, cast

import structlog

from messaging.carriers.smpp.pdu import RESPONSE, Command
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.wire import HIGHEST_SEQUENCE, LONGEST_PDU, Frame, FrameError, Framer, frame

log = structlog.get_logger()

Loss = Literal["timeout", "closed"]
MOST_LATE = 10_000  # timed-out requests whose answer may still come
UNREAD_OCTETS = 4 * 1024 * 1024  # a peer that lets this much pile up does not read
LINGER_SECONDS = 2.0
LEAST_TICK_SECONDS, LONGEST_TICK_SECONDS = 0.02, 1.0


class Exchange:
    """A request on its way, in the window. Exactly one of `answered` and `lost` is called; `late` may follow a `lost`
    by time-out."""

    __slots__ = ("deadline",)
    deadline: float

    def answered(self, answer: Frame) -> None:
        """Its answer, or a generic_nack for it (section 4.3)."""

    def lost(self, how: Loss) -> None:
        """There will be no answer, or none in time."""

    def late(self, answer: Frame) -> None:
        """The answer after the time-out."""


class _Asked(Exchange):
    __slots__ = ("answer",)

    def __init__(self, answer: "asyncio.Future[Frame | None]") -> None:
        self.answer = answer

    def answered(self, answer: Frame) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)

    def lost(self, how: Loss) -> None:
        if not self.answer.done():
            self.answer.set_result(None)


@dataclass(frozen=True, slots=True)
class Timing:
    """Patience in seconds. `answer`: for the answer to a request in the window; `idle`: silence before an enquire_link is
    sent (the enquire_link_timer of section 7.2); `alive`: for its answer, before the connection is given up."""

    answer_seconds: float = 30.0
    idle_seconds: float = 30.0
    alive_seconds: float = 10.0

    @property
    def tick_seconds(self) -> float:
        """How often to look."""
        shortest = min(self.answer_seconds, self.idle_seconds, self.alive_seconds) / 8
        return max(LEAST_TICK_SECONDS, min(LONGEST_TICK_SECONDS, shortest))


class Link(asyncio.Protocol):
    """The connection. `on_request` gets every request but enquire_link and unbind, which are answered here; `on_open` is
    called when it is connected, TLS included, `on_room` when answers came or the peer reads again, so that more may be
    sent; `closed` gets the reason when all is over, after every exchange was told."""

    def __init__(
        self,
        on_request: Callable[["Link", Frame], None],
        *,
        timing: Timing,
        on_room: Callable[[], None] | None = None,
        on_open: Callable[[], None] | None = None,
        longest_pdu: int = LONGEST_PDU,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[str] = self._loop.create_future()
        self.window: dict[int, Exchange] = {}
        self.writable = True
        self.transport: asyncio.Transport | None = None
        self._on_request, self._on_room, self._on_open = on_request, on_room, on_open
        self._timing = timing
        self._framer = Framer(longest_pdu)
        self._asked: dict[int, _Asked] = {}
        self._late: dict[int, Exchange] = {}
        self._out: list[bytes] = []
        self._sequence = 0
        self._reason = ""
        self._heard_at = self._loop.time()
        self._enquired_at: float | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio has set TCP_NODELAY."""
        self.transport = cast(asyncio.Transport, transport)
        self._heard_at = self._loop.time()
        self._tick = self._loop.call_later(self._timing.tick_seconds, self._look)
        if self._on_open is not None:
            self._on_open()

    def data_received(self, data: bytes) -> None:
        """Handle every PDU that is whole. A frame that cannot be read is nacked (section 4.3.1) and ends the
        connection: what follows it has no known beginning."""
        if self._reason:
            return
        self._heard_at = self._loop.time()
        try:
            frames = self._framer.feed(data)
        except FrameError as error:
            self._handle(error.whole)
            self._write(frame(Command.GENERIC_NACK, Status.RINVCMDLEN, 0))
            self.close(f"unreadable: {error}")
            return
        self._handle(frames)
        if self._on_room is not None:
            self._on_room()
        if self.transport is not None and self.transport.get_write_buffer_size() > UNREAD_OCTETS:
            self.abort("the peer does not read")

    def pause_writing(self) -> None:
        """The peer reads slower than we write."""
        self.writable = False

    def resume_writing(self) -> None:
        """It has caught up."""
        self.writable = True
        if self._on_room is not None:
            self._on_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell everybody who waits."""
        if self._tick is not None:
            self._tick.cancel()
        self.transport = None
        self._out.clear()
        waiting: list[Exchange] = [*self.window.values(), *self._asked.values()]
        self.window.clear()
        self._asked.clear()
        self._late.clear()
        for exchange in waiting:
            exchange.lost("closed")
        if not self.closed.done():
            self.closed.set_result(self._reason or (f"lost: {exc}" if exc else "the peer closed"))

    # What sessions call.

    @property
    def open(self) -> bool:
        """Whether something written now may arrive."""
        return self.transport is not None and not self._reason

    @property
    def busy(self) -> int:
        """How many requests of the peer are being handled."""
        return len(self._tasks)

    def send(self, command: int, body: bytes, exchange: Exchange, *, now: float | None = None) -> None:
        """A request in the window. Only when `open`. `now` is the loop's time, if it was just looked at."""
        sequence = self._next_sequence()
        exchange.deadline = (self._loop.time() if now is None else now) + self._timing.answer_seconds
        self.window[sequence] = exchange
        self._write(frame(command, 0, sequence, body))

    async def ask(self, command: int, body: bytes = b"", *, seconds: float) -> Frame | None:
        """A request beside the window (bind, unbind) and its answer; None when there is none within the time."""
        if not self.open:
            return None
        sequence = self._next_sequence()
        asked = self._asked[sequence] = _Asked(self._loop.create_future())
        self._write(frame(command, 0, sequence, body))
        try:
            async with asyncio.timeout(seconds):
                return await asked.answer
        except TimeoutError:
            return None
        finally:
            self._asked.pop(sequence, None)

    def respond(self, request: Frame, status: int, body: bytes = b"", *, command: int | None = None) -> None:
        """Answer a request, if the connection is still there."""
        if self.transport is not None:
            answer = command if command is not None else request.command | RESPONSE
            self._write(frame(answer, status, request.sequence, body))

    def handle(self, work: Awaitable[None]) -> None:
        """Let a request of the peer be handled in a task of its own. It may outlive the connection: what is being stored
        is stored, and then not answered."""
        task = self._loop.create_task(_run(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def handled(self, seconds: float) -> None:
        """Wait until every request of the peer has been handled, or the time is over."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)

    def close(self, reason: str) -> None:
        """Send what is written, then close; by force where the peer does not take it."""
        if self.transport is not None:
            self._reason = self._reason or reason
            self._flush()
            self.transport.close()
            self._loop.call_later(LINGER_SECONDS, self.abort, reason)

    def abort(self, reason: str) -> None:
        """Close at once."""
        self._reason = self._reason or reason
        if self.transport is not None:
            self.transport.abort()

    def _handle(self, frames: list[Frame]) -> None:
        window = self.window
        for each in frames:
            if each.command & RESPONSE:
                exchange = window.pop(each.sequence, None)
                if exchange is not None:
                    exchange.answered(each)
                else:
                    self._unawaited(each)
            elif each.command == Command.ENQUIRE_LINK:
                self.respond(each, Status.ROK)
            elif each.command == Command.UNBIND:
                self.respond(each, Status.ROK)
                self.close("the peer unbound")
            else:
                self._on_request(self, each)

    def _unawaited(self, answer: Frame) -> None:
        """An answer to something beside the window, or one that is late, or to nothing at all (not answered)."""
        asked = self._asked.pop(answer.sequence, None)
        if asked is not None:
            asked.answered(answer)
        elif (exchange := self._late.pop(answer.sequence, None)) is not None:
            exchange.late(answer)

    def _look(self) -> None:
        """Once a tick: time-outs, then silence."""
        if self.transport is None:
            return
        now = self._loop.time()
        self._time_out(now)
        if self._enquired_at is not None and self._heard_at > self._enquired_at:
            self._enquired_at = None
        if self._enquired_at is not None:
            if now - self._enquired_at >= self._timing.alive_seconds:
                self.abort("no answer to enquire_link")
        elif now - self._heard_at >= self._timing.idle_seconds:
            self._enquired_at = now
            self._write(frame(Command.ENQUIRE_LINK, 0, self._next_sequence()))
        self._tick = self._loop.call_later(self._timing.tick_seconds, self._look)

    def _time_out(self, now: float) -> None:
        """The window is in the order of its deadlines."""
        over = []
        for sequence, exchange in self.window.items():
            if exchange.deadline > now:
                break
            over.append(sequence)
        for sequence in over:
            exchange = self.window.pop(sequence)
            self._late[sequence] = exchange
            exchange.lost("timeout")
        while len(self._late) > MOST_LATE:
            del self._late[next(iter(self._late))]
        if over and self._on_room is not None:
            self._on_room()

    def _next_sequence(self) -> int:
        self._sequence = 1 if self._sequence >= HIGHEST_SEQUENCE else self._sequence + 1
        return self._sequence

    def _write(self, octets: bytes) -> None:
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(octets)

    def _flush(self) -> None:
        if self._out and self.transport is not None and not self.transport.is_closing():
            self.transport.write(b"".join(self._out))
        self._out.clear()


async def _run(work: Awaitable[None]) -> None:
    """A handler that fails is a fault of ours: logged, and no reason to end the connection."""
    try:
        await work
    except Exception:
        log.exception("smpp_handler_failed")
