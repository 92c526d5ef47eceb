"""What a carrier delivers: receipts and messages from handsets, answered when they are stored and not before."""

import asyncio

import pytest

from messaging.carriers.contract import Accepted
from messaging.carriers.smpp.pdu import DataSm, SubmitSm
from messaging.carriers.smpp.receipts import report
from messaging.carriers.smpp.unpacking import fragment, join
from tests.smpp.playing import Seen, bound, run, text, until
from tests.stand_ins.smsc import Smsc


def test_a_deliver_is_answered_when_it_is_stored_and_not_before() -> None:
    async def test() -> None:
        async with bound(deliver_seconds=5) as (smsc, _, seen):
            storing = asyncio.Event()

            async def store(pdu: SubmitSm | DataSm) -> bool:
                return await storing.wait()

            seen.store = store
            smsc.inbound("212611111111", "1234", "STOP")
            await until(lambda: seen.delivered)
            await asyncio.sleep(0.05)
            assert smsc.delivered == []
            storing.set()
            await until(lambda: smsc.delivered)
            assert [status for _, status in smsc.delivered] == [0]

    run(test())


def test_what_is_not_stored_comes_again() -> None:
    async def test() -> None:
        async with bound(deliver_seconds=0.02) as (smsc, _, seen):
            outcomes = iter(["false", "fault", "hang"])

            async def store(pdu: SubmitSm | DataSm) -> bool:
                match next(outcomes, "stored"):
                    case "fault":
                        raise RuntimeError("the database is away")
                    case "hang":
                        await asyncio.Event().wait()
                    case "false":
                        return False
                return True

            seen.store = store
            smsc.inbound("212611111111", "1234", "STOP")
            await until(lambda: smsc.accepted_receipts == 1)
            assert [status for _, status in smsc.delivered] == [0x64, 0x64, 0x64, 0]

    run(test())


def test_more_deliveries_than_can_be_handled_wait_at_the_carrier() -> None:
    async def test() -> None:
        async with bound(Smsc(deliver_window=5), most_deliveries=2) as (smsc, _, seen):
            release = asyncio.Event()

            async def store(pdu: SubmitSm | DataSm) -> bool:
                return await release.wait()

            seen.store = store
            for number in range(5):
                smsc.inbound("212611111111", "1234", f"text {number}")
            await until(lambda: len(smsc.delivered) >= 3)
            assert len(seen.delivered) == 2
            assert {status for _, status in smsc.delivered} == {0x64}
            release.set()
            await until(lambda: smsc.accepted_receipts == 5)

    run(test())


def test_a_long_inbound_message_is_put_together() -> None:
    async def test() -> None:
        async with bound() as (smsc, _, seen):
            words = "مرحبا 😀 " * 30
            smsc.inbound("212611111111", "1234", words)
            await until(lambda: smsc.accepted_receipts == len(seen.delivered) > 1)
            found = [fragment(pdu) for pdu in seen.delivered]
            assert len({piece.group for piece in found}) == 1
            assert join(found) == words

    run(test())


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("ok", ["DELIVRD"]),
        ("lost", []),
        ("early", ["DELIVRD"]),
        ("twice", ["DELIVRD", "DELIVRD"]),
        ("contradict", ["DELIVRD", "UNDELIV"]),
        ("steps", ["ENROUTE", "ACCEPTD", "DELIVRD"]),
    ],
)
def test_receipts_of_every_kind_arrive_as_they_were_sent(mode: str, words: list[str]) -> None:
    async def test() -> None:
        smsc = Smsc(receipts="both", receipt_mode=mode, receipt_delay_seconds=0.01, receipt_ids="decimal")
        async with bound(smsc) as (_, session, seen):
            result: list[object] = []
            seen.store = lambda pdu: _early(result, seen)
            result += await session.submit([text("hi")])
            await until(lambda: len(smsc.delivered) == len(words))
            reports = [report(pdu) for pdu in seen.delivered]
            assert [found.word for found in reports if found] == words
            assert {found.message_id for found in reports if found} <= {str(smsc.submitted[0].number)}
            assert seen.late == ([("early", 0, Accepted(""))] if mode == "early" else [])

    run(test())


async def _early(result: list[object], seen: Seen) -> bool:
    """Notes that a receipt came before the answer of its submit."""
    if not result:
        seen.late.append(("early", 0, Accepted("")))
    return True
