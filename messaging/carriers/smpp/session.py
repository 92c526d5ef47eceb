"""The SMPP client of one carrier: binds that are kept, a window, and a result for every part that is submitted.

    async with Session(config, on_deliver, on_state) as session:
        results = await session.submit(parts)

What the one who runs it has to know:

- `submit` never raises for what a carrier or a network can do, and gives one `Result` per part, in order;
  `status.joined` makes them the result of the message. `TryLater` is certain not to have reached the carrier: not bound,
  throttled (the session has halved its speed already), queue full, denied. `Unknown` may have.
- A part of a message is never left behind: while others of the same call were taken, a throttled one is tried again here,
  for `part_retry_seconds`.
- Cancelling a `submit` takes back what was not written yet; what was written runs to its end unheard.
- `post(parts, done)` is the same without a task: for thousands of messages a second, `done` being a list's append.
- `on_deliver(pdu)` is awaited in a task of its own for each deliver_sm and data_sm, and has to return True once it is
  stored: only then does the carrier get ESME_ROK. False, an exception, or `deliver_seconds` without an end is ESME_RX_T_APPN, and the
  carrier keeps it. `receipts.report` and `unpacking.fragment` read it.
- `on_state(state)` is called, without awaiting, with every change. `denied` means pause the carrier; the session tries
  again by itself after `denied_seconds`, or after `resume()`.
- `on_late(tag, index, result)` hears an answer that came after its part was `Unknown`: the carrier's id for it, if it
  was taken after all.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self, cast

from messaging.carriers.contract import Accepted, Rejected, Result, TryLater, Unknown
from messaging.carriers.reasons import Reason
from messaging.carriers.smpp import codec
from messaging.carriers.smpp.binding import Address, Binding, Patience, Phase, State
from messaging.carriers.smpp.link import Exchange, Link, Loss, Timing
from messaging.carriers.smpp.pace import Pace
from messaging.carriers.smpp.pdu import Bind, Command, DataSm, PduError, SubmitSm
from messaging.carriers.smpp.status import Status, Verdict, result
from messaging.carriers.smpp.wire import Frame

Mode = Literal["transceiver", "transmitter", "pair"]
Deliver = Callable[[SubmitSm | DataSm], Awaitable[bool]]
OnState = Callable[[State], None]
Done = Callable[[object, list[Result]], object]
OnLate = Callable[[object, int, Result], None]

COMMANDS: Mapping[Mode, tuple[Command, ...]] = {
    "transceiver": (Command.BIND_TRANSCEIVER,),
    "transmitter": (Command.BIND_TRANSMITTER,),
    "pair": (Command.BIND_TRANSMITTER, Command.BIND_RECEIVER),
}
NOTHING: Result = Unknown("PENDING")
PART_RETRY_PAUSE_SECONDS = 1.0
DRAIN_LOOK_SECONDS = 0.01
DELIVERIES = frozenset({Command.DELIVER_SM, Command.DATA_SM})
WORST_FIRST: tuple[Phase, ...] = ("denied", "waiting", "connecting", "closed", "bound")
EMPTY_ID = b"\0"  # message_id of deliver_sm_resp, unused (section 4.6.2)


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """One carrier's bind. `transmitter` is the address for everything that sends, `receiver` another one for the receiver
    of a `pair`. `window`: parts in flight at once; `per_second`: agreed speed in parts, 0 for none; `most_deliveries`: how
    many deliver_sm are handled at once before more are refused with ESME_RX_T_APPN; `statuses`: the carrier's own
    meanings of command_status."""

    address: Address
    credentials: Bind = field(repr=False)
    mode: Mode = "transceiver"
    receiver: Address | None = None
    window: int = 10
    per_second: float = 0.0
    timing: Timing = field(default_factory=Timing)
    patience: Patience = field(default_factory=Patience)
    deliver_seconds: float = 30.0
    most_deliveries: int = 1000
    part_retry_seconds: float = 30.0
    statuses: Mapping[int, Verdict] = field(default_factory=dict)


class _Job:
    """The parts of one call and their results; `finish` is called by the last of them."""

    __slots__ = ("cancelled", "finish", "left", "parts", "results", "retry_until", "tag", "urgent")

    def __init__(
        self, parts: Sequence[SubmitSm], tag: object, urgent: bool, finish: "Callable[[_Job], None]"
    ) -> None:
        self.parts, self.tag, self.urgent, self.finish = parts, tag, urgent, finish
        self.results = [NOTHING] * len(parts)
        self.left = 0
        self.retry_until: float | None = None
        self.cancelled = False

    def settle(self, index: int, found: Result) -> None:
        self.results[index] = found
        self.left -= 1
        if not self.left:
            self.finish(self)


class _Item(Exchange):
    """One part, from the call until its result."""

    __slots__ = ("body", "index", "job", "session")

    def __init__(self, session: "Session", job: _Job, index: int, body: bytes) -> None:
        self.session, self.job, self.index, self.body = session, job, index, body

    def answered(self, answer: Frame) -> None:
        self.job.settle(self.index, self.session.judge(answer))

    def lost(self, how: Loss) -> None:
        code = "SUBMIT_TIMEOUT" if how == "timeout" else "CONNECTION_LOST"
        self.job.settle(self.index, Unknown(code, "the answer to submit_sm never came"))

    def late(self, answer: Frame) -> None:
        self.session.heard_late(self.job.tag, self.index, answer)


class Session:
    """See the top of this file. Belongs to the event loop in which it is started."""

    def __init__(
        self,
        config: SessionConfig,
        on_deliver: Deliver,
        on_state: OnState = lambda state: None,
        *,
        on_late: OnLate = lambda tag, index, late: None,
    ) -> None:
        self.config = config
        self.pace = Pace(config.per_second)
        self.state = State("closed")
        self._on_deliver, self._on_state, self._on_late = on_deliver, on_state, on_late
        self._bindings: list[Binding] = []
        self._urgent: deque[_Item] = deque()
        self._queue: deque[_Item] = deque()
        self._torn: dict[_Job, asyncio.TimerHandle] = {}
        self._pumping = False
        self._timer: asyncio.TimerHandle | None = None
        self._changed = asyncio.Event()
        self._closing = False

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self) -> None:
        """Begin to bind, without waiting for it."""
        self._loop = asyncio.get_running_loop()
        config = self.config
        for command in COMMANDS[config.mode]:
            receives = command == Command.BIND_RECEIVER and config.receiver is not None
            binding = Binding(
                config.receiver if receives and config.receiver is not None else config.address,
                command,
                config.credentials,
                patience=config.patience,
                make_link=self._link,
                on_change=self._note,
            )
            self._bindings.append(binding)
        for binding in self._bindings:
            binding.start()

    async def bound(self, seconds: float) -> bool:
        """Wait until every bind stands, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                while self.state.phase != "bound":
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def resume(self) -> None:
        """Try to bind now: the operator has mended something, or wants to know."""
        for binding in self._bindings:
            binding.resume()

    @property
    def in_flight(self) -> int:
        """Parts written and not answered."""
        link = self._sender()
        return len(link.window) if link else 0

    @property
    def queued(self) -> int:
        """Parts that wait for a place in the window."""
        return len(self._urgent) + len(self._queue)

    async def submit(
        self, parts: Sequence[SubmitSm], *, tag: object = None, urgent: bool = False
    ) -> list[Result]:
        """Submit the parts of one message and wait for all their results.

        `tag` is given back by `on_late`; `urgent` parts go before the others that wait here.
        """
        done: asyncio.Future[list[Result]] = self._loop.create_future()

        def heard(job: _Job) -> None:
            if not done.done():
                done.set_result(job.results)

        job = self._post(parts, heard, tag, urgent)
        try:
            return await done
        finally:
            job.cancelled = done.cancelled()

    def post(
        self, parts: Sequence[SubmitSm], done: Done, *, tag: object = None, urgent: bool = False
    ) -> None:
        """Submit the parts of one message; `done(tag, results)` is called when the last result is there, which may be
        before this returns."""
        self._post(parts, lambda job: done(job.tag, job.results), tag, urgent)

    async def close(self, drain_seconds: float = 10.0) -> None:
        """Take nothing more, wait for the answers to what is written, unbind, disconnect. Parts not yet written are
        `TryLater`; those without an answer by then `Unknown`."""
        self._closing = True
        self._drop_queued("CLOSING", "the session is closing")
        for job, timer in tuple(self._torn.items()):
            timer.cancel()
            self._again(job)
        deadline = self._loop.time() + drain_seconds
        while self.in_flight and self._loop.time() < deadline:
            await asyncio.sleep(DRAIN_LOOK_SECONDS)
        await asyncio.gather(*(binding.close(drain_seconds) for binding in self._bindings))
        if self._timer is not None:
            self._timer.cancel()

    # What items and links call.

    def judge(self, answer: Frame) -> Result:
        """The result that an answer means."""
        if answer.status == 0:
            if answer.command != Command.SUBMIT_SM_RESP:
                return Unknown("UNEXPECTED_ANSWER", f"answered with command 0x{answer.command:08X}")
            return Accepted(answer.body.partition(b"\0")[0].decode("latin-1"))
        found = result(answer.status, own=self.config.statuses)
        if isinstance(found, TryLater) and found.cause in ("throttled", "queue_full"):
            self.pace.slow(self._loop.time())
        return found

    def heard_late(self, tag: object, index: int, answer: Frame) -> None:
        """An answer after its time-out."""
        self._on_late(tag, index, self.judge(answer))

    def _post(
        self, parts: Sequence[SubmitSm], heard: Callable[[_Job], object], tag: object, urgent: bool
    ) -> _Job:
        def finish(job: _Job) -> None:
            if len(parts) < 2 or not self._mend(job):
                heard(job)

        job = _Job(parts, tag, urgent, finish)
        if parts:
            self._enqueue(job, range(len(parts)))
        else:
            heard(job)
        return job

    def _enqueue(self, job: _Job, indexes: Sequence[int]) -> None:
        """Let parts wait for their turn. What is written in one turn of the loop is written together."""
        job.left = len(indexes)
        queue = self._urgent if job.urgent else self._queue
        link = None if self._closing else self._sender()
        for index in indexes:
            try:
                body = codec.encode(job.parts[index])
            except PduError as error:
                job.settle(index, Rejected("UNENCODABLE", Reason.CONTENT_REFUSED, str(error)))
                continue
            if link is None:
                job.settle(index, self._not_bound())
            else:
                queue.append(_Item(self, job, index, body))
        if not self._pumping:
            self._pumping = True
            self._loop.call_soon(self._pump_soon)

    def _mend(self, job: _Job) -> bool:
        """Whether parts of a message of which others were taken are to be tried again, in a while."""
        if self._closing or job.cancelled or not _torn(job.results):
            return False
        now, patience = self._loop.time(), self.config.part_retry_seconds
        if job.retry_until is None:
            job.retry_until = now + patience
        if now >= job.retry_until:
            return False
        self._torn[job] = self._loop.call_later(
            min(PART_RETRY_PAUSE_SECONDS, patience / 10), self._again, job
        )
        return True

    def _again(self, job: _Job) -> None:
        del self._torn[job]
        job.urgent = True
        self._enqueue(job, [index for index, found in enumerate(job.results) if _may_pass(found)])

    def _pump_soon(self) -> None:
        self._pumping = False
        self._pump()

    def _pump(self) -> None:
        """Write what the window, the speed and the peer allow."""
        link = self._sender()
        if link is None:
            return
        window, most, now = link.window, self.config.window, self._loop.time()
        while len(window) < most and link.writable:
            queue = self._urgent or self._queue
            if not queue:
                return
            if queue[0].job.cancelled:
                queue.popleft()
                continue
            wait = self.pace.take(now)
            if wait:
                if self._timer is None:
                    self._timer = self._loop.call_later(wait, self._paced)
                return
            item = queue.popleft()
            link.send(Command.SUBMIT_SM, item.body, item, now=now)

    def _paced(self) -> None:
        self._timer = None
        self._pump()

    def _sender(self) -> Link | None:
        """The link of the bind that sends, if it stands."""
        link = self._bindings[0].link if self._bindings else None
        return link if link is not None and link.open else None

    def _link(self) -> Link:
        return Link(self._requested, timing=self.config.timing, on_room=self._pump)

    def _note(self) -> None:
        """A bind changed. The session is as well as the worst of its binds."""
        states = [binding.state for binding in self._bindings]
        state = min(states, key=lambda each: WORST_FIRST.index(each.phase))
        if self._sender() is None:
            self._drop_queued(state.code or "NOT_BOUND", state.detail)
        if state != self.state:
            self.state = state
            self._changed.set()
            self._on_state(state)

    def _not_bound(self) -> TryLater:
        if self.state.phase == "denied":
            return TryLater(self.state.code, "denied", self.state.detail)
        return TryLater("CLOSING" if self._closing else "NOT_BOUND", "unreachable", self.state.detail)

    def _drop_queued(self, code: str, detail: str) -> None:
        for queue in (self._urgent, self._queue):
            while queue:
                item = queue.popleft()
                item.job.settle(item.index, TryLater(code, "unreachable", detail))

    def _requested(self, link: Link, request: Frame) -> None:
        """A request of the carrier (but for enquire_link and unbind)."""
        if request.command not in DELIVERIES:
            if request.command not in (Command.ALERT_NOTIFICATION, Command.OUTBIND):  # those have no answer
                link.respond(request, Status.RINVCMDID, command=Command.GENERIC_NACK)
            return
        if link.busy >= self.config.most_deliveries:
            link.respond(request, Status.RX_T_APPN)
            return
        try:
            pdu = cast(SubmitSm | DataSm, codec.decode(request.command, request.body))
        except PduError as error:
            link.respond(request, error.status)
            return
        link.handle(self._deliver(link, request, pdu))

    async def _deliver(self, link: Link, request: Frame, pdu: SubmitSm | DataSm) -> None:
        stored = False
        try:
            async with asyncio.timeout(self.config.deliver_seconds):
                stored = await self._on_deliver(pdu)
        finally:
            link.respond(request, Status.ROK if stored else Status.RX_T_APPN, EMPTY_ID if stored else b"")


def _may_pass(found: Result) -> bool:
    return isinstance(found, TryLater) and found.cause in ("throttled", "queue_full")


def _torn(results: Sequence[Result]) -> bool:
    """Some parts were taken, and others may still be."""
    return any(map(_may_pass, results)) and any(isinstance(each, Accepted) for each in results)
