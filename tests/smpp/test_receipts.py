"""Delivery receipts in every spelling, ids written in two ways, statuses, and the speed that throttling halves."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.carriers.contract import Accepted, Receipt, Rejected, Result, TryLater, Unknown
from messaging.carriers.reasons import Reason
from messaging.carriers.smpp import ids, status
from messaging.carriers.smpp.ids import Form, Learned, in_form, key, keys
from messaging.carriers.smpp.pace import Pace
from messaging.carriers.smpp.pdu import DataSm, SubmitSm
from messaging.carriers.smpp.receipts import NetworkError, Report, State, instant, report, state_of
from messaging.carriers.smpp.status import Status, joined, name, result
from messaging.carriers.smpp.tlv import Tlvs

repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=150)
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def receipt(text: str, *, esm_class: int = 0x04, tlvs: Tlvs = ()) -> SubmitSm:
    return SubmitSm(
        source_addr="212612345678",
        destination_addr="RISALA",
        esm_class=esm_class,
        short_message=text.encode("latin-1"),
        tlvs=tlvs,
    )


def read(text: str, *, utc_offset_seconds: int = 0) -> Report:
    found = report(receipt(text), utc_offset_seconds=utc_offset_seconds)
    assert found is not None
    return found


def test_the_form_of_appendix_b() -> None:
    found = read(
        "id:0123456789 sub:001 dlvrd:001 submit date:2601311159 done date:2601311200 stat:DELIVRD err:000 text:Bonjour"
    )
    assert found == Report(
        "0123456789", State.DELIVERED, "DELIVRD", "000", None, NOON, None, "212612345678", "RISALA"
    )
    assert found.final
    assert found.receipt("ours") == Receipt("ours", "delivered", code="DELIVRD", at=NOON)


@pytest.mark.parametrize(
    ("text", "message_id", "state", "code"),
    [
        ("id:1A2B sub:001 dlvrd:000 done date:2601311200 stat:UNDELIV err:011 text:", "1A2B", State.UNDELIVERABLE, "UNDELIV:011"),
        ("ID:1a2b STAT:delivrd ERR:0", "1a2b", State.DELIVERED, "DELIVRD"),
        ("id: 77  stat: EXPIRED  err: 27", "77", State.EXPIRED, "EXPIRED:27"),
        ("id:77,stat:REJECTD,err:5", "77", State.REJECTED, "REJECTD:5"),
        ("stat:UNDELIVERABLE id:77", "77", State.UNDELIVERABLE, "UNDELIVERABLE"),
        ("id:77 submit_date:2601311159 done_date:2601311200 stat:DELIVERED error:000", "77", State.DELIVERED, "DELIVERED"),
        ("id:77 status:ACCEPTD", "77", State.ACCEPTED, "ACCEPTD"),
        ("id:77 stat:DELIVERY_FAILED err:1", "77", State.UNDELIVERABLE, "DELIVERY_FAILED:1"),
        ("id:77 stat:2", "77", State.DELIVERED, "2"),
        ("id:77 stat:BUFFRED err:E1", "77", State.ENROUTE, "BUFFRED:E1"),
        ("id:77 sub:001 dlvrd:001 text:x", "77", State.DELIVERED, "DELIVERED"),
        ("id:77 sub:001 dlvrd:000 text:x", "77", None, ""),
        ("id:77 stat:WHATEVER", "77", None, "WHATEVER"),
        ("id:77 stat:DELIVRD network:604-00 err:000", "77", State.DELIVERED, "DELIVRD"),
        ("garbage", "", None, ""),
        ("", "", None, ""),
    ],
)  # fmt: skip
def test_the_forms_of_life(text: str, message_id: str, state: State | None, code: str) -> None:
    found = read(text)
    assert (found.message_id, found.state, found.code) == (message_id, state, code)
    assert (found.receipt("x") is None) == (state is None)


def test_what_stands_behind_text_is_the_customers_and_is_not_believed() -> None:
    assert read("id:77 stat:UNDELIV err:1 text:id:88 stat:DELIVRD").message_id == "77"
    assert read("id:77 text:stat:DELIVRD dlvrd:001 sub:001").state is None


def test_a_phone_cannot_send_a_receipt() -> None:
    text = "id:77 sub:001 dlvrd:001 stat:DELIVRD err:000 text:"
    assert report(receipt(text, esm_class=0)) is None
    assert report(receipt("Bonjour", esm_class=0), unmarked=True) is None
    found = report(receipt(text, esm_class=0), unmarked=True)
    assert found is not None
    assert found.message_id == "77"


def test_optional_parameters_alone_and_beside_a_text() -> None:
    tlvs = ((0x001E, b"1A2B\0"), (0x0427, b"\x05"), (0x0423, b"\x03\x00\x1b"), (0x0204, b"\x12\x34"))
    alone = report(receipt("", esm_class=0, tlvs=tlvs))
    assert alone == Report(
        "1A2B", State.UNDELIVERABLE, network_error=NetworkError(3, 27), user_reference=0x1234,
        recipient="212612345678", sender="RISALA",
    )  # fmt: skip
    assert alone.code == "UNDELIVERABLE:3-27"
    assert alone.receipt("r") == Receipt(
        "r", "undeliverable", code="UNDELIVERABLE:3-27", reason=Reason.UNREACHABLE
    )
    beside = report(receipt("id:6699 stat:DELIVRD err:000", tlvs=((0x001E, b"1A2B\0"), (0x0427, b"\x07"))))
    assert beside is not None
    assert (beside.message_id, beside.state) == ("1A2B", State.DELIVERED)


def test_in_a_data_sm_in_ucs2_and_as_an_intermediate_notification() -> None:
    text = "id:77 stat:DELIVRD"
    in_data = report(DataSm(esm_class=0x04, tlvs=((0x0424, text.encode()),)))
    wide = report(SubmitSm(esm_class=0x04, data_coding=8, short_message=text.encode("utf-16-be")))
    for found in (in_data, wide):
        assert found is not None
        assert (found.message_id, found.state) == ("77", State.DELIVERED)
    between = report(receipt("id:77 stat:UNDELIV err:1", esm_class=0x20))
    assert between is not None
    assert between.receipt("r") == Receipt("r", "buffered", code="UNDELIV:1")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("ENROUTE", ("buffered", "")),
        ("ACCEPTD", ("sent", "")),
        ("DELIVRD", ("delivered", "")),
        ("EXPIRED", ("expired", Reason.HANDSET_EXPIRED)),
        ("DELETED", ("undeliverable", Reason.CARRIER_REFUSED)),
        ("UNDELIV", ("undeliverable", Reason.UNREACHABLE)),
        ("UNKNOWN", ("undeliverable", Reason.UNKNOWN)),
        ("REJECTD", ("failed", Reason.CARRIER_REFUSED)),
    ],
)
def test_what_the_words_of_appendix_b_come_to(state: str, expected: tuple[str, str]) -> None:
    found = read(f"id:1 stat:{state}").receipt("r")
    assert found is not None
    assert (found.status, found.reason) == expected


@settings(repeatable, max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([0x04, 0x20, 0x44]), st.sampled_from([0, 8]))
def test_no_receipt_raises(text: bytes, esm_class: int, data_coding: int) -> None:
    words = b"id:" + text[:10] + b" stat:" + text[10:30] + b" done date:" + text[30:50] + text[50:]
    found = report(SubmitSm(esm_class=esm_class, data_coding=data_coding, short_message=words))
    assert found is not None
    found.receipt("r")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2601311200", NOON),
        ("260131120000", NOON),
        ("20260131120000", NOON),
        ("2026-01-31 12:00:00", NOON),
        ("2613311200", None),
        ("", None),
        ("yesterday", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert instant(text) == expected


def test_dates_are_the_carriers_local_time() -> None:
    assert read("id:1 stat:DELIVRD done date:2601311300", utc_offset_seconds=3600).done_at == NOON


@repeatable
@given(st.integers(1, 2**64), st.integers(0, 4), st.booleans())
def test_ids_in_two_spellings_meet_in_one_key(number: int, zeros: int, capitals: bool) -> None:
    pad = "0" * zeros
    hexadecimal = f"{number:X}" if capitals else f"{number:x}"
    assert in_form(pad + str(number), "hex_then_decimal") == key(pad + hexadecimal)
    assert in_form(pad + hexadecimal, "decimal_then_hex") == key(pad + str(number))
    assert in_form(pad + hexadecimal + " ", "same") == key(hexadecimal)
    assert key(hexadecimal) in keys(str(number))


@repeatable
@given(st.text(max_size=80))
def test_any_id_has_keys(text: str) -> None:
    for form in ids.FORMS:
        assert list(keys(text, form).values()) in ([], [form])


@pytest.mark.parametrize(
    ("receipt_id", "expected"),
    [
        ("6699", {"6699": "same", "1a2b": "hex_then_decimal", "26265": "decimal_then_hex"}),
        ("1A2B", {"1a2b": "same", "6699": "decimal_then_hex"}),
        ("a-b_c", {"a-b_c": "same"}),
        ("0", {"0": "same"}),
        ("", {}),
    ],
)
def test_the_keys_of_a_receipts_id(receipt_id: str, expected: dict[str, Form]) -> None:
    assert keys(receipt_id) == expected


def test_a_form_is_learned_from_a_hundred_receipts_that_say_something() -> None:
    learned = Learned()
    for _ in range(500):
        learned.saw("same", "7")  # 7 is 7 in both
    for number in range(100, 199):
        learned.saw("hex_then_decimal", str(number))
    assert learned.form is None
    learned.saw("hex_then_decimal", "6699")
    assert learned.form == "hex_then_decimal"
    for number in range(100, 104):
        learned.saw("same", str(number))
    assert learned.form is None


def test_every_status_of_the_specification_has_one_outcome() -> None:
    found = {each: result(each) for each in Status if each}
    assert {each.name for each, r in found.items() if isinstance(r, TryLater)} == {
        "RINVBNDSTS", "RALYBND", "RBINDFAIL", "RSYSERR", "RX_T_APPN", "RTHROTTLED", "RMSGQFUL",
        "RINVPASWD", "RINVSYSID", "RINVSYSTYP",
    }  # fmt: skip
    assert all(isinstance(r, TryLater | Rejected) for r in found.values())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, Accepted("7")),
        (0x58, TryLater("ESME_RTHROTTLED", "throttled")),
        (0x14, TryLater("ESME_RMSGQFUL", "queue_full", after_seconds=5.0)),
        (0x0B, Rejected("ESME_RINVDSTADR", Reason.INVALID_NUMBER)),
        (0x0A, Rejected("ESME_RINVSRCADR", Reason.SENDER_REFUSED)),
        (0x45, Rejected("ESME_RSUBMITFAIL", Reason.CARRIER_REFUSED)),
        (0x0E, TryLater("ESME_RINVPASWD", "denied")),
        (0x401, Rejected("0x00000401", Reason.UNKNOWN)),
    ],
)
def test_statuses(code: int, expected: object) -> None:
    assert result(code, "7") == expected


def test_a_carriers_own_meanings_come_first() -> None:
    own: dict[int, status.Verdict] = {0x401: Reason.BLOCKED, 0x45: "throttled"}
    assert result(0x401, own=own) == Rejected("0x00000401", Reason.BLOCKED)
    assert result(0x45, own=own) == TryLater("ESME_RSUBMITFAIL", "throttled")
    assert name(0x58) == "ESME_RTHROTTLED"


LATER, REFUSED, LOST = TryLater("T", "throttled"), Rejected("R", Reason.BLOCKED), Unknown("U")


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([Accepted("a"), Accepted("b")], Accepted("a", ("a", "b"))),
        ([Accepted("a")], Accepted("a", ("a",))),
        ([LATER, LATER], LATER),
        ([LATER, REFUSED], REFUSED),
        ([Accepted("a"), REFUSED, LATER], REFUSED),
        ([Accepted("a"), REFUSED, LOST], LOST),
        ([LATER, LOST], LOST),
        ([Accepted("a"), LATER], Unknown("PARTIAL", "1 of 2 parts were taken")),
    ],
)
def test_the_result_of_a_message_from_its_parts(results: list[Result], expected: Result) -> None:
    assert joined(results) == expected


def spent(pace: Pace, begin: float, seconds: float) -> int:
    """How many places are given away in a time, to one who asks when told to."""
    now, count = begin, 0
    while now < begin + seconds:
        wait = pace.take(now)
        if wait:
            now += wait
        else:
            count += 1
    return count


def test_the_agreed_speed_is_kept() -> None:
    assert spent(Pace(50), 1000.0, 10.0) == pytest.approx(500, abs=6)


def test_throttling_halves_once_a_second_and_recovers_slowly() -> None:
    pace = Pace(100)
    spent(pace, 0.0, 1.0)
    for each in range(10):
        pace.slow(1.0 + each / 100)  # a window full of refusals says one thing
    assert pace.current == 50
    pace.slow(2.5)
    assert pace.current == 25
    assert spent(pace, 2.5, 5.0) == pytest.approx(125, abs=2)
    spent(pace, 7.5, 0.1)
    assert pace.current == pytest.approx(31.25)
    spent(pace, 60.0, 0.1)
    assert pace.current == 100


def test_without_an_agreed_speed_the_measured_one_is_halved_and_forgotten_again() -> None:
    pace = Pace(0)
    for each in range(2000):
        assert pace.take(each / 1000) == 0.0
    pace.slow(2.0)
    assert pace.current == pytest.approx(500, rel=0.05)
    assert spent(pace, 2.0, 1.0) == pytest.approx(500, rel=0.1)
    assert pace.take(120.0) == 0.0
    assert pace.current == float("inf")


def test_throttling_never_stops_a_carrier() -> None:
    pace = Pace(10)
    for each in range(20):
        pace.slow(each * 2.0)
    assert pace.current == 1.0
    assert state_of("") is None
