"""The client's session against an SMSC that is slow, full, silent, broken or gone: every part gets one true result, and
nothing is sent twice."""

import asyncio
import random
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from messaging.carriers.contract import Accepted, Rejected, TryLater, Unknown
from messaging.carriers.reasons import Reason
from messaging.carriers.smpp.binding import Address
from messaging.carriers.smpp.link import Timing
from messaging.carriers.smpp.pdu import Bind, SubmitSm
from messaging.carriers.smpp.receipts import report
from messaging.carriers.smpp.status import joined
from tests.smpp.playing import Seen, bound, run, session_to, text, texts, until
from tests.stand_ins.smsc import Smsc


def test_results_come_in_order_whatever_the_order_of_the_answers() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="out_of_order", latency_seconds=0.02), window=7) as (smsc, session, _):
            parts = texts(60)
            results = await session.submit(parts)
            ids = {each.pdu.short_message: each.message_id for each in smsc.submitted}
            assert results == [Accepted(ids[part.short_message]) for part in parts]
            assert (smsc.total, smsc.doubled, session.in_flight, session.queued) == (60, [], 0, 0)
        assert smsc.gone == ["the peer unbound"]

    run(test())


def test_the_window_is_kept() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="late", latency_seconds=0.05), window=4) as (smsc, session, _):
            waiting = asyncio.ensure_future(session.submit(texts(9)))
            await until(lambda: smsc.total == 4)
            assert (session.in_flight, session.queued) == (4, 5)
            await waiting
            assert smsc.total == 9

    run(test())


def test_a_pair_of_binds_sends_on_one_and_receives_on_the_other() -> None:
    async def test() -> None:
        async with bound(Smsc(receipts="text"), mode="pair") as (smsc, session, seen):
            [taken] = await session.submit([text("hi")])
            await until(lambda: seen.delivered)
            found = report(seen.delivered[0])
            assert found is not None
            assert taken == Accepted(found.message_id)
            assert dict(smsc.bound) == {"transmitter": 1, "receiver": 1}

    run(test())


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smsc.example")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("smsc.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "smsc.pem"
    path.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_checks_the_name(tmp_path: Path) -> None:
    async def test() -> None:
        path = certificate(tmp_path)
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(path)
        trusting = ssl.create_default_context(cafile=str(path))
        smsc = await Smsc(tls=serving).start()
        right = Address("127.0.0.1", smsc.port, trusting, "smsc.example")
        wrong = Address("127.0.0.1", smsc.port, trusting, "other.example")
        try:
            async with session_to(0, Seen(), address=right) as session:
                assert await session.bound(5)
                assert isinstance((await session.submit([text("hi")]))[0], Accepted)
            async with session_to(0, seen := Seen(), address=wrong) as session:
                await until(lambda: "waiting" in seen.phases)
                assert "certificate" in seen.states[-1].detail
                assert sum(smsc.bound.values()) == 1
        finally:
            await smsc.stop()

    run(test())


def test_a_wrong_password_pauses_and_goes_on_when_mended() -> None:
    async def test() -> None:
        smsc = await Smsc(password="other").start()
        seen = Seen()
        async with session_to(smsc.port, seen) as session:
            await until(lambda: "denied" in seen.phases)
            assert (seen.states[-1].code, seen.states[-1].retry_seconds) == ("ESME_RINVPASWD", 60.0)
            [result] = await session.submit([text("hi")])
            assert isinstance(result, TryLater)
            assert (result.code, result.cause) == ("ESME_RINVPASWD", "denied")
            assert len(seen.states) == 2  # and it is not tried again and again
            smsc.password = "secret"
            session.resume()
            assert await session.bound(5)
            assert isinstance((await session.submit([text("hi")]))[0], Accepted)
        await smsc.stop()

    run(test())


def test_a_bind_refused_for_now_is_tried_again() -> None:
    async def test() -> None:
        smsc = Smsc()
        smsc.binds.extend([0x0D, 0x05, 0x08])
        async with bound(smsc) as (_, _, seen):
            waits = [state for state in seen.states if state.phase == "waiting"]
            assert [state.code for state in waits] == ["ESME_RBINDFAIL", "ESME_RALYBND", "ESME_RSYSERR"]
            assert all(0 < (state.retry_seconds or 0) <= 0.05 for state in waits)

    run(test())


def test_nobody_listens_until_somebody_does() -> None:
    async def test() -> None:
        smsc = await Smsc().start()
        port = smsc.port
        await smsc.stop()
        seen = Seen()
        async with session_to(port, seen) as session:
            await until(lambda: "waiting" in seen.phases)
            [result] = await session.submit([text("hi")])
            assert isinstance(result, TryLater)
            assert result.cause == "unreachable"
            await smsc.start(port)
            assert await session.bound(5)
        await smsc.stop()

    run(test())


