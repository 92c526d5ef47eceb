"""A bind that is kept: connect, bind, wait until it is lost, wait a little longer each time, again. Section 2.2 has the
states; a wrong password is no reason to hurry."""

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

from messaging.carriers.smpp import codec
from messaging.carriers.smpp.link import Link
from messaging.carriers.smpp.pdu import Bind, Command
from messaging.carriers.smpp.status import DENYING, name
from messaging.carriers.smpp.wire import Frame

Phase = Literal["connecting", "bound", "waiting", "denied", "closed"]
STEADY_SECONDS = (
    30.0  # a bind that lasted this long was a good one: the next trouble starts from the first step
)
UNBIND_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class State:
    """Where a bind is. `waiting`: lost or refused, tried again in `retry_seconds`. `denied`: the carrier refuses the
    credentials, so the whole carrier is to be paused; tried again in `retry_seconds`, or at once after `resume`.
    `code` is the status of a refused bind, else ""; `detail` says more to a reader."""

    phase: Phase
    detail: str = ""
    code: str = ""
    retry_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where to connect. `tls` None is plain TCP; `tls_name` is checked in the certificate, the host when None."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    tls_name: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds: `connect` for connect, TLS and bind together; `first` and `longest` the pauses between tries, each up
    to half as long by chance, so that many sessions do not come back in one instant; `denied` after a refusal of the
    credentials."""

    connect_seconds: float = 10.0
    first_seconds: float = 1.0
    longest_seconds: float = 60.0
    denied_seconds: float = 300.0

    def pause(self, failures: int) -> float:
        """The pause after this many failures in a row, from 1."""
        full = min(self.longest_seconds, self.first_seconds * 2.0 ** min(failures - 1, 20))
        return full * random.uniform(0.5, 1.0)


@dataclass(frozen=True, slots=True)
class _Refused:
    detail: str
    status: int = 0


class Binding:
    """One bind. `make_link` builds the link of each new connection; `on_change` hears of every state."""

    def __init__(
        self,
        address: Address,
        command: Command,
        credentials: Bind,
        *,
        patience: Patience,
        make_link: Callable[[], Link],
        on_change: Callable[[], None],
    ) -> None:
        self._address, self._command, self._patience = address, command, patience
        self._body = codec.encode(credentials)
        self._make_link, self._on_change = make_link, on_change
        self._again = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.link: Link | None = None
        self.state = State("connecting")

    def start(self) -> None:
        """Begin, in a task of its own."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    def resume(self) -> None:
        """Try now, whatever the pause."""
        self._again.set()

    async def close(self, drain_seconds: float) -> None:
        """Unbind (section 4.2), having handled what the peer sent, and disconnect. Never raises."""
        link, self.link = self.link, None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        if link is not None and link.open:
            await link.handled(drain_seconds)
            await link.ask(Command.UNBIND, seconds=UNBIND_SECONDS)
            link.close("unbound")
            await asyncio.wait((link.closed,), timeout=UNBIND_SECONDS)
            link.abort("unbound")
        self._change(State("closed"))

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            self._again.clear()
            self._change(State("connecting"))
            outcome = await self._bind()
            match outcome:
                case Link():
                    bound_at = loop.time()
                    self.link = outcome
                    self._change(State("bound"))
                    reason = await asyncio.shield(outcome.closed)
                    self.link = None
                    failures = 1 if loop.time() - bound_at >= STEADY_SECONDS else failures + 1
                    await self._pause(State("waiting", reason, retry_seconds=self._patience.pause(failures)))
                case _Refused(detail, status) if status in DENYING:
                    failures += 1
                    pause = self._patience.denied_seconds
                    await self._pause(State("denied", detail, name(status), pause))
                case _Refused(detail, status):
                    failures += 1
                    code = name(status) if status else ""
                    await self._pause(State("waiting", detail, code, self._patience.pause(failures)))
                case _:
                    assert_never(outcome)

    async def _bind(self) -> Link | _Refused:
        """Connect and bind (section 4.1)."""
        link = self._make_link()
        try:
            async with asyncio.timeout(self._patience.connect_seconds):
                await asyncio.get_running_loop().create_connection(
                    lambda: link,
                    self._address.host,
                    self._address.port,
                    ssl=self._address.tls,
                    server_hostname=(self._address.tls_name or self._address.host)
                    if self._address.tls
                    else None,
                )
                answer = await link.ask(self._command, self._body, seconds=self._patience.connect_seconds)
        except TimeoutError:
            link.abort("no answer to the bind")
            return _Refused("no answer to connect or bind in time")
        except (OSError, UnicodeError) as error:  # a name that does not resolve, a refused connect, TLS
            return _Refused(f"{type(error).__name__}: {error}")
        except asyncio.CancelledError:
            link.abort("cancelled")
            raise
        return self._judge(link, answer)

    def _judge(self, link: Link, answer: Frame | None) -> Link | _Refused:
        if answer is None:
            link.abort("no answer to the bind")
            return _Refused("the connection ended before the bind was answered")
        if answer.status == 0 and answer.command != Command.GENERIC_NACK:
            return link
        link.close("bind refused")
        return _Refused(f"bind refused with {name(answer.status)}", answer.status)

    async def _pause(self, state: State) -> None:
        self._change(state)
        try:
            async with asyncio.timeout(state.retry_seconds):
                await self._again.wait()
        except TimeoutError:
            return

    def _change(self, state: State) -> None:
        self.state = state
        self._on_change()
