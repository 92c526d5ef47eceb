"""A carrier that sends what nobody expects, octet by octet."""

import asyncio

import pytest

from messaging.carriers.contract import Accepted, Rejected, Result, TryLater, Unknown
from messaging.carriers.smpp import codec, pdu
from messaging.carriers.smpp.pdu import Command
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.wire import Frame, frame
from tests.smpp.by_hand import PATIENT, Wire, by_hand
from tests.smpp.playing import Seen, run, session_to, text, until


@pytest.mark.parametrize(
    ("command", "status", "body", "expected"),
    [
        (0x80000004, 0, b"1A2B\0", Accepted("1A2B")),
        (0x80000004, 0, b"1A2B", Accepted("1A2B")),
        (0x80000004, 0, b"", Accepted("")),
        (0x80000004, 0x0B, b"\0", Rejected("ESME_RINVDSTADR", "INVALID_NUMBER")),
        (0x80000000, 0x58, b"", TryLater("ESME_RTHROTTLED", "throttled")),
        (0x80000000, 0x03, b"", Rejected("ESME_RINVCMDID", "CARRIER_REFUSED")),
        (0x80000015, 0, b"", Unknown("UNEXPECTED_ANSWER", "answered with command 0x80000015")),
        (0x80000099, 0, b"\xff", Unknown("UNEXPECTED_ANSWER", "answered with command 0x80000099")),
    ],
)
def test_every_kind_of_answer_to_a_submit(command: int, status: int, body: bytes, expected: Result) -> None:
    async def play(wire: Wire) -> None:
        asked = await wire.next()
        wire.send(0x80000004, 0, asked.sequence + 1000, b"nobody asked\0")
        wire.send(command, status, asked.sequence, body)
        wire.send(command, status, asked.sequence, body)  # and once more
        await wire.next()

    async def test() -> None:
        server, port = await by_hand(play)
        async with session_to(port, Seen(), timing=PATIENT) as session:
            assert await session.bound(5)
            assert await session.submit([text("hi")]) == [expected]
            assert session.in_flight == 0
        server.close()

    run(test())


def test_what_a_carrier_asks_that_is_no_delivery() -> None:
    answers: list[Frame] = []

    async def play(wire: Wire) -> None:
        wire.send(Command.ENQUIRE_LINK, 0, 70)
        answers.append(await wire.next())
        wire.send(0x00000777, 0, 71, b"what is this")
        answers.append(await wire.next())
        wire.send(Command.DELIVER_SM, 0, 72, b"\0\0\0")  # ends early
        answers.append(await wire.next())
        wire.send(Command.ALERT_NOTIFICATION, 0, 73, b"\1\1" + b"2126\0" + b"\0\0\0")  # has no answer
        wire.send(Command.BIND_RECEIVER, 0, 74, b"x\0y\0\0\x34\0\0\0")
        answers.append(await wire.next())
        wire.send(Command.DATA_SM, 0, 75, codec.encode(pdu.DataSm(tlvs=((0x0424, b"hi"),))))
        answers.append(await wire.next())
        await wire.next()

    async def test() -> None:
        server, port = await by_hand(play)
        seen = Seen()
        async with session_to(port, seen, timing=PATIENT) as session:
            assert await session.bound(5)
            await until(lambda: len(answers) == 5)
            assert seen.delivered == [pdu.DataSm(tlvs=((0x0424, b"hi"),))]
        server.close()
        assert answers == [
            Frame(Command.ENQUIRE_LINK_RESP, 0, 70, b""),
            Frame(Command.GENERIC_NACK, Status.RINVCMDID, 71, b""),
            Frame(Command.DELIVER_SM_RESP, Status.RINVMSGLEN, 72, b""),
            Frame(Command.GENERIC_NACK, Status.RINVCMDID, 74, b""),
            Frame(Command.DATA_SM_RESP, 0, 75, b"\0"),
        ]

    run(test())


def test_pdus_in_single_octets_and_all_at_once() -> None:
    async def play(wire: Wire) -> None:
        first, second = await wire.next(), await wire.next()
        answers = [frame(0x80000004, 0, each.sequence, b"%d\0" % each.sequence) for each in (second, first)]
        for octet in b"".join(answers):
            wire.raw(bytes((octet,)))
            await asyncio.sleep(0)
        await wire.next()

    async def test() -> None:
        server, port = await by_hand(play)
        async with session_to(port, Seen(), timing=PATIENT) as session:
            assert await session.bound(5)
            assert await session.submit([text("a"), text("b")]) == [Accepted("2"), Accepted("3")]
        server.close()

    run(test())
