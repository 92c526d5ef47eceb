"""An SMSC on loopback, with fault modes: it answers submits, sends receipts per segment and inbound messages, and breaks
in the ways that real ones do.

In a test: `with running(receipts="text") as smsc:` (in a thread of its own, as a real server on a port), or
`await Smsc(...).start()` in the test's own loop. `smsc_process.py` runs it as a process of its own."""

import asyncio
import random
import struct
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from messaging.carriers.smpp.coding import DEFAULT, Coding, parts
from messaging.carriers.smpp.link import Timing
from messaging.carriers.smpp.pdu import SubmitSm
from messaging.carriers.smpp.receipts import DELIVERY_RECEIPT, State, state_of
from messaging.carriers.smpp.server import Answer, BindRequest, Grant, Peer, Server, ServerConfig
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.tlv import Tag, Tlvs
from messaging.carriers.smpp.unpacking import fragment

MODES = {
    "ok": "taken, and answered",
    "throttle": "ESME_RTHROTTLED",
    "queue_full": "ESME_RMSGQFUL",
    "out_of_order": "taken, and answered after a random part of `latency_seconds`",
    "silence": "taken, and never answered",
    "late": "taken, and answered after `latency_seconds`",
    "half_open": "taken, then nothing of this connection is read or answered any more",
    "garbage": "taken, then octets that are no PDU",
    "oversized": "taken, then a PDU said to have two gigabytes",
    "disconnect": "taken, then the connection is cut without an answer",
    "unbind": "taken, then unbind instead of an answer",
}
RECEIPT_MODES = {
    "ok": "one receipt, `stat`, after `receipt_delay_seconds`",
    "lost": "none",
    "early": "before the answer to the submit",
    "late": "after ten times the delay",
    "twice": "the same one twice",
    "contradict": "`stat`, then UNDELIV (DELIVRD where `stat` is not)",
    "steps": "ENROUTE, ACCEPTD, then `stat`",
}
IDS = ("hex", "HEX", "decimal", "padded", "text")
REDELIVER_SECONDS = 0.1


class Submitted(NamedTuple):
    """One submit_sm that was taken, and the id it got."""

    pdu: SubmitSm
    number: int
    message_id: str
    system_id: str

    @property
    def text(self) -> str:
        """What this part says."""
        return fragment(self.pdu).text


def spelled(number: int, form: str) -> str:
    """The id of a message in one of `IDS`."""
    return {
        "hex": f"{number:x}",
        "HEX": f"{number:X}",
        "decimal": str(number),
        "padded": f"{number:010d}",
        "text": f"smsc-{number:06d}",
    }[form]