def test_throttling_halves_the_speed_and_is_no_loss() -> None:
    async def test() -> None:
        async with bound(per_second=200) as (smsc, session, _):
            smsc.script.extend(["throttle"] * 3)
            results = await session.submit(texts(3))
            # None was taken, so nothing is torn and the caller decides.
            assert results == [TryLater("ESME_RTHROTTLED", "throttled")] * 3
            assert session.pace.current == 100
            assert isinstance((await session.submit([text("again")]))[0], Accepted)
            smsc.script.append("queue_full")
            assert await session.submit([text("full")]) == [
                TryLater("ESME_RMSGQFUL", "queue_full", after_seconds=5.0)
            ]

    run(test())


def test_a_part_throttled_between_parts_that_were_taken_is_sent_again_here() -> None:
    async def test() -> None:
        async with bound(part_retry_seconds=1.0) as (smsc, session, _):
            smsc.script.extend(["ok", "throttle", "ok", "queue_full"])
            results = await session.submit(texts(3))
            assert isinstance(joined(results), Accepted)
            assert (smsc.total, smsc.refused, smsc.doubled) == (3, 2, [])
            assert [each.text for each in smsc.submitted] == ["text 0", "text 2", "text 1"]

    run(test())


def test_posted_messages_are_heard_of_one_by_one() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="out_of_order", latency_seconds=0.02), part_retry_seconds=1.0) as (
            smsc,
            session,
            _,
        ):
            smsc.script.extend(["0x0B", "ok", "throttle"])
            heard: dict[object, list[str]] = {}
            for number in range(20):
                parts = [text(f"{number} a"), text(f"{number} b")][: 1 + number % 2]
                session.post(
                    parts,
                    lambda tag, results: heard.setdefault(tag, [type(each).__name__ for each in results]),
                    tag=number,
                )
            assert heard == {}
            await until(lambda: len(heard) == 20)
            assert heard.pop(0) == ["Rejected"]
            assert heard == {number: ["Accepted"] * (1 + number % 2) for number in range(1, 20)}
            assert smsc.doubled == []
        session.post(
            [text("after")], lambda tag, results: heard.setdefault("after", [type(results[0]).__name__])
        )
        assert heard["after"] == ["TryLater"]

    run(test())


def test_a_part_that_is_never_taken_ends_as_partial() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="throttle"), part_retry_seconds=0.05) as (smsc, session, _):
            smsc.script.append("ok")
            found = joined(await session.submit(texts(2)))
            assert found == Unknown("PARTIAL", "1 of 2 parts were taken")

    run(test())


def test_refusals_and_what_cannot_be_written() -> None:
    async def test() -> None:
        async with bound() as (smsc, session, _):
            smsc.script.extend(["0x0B", "0x0A", "0x401"])
            found = await session.submit([*texts(3), SubmitSm(source_addr="x" * 30)])
            assert [(each.code, each.reason) for each in found if isinstance(each, Rejected)] == [
                ("ESME_RINVDSTADR", Reason.INVALID_NUMBER),
                ("ESME_RINVSRCADR", Reason.SENDER_REFUSED),
                ("0x00000401", Reason.UNKNOWN),
                ("UNENCODABLE", Reason.CONTENT_REFUSED),
            ]
            assert await session.submit([]) == []

    run(test())


def test_a_lost_answer_is_unknown_and_costs_only_its_own_part() -> None:
    async def test() -> None:
        async with bound() as (smsc, session, seen):
            smsc.script.extend(["ok", "silence", "ok"])
            first, second, third = await session.submit(texts(3))
            assert isinstance(first, Accepted)
            assert isinstance(third, Accepted)
            assert second == Unknown("SUBMIT_TIMEOUT", "the answer to submit_sm never came")
            assert (smsc.total, sum(smsc.bound.values()), seen.phases) == (3, 1, ["connecting", "bound"])

    run(test())


def test_a_late_answer_is_told() -> None:
    async def test() -> None:
        timing = Timing(answer_seconds=0.05, idle_seconds=5, alive_seconds=5)
        async with bound(Smsc(mode="late", latency_seconds=0.15), timing=timing) as (smsc, session, seen):
            [result] = await session.submit([text("hi")], tag="message 7")
            assert isinstance(result, Unknown)
            await until(lambda: seen.late)
            assert seen.late == [("message 7", 0, Accepted(smsc.submitted[0].message_id))]

    run(test())


