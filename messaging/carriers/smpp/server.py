"""The SMSC's end of SMPP, as pure protocol: who may bind, what becomes of a submit_sm and what is delivered are the
caller's functions.

- `authenticate(request)` answers a bind with a `Grant` (whose it is, window, speed) or the status to refuse it with.
- `on_submit(peer, pdu)` is awaited in a task of its own for each submit_sm and gives the answer; answers leave in
  the order in which they are ready. None is not answered at all: for a caller that does not know itself whether it took
  the message. An exception is ESME_RSYSERR. Over the window or the speed of the grant the answer is ESME_RTHROTTLED, and
  `on_submit` is not asked.
- `on_request(peer, command, pdu)` may answer query_sm, cancel_sm, replace_sm, data_sm and submit_multi; without it
  they are ESME_RINVCMDID.
- `await peer.deliver(pdu)` pushes a deliver_sm, within the grant's window, and gives the client's status, or None when
  it never answered.
- `on_bound(peer)` and `on_gone(peer, reason)` frame all that.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

from messaging.carriers.smpp import codec
from messaging.carriers.smpp.link import Exchange, Link, Loss, Timing
from messaging.carriers.smpp.pace import Pace
from messaging.carriers.smpp.pdu import (
    RESPONSE,
    VERSION_3_4,
    Bind,
    BindResp,
    Body,
    Command,
    MessageId,
    PduError,
    SubmitSm,
)
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.tlv import Tag
from messaging.carriers.smpp.wire import LONGEST_PDU, Frame

BINDS = frozenset({Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER})
OTHERS = frozenset(
    {Command.QUERY_SM, Command.CANCEL_SM, Command.REPLACE_SM, Command.DATA_SM, Command.SUBMIT_MULTI}
)
UNBIND_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class BindRequest:
    """Who wants to bind, and how. `host` is the peer's address."""

    command: Command
    bind: Bind = field(repr=False)
    host: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a client may do. `owner` is whatever the caller wants to find again on the peer. `window`: submits unanswered
    at once; `per_second`: submits a second, 0 for no limit; `deliver_window`: deliver_sm unanswered at once."""

    owner: object = None
    window: int = 100
    per_second: float = 0.0
    deliver_window: int = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a submit_sm: 0 and our id for it, or a status."""

    status: int
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """`system_id` is what clients are told we are; `bind_seconds` how long a connection may stay unbound;
    `most_connections` bounds all clients together."""

    system_id: str = "RISALA"
    bind_seconds: float = 10.0
    most_connections: int = 1000
    timing: Timing = field(default_factory=Timing)
    longest_pdu: int = LONGEST_PDU
    tls: ssl.SSLContext | None = None


class _Delivery(Exchange):
    __slots__ = ("status",)

    def __init__(self, status: "asyncio.Future[int | None]") -> None:
        self.status = status

    def answered(self, answer: Frame) -> None:
        if not self.status.done():
            self.status.set_result(answer.status)

    def lost(self, how: Loss) -> None:
        if not self.status.done():
            self.status.set_result(None)