@dataclass
class Smsc:
    """What it does and what it saw; everything may be changed while it runs.

    `mode` is one of `MODES`, or a status such as `0x0B`, for every submit; `script` holds modes that the next submits
    use up first. `receipts`: `none`, `text` (appendix B), `tlv` (section 5.3.2) or `both`; `receipt_mode` and
    `receipt_script` likewise, a segment each. `ids` are spellings in the answer and `receipt_ids` in the receipt. `binds`
    holds statuses for the next binds.
    """

    mode: str = "ok"
    script: deque[str] = field(default_factory=deque)
    receipts: str = "none"
    receipt_mode: str = "ok"
    receipt_script: deque[str] = field(default_factory=deque)
    receipt_delay_seconds: float = 0.0
    stat: str = "DELIVRD"
    error: str = "000"
    ids: str = "hex"
    receipt_ids: str = "hex"
    latency_seconds: float = 0.05
    system_id: str = "risala"
    password: str = "secret"
    binds: deque[int] = field(default_factory=deque)
    window: int = 10_000
    per_second: float = 0.0
    deliver_window: int = 10
    timing: Timing = field(default_factory=Timing)
    tls: Any = None
    port: int = 0
    submitted: deque[Submitted] = field(default_factory=lambda: deque(maxlen=200_000))
    total: int = 0
    refused: int = 0
    bound: Counter[str] = field(default_factory=Counter)
    gone: list[str] = field(default_factory=list)
    delivered: list[tuple[SubmitSm, int | None]] = field(default_factory=list)
    copies: Counter[tuple[str, bytes]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._ready: set[asyncio.Task[None]] = set()
        self._number = 0x1A2B3C
        self._server: Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # What tests ask and say.

    @property
    def doubled(self) -> list[str]:
        """Recipients that were sent the same part more than once."""
        return sorted({to for (to, _), count in self.copies.items() if count > 1})

    @property
    def accepted_receipts(self) -> int:
        """Receipts and inbound messages that a client took with ESME_ROK."""
        return sum(1 for _, status in list(self.delivered) if status == 0)

    @property
    def peers(self) -> tuple[Peer, ...]:
        """Who is connected."""
        return tuple(self._server.peers) if self._server else ()

    def inbound(self, source: str, to: str, text: str, *, coding: Coding = DEFAULT) -> None:
        """A message from a handset, in as many parts as it takes; from any thread."""
        pieces = parts(text, coding, reference=random.randrange(0x10000))
        for each in pieces:
            pdu = SubmitSm(
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr=source,
                dest_addr_ton=1,
                dest_addr_npi=1,
                destination_addr=to,
                esm_class=each.esm_class,
                data_coding=each.data_coding,
                short_message=each.short_message,
                tlvs=each.tlvs,
            )
            self.push(pdu)

    def push(self, pdu: SubmitSm) -> None:
        """Any deliver_sm, to whoever is bound to receive; again until it is taken. From any thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._start, pdu, 0.0)

    def cut(self) -> None:
        """Cut every connection, from any thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._cut)

    def stats(self) -> dict[str, object]:
        """Counts, for a look from another process."""
        return {
            "total": self.total,
            "refused": self.refused,
            "doubled": self.doubled[:100],
            "bound": dict(self.bound),
            "connections": len(self.peers),
            "deliveries": len(self.delivered),
            "accepted": self.accepted_receipts,
            "unaccepted": len(self._ready),
        }

    # How it runs.

    async def start(self, port: int = 0) -> "Smsc":
        """Listen on loopback."""
        self._loop = asyncio.get_running_loop()
        config = ServerConfig("SMSC", timing=self.timing, tls=self.tls, bind_seconds=5.0)
        self._server = Server(
            config, self._authenticate, self._submit, on_bound=self._bound, on_gone=self._gone
        )
        self.port = await self._server.start("127.0.0.1", port)
        return self

    async def stop(self) -> None:
        """Disconnect everybody."""
        ready = tuple(self._ready)
        for task in ready:
            task.cancel()
        await asyncio.gather(*ready, return_exceptions=True)
        if self._server is not None:
            self._cut()
            await self._server.close(0.1)

    def _cut(self) -> None:
        for peer in self.peers:
            peer.link.abort("cut")

    async def _authenticate(self, request: BindRequest) -> Grant | Status:
        if self.binds and (status := self.binds.popleft()):
            return Status(status)
        if request.bind.system_id != self.system_id:
            return Status.RINVSYSID
        if request.bind.password != self.password:
            return Status.RINVPASWD
        return Grant(None, self.window, self.per_second, self.deliver_window)

    def _bound(self, peer: Peer) -> None:
        assert peer.command is not None
        self.bound[peer.command.name.removeprefix("BIND_").lower()] += 1

    def _gone(self, peer: Peer, reason: str) -> None:
        self.gone.append(reason)

    async def _submit(self, peer: Peer, pdu: SubmitSm) -> Answer | None:
        mode = self.script.popleft() if self.script else self.mode
        if mode not in MODES:
            self.refused += 1
            return Answer(int(mode, 0))
        if mode in ("throttle", "queue_full"):
            self.refused += 1
            return Answer(Status.RTHROTTLED if mode == "throttle" else Status.RMSGQFUL)
        taken = self._take(peer, pdu)
        receipt_mode = self.receipt_script.popleft() if self.receipt_script else self.receipt_mode
        if self.receipts != "none" and pdu.registered_delivery & 0x01:
            self._plan(taken, receipt_mode)
            if receipt_mode == "early":
                await asyncio.sleep(0)  # one turn, in which the receipt is written
        return await self._answer(peer, mode, taken)

    def _take(self, peer: Peer, pdu: SubmitSm) -> Submitted:
        self.total += 1
        self._number += 1
        taken = Submitted(pdu, self._number, spelled(self._number, self.ids), peer.system_id)
        self.submitted.append(taken)
        self.copies[pdu.destination_addr, pdu.short_message] += 1
        return taken

    async def _answer(self, peer: Peer, mode: str, taken: Submitted) -> Answer | None:
        transport = peer.link.transport
        if mode in ("out_of_order", "late"):
            await asyncio.sleep(self.latency_seconds * (random.random() if mode == "out_of_order" else 1))
        elif mode == "silence" or transport is None:
            return None
        elif mode == "half_open":
            transport.pause_reading()
            return None
        elif mode == "garbage":
            self._raw(peer, b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return None
        elif mode == "oversized":
            self._raw(peer, struct.pack(">IIII", 0x7FFFFFFF, 0x80000004, 0, 1))
            return None
        elif mode == "disconnect":
            peer.link.abort("disconnect")
            return None
        elif mode == "unbind":
            await peer.link.ask(0x06, seconds=1)
            peer.link.close("unbound")
            return None
        return Answer(0, taken.message_id)

    def _raw(self, peer: Peer, octets: bytes) -> None:
        if peer.link.transport is not None:
            peer.link.transport.write(octets)

    # Receipts.

    def _plan(self, taken: Submitted, mode: str) -> None:
        delay = self.receipt_delay_seconds
        opposite = "DELIVRD" if state_of(self.stat) is not State.DELIVERED else "UNDELIV"
        plans = {
            "lost": (),
            "early": ((0.0, self.stat),),
            "late": ((10 * delay, self.stat),),
            "twice": ((delay, self.stat), (delay, self.stat)),
            "contradict": ((delay, self.stat), (delay + 0.02, opposite)),
            "steps": ((delay, "ENROUTE"), (delay + 0.02, "ACCEPTD"), (delay + 0.04, self.stat)),
        }
        for wait, stat in plans.get(mode, ((delay, self.stat),)):
            self._start(self._receipt(taken, stat), wait)

    def _receipt(self, taken: Submitted, stat: str) -> SubmitSm:
        """A receipt for one segment: from the recipient to the sender (section 4.6.1)."""
        sent, spelling = taken.pdu, spelled(taken.number, self.receipt_ids)
        delivered = state_of(stat) is State.DELIVERED
        now = datetime.now(UTC).strftime("%y%m%d%H%M")
        text = (
            f"id:{spelling} sub:001 dlvrd:{int(delivered):03d} submit date:{now} done date:{now} "
            f"stat:{stat} err:{'000' if delivered else self.error} text:{taken.text[:20]}"
        )
        return SubmitSm(
            source_addr_ton=sent.dest_addr_ton,
            source_addr_npi=sent.dest_addr_npi,
            source_addr=sent.destination_addr,
            dest_addr_ton=sent.source_addr_ton,
            dest_addr_npi=sent.source_addr_npi,
            destination_addr=sent.source_addr,
            esm_class=DELIVERY_RECEIPT,
            short_message=b"" if self.receipts == "tlv" else text.encode("latin-1", "replace"),
            tlvs=() if self.receipts == "text" else self._tlvs(spelling, stat, delivered),
        )

    def _tlvs(self, spelling: str, stat: str, delivered: bool) -> Tlvs:
        state = state_of(stat)
        error = int(self.error) if self.error.isdigit() and not delivered else 0
        return (
            (Tag.RECEIPTED_MESSAGE_ID, spelling.encode() + b"\0"),
            (Tag.MESSAGE_STATE, bytes((state or State.UNKNOWN,))),
            (Tag.NETWORK_ERROR_CODE, b"\x03" + error.to_bytes(2, "big")),
        )

    def _start(self, pdu: SubmitSm, wait: float) -> None:
        assert self._loop is not None
        task = self._loop.create_task(self._deliver(pdu, wait))
        self._ready.add(task)
        task.add_done_callback(self._ready.discard)

    async def _deliver(self, pdu: SubmitSm, wait: float) -> None:
        if wait:
            await asyncio.sleep(wait)
        while True:
            for peer in self.peers:
                if peer.may_receive:
                    status = await peer.deliver(pdu)
                    self.delivered.append((pdu, status))
                    if status == 0:
                        return
                    break
            await asyncio.sleep(REDELIVER_SECONDS)


@contextmanager
def running(port: int = 0, **options: Any) -> Iterator[Smsc]:
    """An SMSC in a thread of its own; options are the fields of `Smsc`."""
    smsc, loop = Smsc(**options), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(smsc.start(port), loop).result(10)
    try:
        yield smsc
    finally:
        asyncio.run_coroutine_threadsafe(smsc.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