@pytest.mark.parametrize("mode", ["disconnect", "garbage", "oversized", "unbind", "half_open"])
def test_a_connection_that_breaks_in_mid_window(mode: str) -> None:
    async def test() -> None:
        timing = Timing(answer_seconds=5, idle_seconds=0.1, alive_seconds=0.1)
        async with bound(Smsc(mode="silence"), window=5, timing=timing) as (smsc, session, seen):
            smsc.script.extend(["silence", "silence", mode])
            results = await session.submit(texts(8))
            taken = {each.pdu.short_message for each in smsc.submitted}
            for part, result in zip(texts(8), results, strict=True):
                # What was taken may not be called certain not to be, and what waited here is.
                if part.short_message in taken:
                    assert isinstance(result, Unknown)
            assert [type(result) for result in results[5:]] == [TryLater] * 3
            smsc.mode = "ok"
            assert await session.bound(5)
            assert isinstance((await session.submit([text("after")]))[0], Accepted)
            assert seen.phases[:3] == ["connecting", "bound", "waiting"]
            assert (sum(smsc.bound.values()), smsc.doubled) == (2, [])

    run(test())


def test_close_waits_for_answers_and_gives_back_what_was_not_written() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="late", latency_seconds=0.1), window=5) as (smsc, session, seen):
            waiting = asyncio.ensure_future(session.submit(texts(8)))
            await until(lambda: smsc.total == 5)
            await session.close()
            results = await waiting
            assert [type(result) for result in results] == [Accepted] * 5 + [TryLater] * 3
            assert smsc.gone == ["the peer unbound"]
            assert seen.phases == ["connecting", "bound", "closed"]
            assert isinstance((await session.submit([text("hi")]))[0], TryLater)
            assert smsc.total == 5

    run(test())


def test_a_caller_that_goes_away_takes_back_what_was_not_written() -> None:
    async def test() -> None:
        async with bound(Smsc(mode="late", latency_seconds=0.05), window=3) as (smsc, session, _):
            waiting = asyncio.ensure_future(session.submit(texts(50)))
            await until(lambda: smsc.total == 3)
            waiting.cancel()
            assert isinstance((await session.submit([text("mine")]))[0], Accepted)
            assert smsc.total == 4
            assert (session.in_flight, session.queued) == (0, 0)

    run(test())


def test_the_speed_is_kept_and_urgent_parts_go_first() -> None:
    async def test() -> None:
        async with bound(per_second=100, window=50) as (smsc, session, _):
            began = asyncio.get_running_loop().time()
            slow = asyncio.ensure_future(session.submit(texts(40)))
            await until(lambda: smsc.total >= 12)
            urgent = asyncio.ensure_future(session.submit([text("urgent")], urgent=True))
            await asyncio.gather(slow, urgent)
            took = asyncio.get_running_loop().time() - began
            assert took > 0.28  # ten at once, 31 at a hundred a second
            place = [each.text for each in smsc.submitted].index("urgent")
            assert place < 30

    run(test())


def test_silence_is_bridged_by_enquire_link_from_both_ends() -> None:
    async def test() -> None:
        often = Timing(answer_seconds=5, idle_seconds=0.05, alive_seconds=0.05)
        async with bound(Smsc(timing=often)) as (smsc, session, seen):
            await asyncio.sleep(0.5)
            assert (seen.phases, smsc.gone) == (["connecting", "bound"], [])
            assert isinstance((await session.submit([text("hi")]))[0], Accepted)

    run(test())


def test_a_thousand_parts_through_a_carrier_that_keeps_breaking() -> None:
    async def test() -> None:
        dice = random.Random(7)
        faults = ["disconnect", "garbage", "silence", "throttle", "queue_full", "out_of_order"]
        smsc = Smsc(latency_seconds=0.01, receipts="text")
        smsc.script.extend(dice.choice(faults) if dice.random() < 0.03 else "ok" for _ in range(5000))
        async with bound(smsc, window=20) as (_, session, _seen):
            todo, taken, unknown = texts(1000), 0, 0
            while todo:
                await session.bound(5)
                results = await asyncio.gather(*(session.submit([part]) for part in todo[:100]))
                again = []
                for part, [result] in zip(todo[:100], results, strict=True):
                    taken += isinstance(result, Accepted)
                    unknown += isinstance(result, Unknown)
                    again += [part] if isinstance(result, TryLater) else []
                todo = again + todo[100:]
                session.pace.current = session.pace.agreed  # the test has no time to be slow
            assert smsc.doubled == []
            assert taken + unknown == 1000
            assert taken <= smsc.total <= 1000
            assert (session.in_flight, session.queued) == (0, 0)
            assert sum(smsc.bound.values()) > 5
            await until(lambda: smsc.accepted_receipts >= taken)

    run(test())


def test_a_bind_without_an_answer_is_given_up() -> None:
    async def test() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        seen = Seen()
        port = server.sockets[0].getsockname()[1]
        async with session_to(port, seen, timing=Timing(5, 0.05, 0.05), credentials=Bind("x", "y")):
            await until(lambda: seen.phases.count("waiting") >= 2)
        server.close()

    run(test())