class Peer:
    """One client connection, bound or about to be."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.command: Command | None = None
        self.system_id = ""
        self.grant = Grant(window=0)
        self.binding = False
        self.pace = Pace(0)
        self._room = asyncio.Semaphore(1)

    def accept(self, request: BindRequest, grant: Grant) -> None:
        """From now on it is bound."""
        self.command, self.system_id, self.grant = request.command, request.bind.system_id, grant
        self.pace = Pace(grant.per_second, burst_seconds=1.0)
        self._room = asyncio.Semaphore(grant.deliver_window)

    @property
    def bound(self) -> bool:
        """Whether it is bound and connected."""
        return self.command is not None and self.link.open

    @property
    def may_submit(self) -> bool:
        """Bound as transmitter or transceiver."""
        return self.bound and self.command != Command.BIND_RECEIVER

    @property
    def may_receive(self) -> bool:
        """Bound as receiver or transceiver."""
        return self.bound and self.command != Command.BIND_TRANSMITTER

    async def deliver(self, pdu: SubmitSm) -> int | None:
        """Push a deliver_sm (section 4.6) when the window has room; the client's status, or None when it is not bound to
        receive or never answered: to be delivered again. Raises `PduError`."""
        body = codec.encode(pdu)
        async with self._room:
            if not self.may_receive:
                return None
            delivery = _Delivery(asyncio.get_running_loop().create_future())
            self.link.send(Command.DELIVER_SM, body, delivery)
            return await delivery.status


Authenticate = Callable[[BindRequest], Awaitable[Grant | Status]]
OnSubmit = Callable[[Peer, SubmitSm], Awaitable[Answer | None]]
OnRequest = Callable[[Peer, Command, Body], Awaitable[tuple[int, Body | None]]]


class Server:
    """See the top of this file. Belongs to the event loop in which it is started."""

    def __init__(
        self,
        config: ServerConfig,
        authenticate: Authenticate,
        on_submit: OnSubmit,
        *,
        on_request: OnRequest | None = None,
        on_bound: Callable[[Peer], None] = lambda peer: None,
        on_gone: Callable[[Peer, str], None] = lambda peer, reason: None,
    ) -> None:
        self.config = config
        self.peers: set[Peer] = set()
        self._authenticate, self._on_submit, self._on_request = authenticate, on_submit, on_request
        self._on_bound, self._on_gone = on_bound, on_gone
        self._listener: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, where 0 was asked for. Raises OSError when it is taken."""
        self._listener = await asyncio.get_running_loop().create_server(
            self._make_link, host, port, ssl=self.config.tls, backlog=1024
        )
        bound_port: int = self._listener.sockets[0].getsockname()[1]
        return bound_port

    async def close(self, drain_seconds: float = 5.0) -> None:
        """Stop listening, answer what is being handled, unbind every client, disconnect."""
        if self._listener is not None:
            self._listener.close()
        await asyncio.gather(*(self._dismiss(peer, drain_seconds) for peer in tuple(self.peers)))

    def _make_link(self) -> Link:
        link = Link(
            lambda link, request: self._requested(peer, request),
            timing=self.config.timing,
            on_open=lambda: self._opened(peer),
            longest_pdu=self.config.longest_pdu,
        )
        peer = Peer(link)
        return link

    def _opened(self, peer: Peer) -> None:
        self.peers.add(peer)
        peer.link.closed.add_done_callback(lambda closed: self._gone(peer, closed.result()))
        if len(self.peers) > self.config.most_connections:
            peer.link.abort("too many connections")
        else:
            asyncio.get_running_loop().call_later(self.config.bind_seconds, self._bind_in_time, peer)

    def _bind_in_time(self, peer: Peer) -> None:
        if peer.command is None and peer.link.open:
            peer.link.close("no bind in time")

    def _gone(self, peer: Peer, reason: str) -> None:
        self.peers.discard(peer)
        if peer.command is not None:
            self._on_gone(peer, reason)

    async def _dismiss(self, peer: Peer, drain_seconds: float) -> None:
        await peer.link.handled(drain_seconds)
        if peer.bound:
            await peer.link.ask(Command.UNBIND, seconds=UNBIND_SECONDS)
        peer.link.close("the server stops")
        await asyncio.wait((peer.link.closed,), timeout=UNBIND_SECONDS)
        peer.link.abort("the server stops")

    def _requested(self, peer: Peer, request: Frame) -> None:
        """A request of the client (but for enquire_link and unbind)."""
        command, link = request.command, peer.link
        if command not in BINDS and command not in OTHERS and command != Command.SUBMIT_SM:
            link.respond(request, Status.RINVCMDID, command=Command.GENERIC_NACK)
            return
        refusal = self._refusal(peer, command)
        if refusal:
            link.respond(request, refusal)
            return
        try:
            pdu = codec.decode(command, request.body)
        except PduError as error:
            link.respond(request, error.status)
            return
        if isinstance(pdu, Bind):
            peer.binding = True
            link.handle(self._bind(peer, request, pdu))
        elif command == Command.SUBMIT_SM:
            link.handle(self._submit(peer, request, cast(SubmitSm, pdu)))
        else:
            link.handle(self._other(peer, request, pdu))

    def _refusal(self, peer: Peer, command: int) -> Status | None:
        """Why this is not even read: the wrong state (section 2.2), the window, or the speed."""
        if command in BINDS:
            return Status.RALYBND if peer.binding or peer.command is not None else None
        if not peer.may_submit:
            return Status.RINVBNDSTS
        if peer.link.busy >= peer.grant.window:
            return Status.RTHROTTLED
        now = asyncio.get_running_loop().time()
        return Status.RTHROTTLED if command == Command.SUBMIT_SM and peer.pace.take(now) else None

    async def _bind(self, peer: Peer, request: Frame, bind: Bind) -> None:
        """Section 4.1. A refused client is disconnected behind its answer."""
        host = (
            str((peer.link.transport.get_extra_info("peername") or ("",))[0]) if peer.link.transport else ""
        )
        asked = BindRequest(Command(request.command), bind, host)
        granted: Grant | Status = Status.RSYSERR
        try:
            granted = await self._authenticate(asked)
        finally:
            peer.binding = False
            if not isinstance(granted, Grant):
                peer.link.respond(request, granted)
                peer.link.close("bind refused")
            elif peer.link.open:
                peer.accept(asked, granted)
                version = ((int(Tag.SC_INTERFACE_VERSION), bytes((VERSION_3_4,))),)
                peer.link.respond(request, Status.ROK, codec.encode(BindResp(self.config.system_id, version)))
                self._on_bound(peer)

    async def _submit(self, peer: Peer, request: Frame, pdu: SubmitSm) -> None:
        answer: Answer | None = Answer(Status.RSYSERR)
        try:
            answer = await self._on_submit(peer, pdu)
        finally:
            if answer is not None:
                body = codec.encode(MessageId(answer.message_id)) if answer.status == 0 else b""
                peer.link.respond(request, answer.status, body)

    async def _other(self, peer: Peer, request: Frame, pdu: Body) -> None:
        status, body = int(Status.RINVCMDID), b""
        try:
            if self._on_request is not None:
                status, answer = await self._on_request(peer, Command(request.command), pdu)
                body = codec.encode(answer) if answer is not None else b""
        except Exception:
            status = Status.RSYSERR
            raise
        finally:
            peer.link.respond(request, status, body, command=request.command | RESPONSE)
