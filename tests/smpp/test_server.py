"""The server for clients of ours: who may bind, what is refused, and clients that misbehave."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from messaging.carriers.contract import Accepted
from messaging.carriers.smpp import codec, link, pdu
from messaging.carriers.smpp.pdu import Bind, Body, Command, SubmitSm
from messaging.carriers.smpp.server import Answer, BindRequest, Grant, Peer, Server, ServerConfig
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.wire import Frame, frame
from tests.smpp.by_hand import PATIENT, Wire
from tests.smpp.playing import CREDENTIALS, bound, run, text, until
from tests.stand_ins.smsc import Smsc


@asynccontextmanager
async def serving(
    config: ServerConfig | None = None, **grant: float
) -> AsyncIterator[tuple[Server, int, list[str]]]:
    """A server of ours that takes everything, with what happened to its clients."""
    happened: list[str] = []

    async def authenticate(request: BindRequest) -> Grant | Status:
        if request.bind.password == "fault":
            raise RuntimeError("the database is away")
        return Grant("owner", **grant) if request.bind.password == "secret" else Status.RINVPASWD  # type: ignore[arg-type]

    async def submit(peer: Peer, sm: SubmitSm) -> Answer | None:
        assert peer.grant.owner == "owner"
        if sm.short_message == b"fault":
            raise RuntimeError("the database is away")
        if sm.short_message == b"slow":
            await asyncio.sleep(0.05)
        return None if sm.short_message == b"unknown" else Answer(0, sm.short_message.decode())

    async def other(peer: Peer, command: Command, body: Body) -> tuple[int, Body | None]:
        if command == Command.QUERY_SM:
            return 0, pdu.QuerySmResp("7", "", 2, 0)
        raise RuntimeError("no other")

    server = Server(
        config or ServerConfig(timing=PATIENT),
        authenticate,
        submit,
        on_request=other,
        on_bound=lambda peer: happened.append(f"bound {peer.system_id}"),
        on_gone=lambda peer, reason: happened.append(reason),
    )
    port = await server.start("127.0.0.1", 0)
    try:
        yield server, port, happened
    finally:
        await server.close(0.1)


async def connected(port: int, command: int | None = Command.BIND_TRANSCEIVER) -> Wire:
    """By hand, bound if a command is given."""
    wire = Wire(*await asyncio.open_connection("127.0.0.1", port))
    if command is not None:
        wire.send(command, 0, 1, codec.encode(CREDENTIALS))
        assert (await wire.next()).status == 0
    return wire


def submit_of(words: bytes) -> bytes:
    return codec.encode(SubmitSm(short_message=words))


def test_a_bind_and_its_answer() -> None:
    async def test() -> None:
        async with serving() as (_, port, happened):
            wire = await connected(port, None)
            wire.send(Command.BIND_TRANSMITTER, 0, 9, codec.encode(CREDENTIALS))
            answer = await wire.next()
            assert answer == Frame(0x80000002, 0, 9, b"RISALA\0\x02\x10\x00\x01\x34")
            wire.send(Command.UNBIND, 0, 10)
            assert await wire.next() == Frame(Command.UNBIND_RESP, 0, 10, b"")
            await wire.ended()
            assert happened == ["bound risala", "the peer unbound"]
            wire.close()

    run(test())


@pytest.mark.parametrize(
    ("password", "status"), [("wrong", Status.RINVPASWD), ("fault", Status.RSYSERR)], ids=["wrong", "fault"]
)
def test_a_refused_bind_ends_the_connection(password: str, status: Status) -> None:
    async def test() -> None:
        async with serving() as (server, port, happened):
            wire = await connected(port, None)
            wire.send(Command.BIND_TRANSCEIVER, 0, 9, codec.encode(Bind("risala", password)))
            assert await wire.next() == Frame(0x80000009, status, 9, b"")
            await wire.ended()
            await until(lambda: not server.peers)
            assert happened == []
            wire.close()

    run(test())


@pytest.mark.parametrize(
    ("bound_as", "command", "body", "expected"),
    [
        (None, Command.SUBMIT_SM, submit_of(b"hi"), (0x80000004, Status.RINVBNDSTS)),
        (Command.BIND_RECEIVER, Command.SUBMIT_SM, submit_of(b"hi"), (0x80000004, Status.RINVBNDSTS)),
        (Command.BIND_TRANSCEIVER, Command.BIND_TRANSMITTER, codec.encode(CREDENTIALS), (0x80000002, Status.RALYBND)),
        (Command.BIND_TRANSCEIVER, Command.SUBMIT_SM, b"\0", (0x80000004, Status.RINVMSGLEN)),
        (Command.BIND_TRANSCEIVER, Command.SUBMIT_SM, submit_of(b"fault"), (0x80000004, Status.RSYSERR)),
        (Command.BIND_TRANSCEIVER, Command.QUERY_SM, codec.encode(pdu.QuerySm("7")), (0x80000003, Status.ROK)),
        (Command.BIND_TRANSCEIVER, Command.CANCEL_SM, codec.encode(pdu.CancelSm()), (0x80000008, Status.RSYSERR)),
        (Command.BIND_TRANSCEIVER, 0x0777, b"", (0x80000000, Status.RINVCMDID)),
        (Command.BIND_TRANSCEIVER, Command.DELIVER_SM, submit_of(b"hi"), (0x80000000, Status.RINVCMDID)),
        (None, Command.ENQUIRE_LINK, b"", (0x80000015, Status.ROK)),
    ],
)  # fmt: skip
def test_what_the_server_says_to(
    bound_as: int | None, command: int, body: bytes, expected: tuple[int, int]
) -> None:
    async def test() -> None:
        async with serving() as (_, port, _happened):
            wire = await connected(port, bound_as)
            wire.send(command, 0, 9, body)
            answer = await wire.next()
            assert (answer.command, answer.status, answer.sequence) == (*expected, 9)
            if bound_as == Command.BIND_TRANSCEIVER:  # and it goes on
                wire.send(Command.SUBMIT_SM, 0, 10, submit_of(b"after"))
                assert await wire.next() == Frame(0x80000004, 0, 10, b"after\0")
            wire.close()

    run(test())


def test_answers_leave_when_they_are_ready_and_the_window_is_bounded() -> None:
    async def test() -> None:
        async with serving(window=3) as (_, port, _happened):
            wire = await connected(port)
            for sequence, words in enumerate((b"slow", b"a", b"slow", b"slow", b"b"), 10):
                wire.send(Command.SUBMIT_SM, 0, sequence, submit_of(words))
            answers = [await wire.next() for _ in range(5)]
            # All five came in one piece, so three were taken and the rest found the window full.
            assert {each.sequence: each.status for each in answers} == {
                10: 0, 11: 0, 12: 0, 13: Status.RTHROTTLED, 14: Status.RTHROTTLED,
            }  # fmt: skip
            assert [each.sequence for each in answers if not each.status] == [11, 10, 12]
            wire.send(Command.SUBMIT_SM, 0, 20, submit_of(b"unknown"))
            wire.send(Command.SUBMIT_SM, 0, 21, submit_of(b"c"))
            assert (await wire.next()).sequence == 21  # 20 is never answered
            wire.close()

    run(test())


def test_the_speed_of_a_client_is_bounded() -> None:
    async def test() -> None:
        async with serving(per_second=5) as (_, port, _happened):
            wire = await connected(port)
            for sequence in range(10, 18):
                wire.send(Command.SUBMIT_SM, 0, sequence, submit_of(b"x"))
            statuses = sorted([(await wire.next()).status for _ in range(8)])
            assert statuses == [0] * 5 + [Status.RTHROTTLED] * 3
            wire.close()

    run(test())


def test_connections_that_do_not_bind_and_too_many_of_them() -> None:
    async def test() -> None:
        config = ServerConfig(bind_seconds=0.1, most_connections=2, timing=PATIENT)
        async with serving(config) as (server, port, _happened):
            idle, held = await connected(port, None), await connected(port)
            refused = await connected(port, None)
            await refused.ended()
            await idle.ended()
            held.send(Command.ENQUIRE_LINK, 0, 5)
            assert (await held.next()).command == Command.ENQUIRE_LINK_RESP
            assert len(server.peers) == 1
            for wire in (idle, held, refused):
                wire.close()

    run(test())


def test_garbage_is_nacked_and_ends_one_connection_only() -> None:
    async def test() -> None:
        async with serving() as (_, port, happened):
            good, bad = await connected(port), await connected(port)
            bad.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert await bad.next() == Frame(Command.GENERIC_NACK, Status.RINVCMDLEN, 0, b"")
            await bad.ended()
            good.send(Command.SUBMIT_SM, 0, 10, submit_of(b"a"))
            assert (await good.next()).body == b"a\0"
            assert happened[2].startswith("unreadable")
            good.close()
            bad.close()

    run(test())


def test_deliveries_wait_for_room_and_are_given_back_when_the_client_goes() -> None:
    async def test() -> None:
        async with serving(deliver_window=2) as (server, port, _happened):
            wire = await connected(port)
            [peer] = server.peers
            pushed = [asyncio.ensure_future(peer.deliver(text(f"{number}"))) for number in range(4)]
            first, second = await wire.next(), await wire.next()
            assert first.command == second.command == Command.DELIVER_SM
            wire.send(0x80000005, 0, second.sequence, b"\0")
            third = await wire.next()
            wire.send(0x80000005, Status.RX_T_APPN, third.sequence)
            fourth = await wire.next()
            assert await pushed[1] == 0
            assert await pushed[2] == Status.RX_T_APPN
            assert not pushed[0].done()
            assert fourth.command == Command.DELIVER_SM
            wire.close()
            assert await pushed[0] is None
            assert await pushed[3] is None
            assert await peer.deliver(text("late")) is None

    run(test())


def test_a_server_that_stops_unbinds_its_clients() -> None:
    async def test() -> None:
        async with serving() as (server, port, happened):
            wire = await connected(port)
            wire.send(Command.SUBMIT_SM, 0, 10, submit_of(b"slow"))
            await until(lambda: next(iter(server.peers)).link.busy)
            stopping = asyncio.ensure_future(server.close())
            assert await wire.next() == Frame(0x80000004, 0, 10, b"slow\0")
            asked = await wire.next()
            assert asked.command == Command.UNBIND
            wire.send(Command.UNBIND_RESP, 0, asked.sequence)
            await stopping
            await wire.ended()
            assert happened == ["bound risala", "the server stops"]
            wire.close()

    run(test())


def test_a_peer_that_never_reads_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "UNREAD_OCTETS", 100_000)

    async def test() -> None:
        async with bound(Smsc(timing=PATIENT), timing=PATIENT) as (smsc, session, _):
            deaf = socket.socket()
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", smsc.port))
            deaf.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(deaf, frame(Command.BIND_TRANSCEIVER, 0, 1, codec.encode(CREDENTIALS)))
            await until(lambda: len(smsc.peers) == 2)
            for peer in smsc.peers:
                assert peer.link.transport is not None
                peer.link.transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_SNDBUF, 4096
                )
            flood = frame(Command.ENQUIRE_LINK, 0, 2) * 1_000
            with contextlib.suppress(ConnectionError):
                while smsc.gone == []:
                    await loop.sock_sendall(deaf, flood)
            deaf.close()
            await until(lambda: smsc.gone)
            assert smsc.gone == ["the peer does not read"]
            assert isinstance((await session.submit([text("hi")]))[0], Accepted)

    run(test())
