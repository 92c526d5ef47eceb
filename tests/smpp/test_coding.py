"""Texts on their way to a carrier and back: data_coding, headers, and no character cut in two."""

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.carriers.smpp.coding import UDHI, Alphabet, Coding, Long, pack, parts
from messaging.carriers.smpp.pdu import SubmitSm
from messaging.carriers.smpp.unpacking import Fragment, Group, fragment, join, unpack
from messaging.text import GSM_BASIC, GSM_EXTENSION, split

repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=60)
LONGS: tuple[Long, ...] = ("udh8", "udh16", "sar", "payload")
ALPHABETS: tuple[Alphabet, ...] = ("gsm7", "gsm7_packed", "latin1")
# A carriage return is what packing pads with, and texts hold none (`clean`).
gsm_texts = st.text(
    st.sampled_from(GSM_BASIC.replace("\x1b", "").replace("\r", "") + "".join(GSM_EXTENSION) * 4),
    max_size=700,
)
wide_texts = st.text(st.sampled_from("aé€م😀\U0010ffff\u200d"), max_size=300)
texts = st.one_of(gsm_texts, wide_texts)


def as_received(text: str, coding: Coding, reference: int = 0) -> list[Fragment]:
    sent = [
        SubmitSm(data_coding=p.data_coding, esm_class=p.esm_class, short_message=p.short_message, tlvs=p.tlvs)
        for p in parts(text, coding, reference=reference)
    ]
    return [fragment(sm, coding) for sm in sent]


@pytest.mark.parametrize(("alphabet", "long"), list(product(ALPHABETS, LONGS)))
def test_a_text_comes_back_whole_from_its_parts_in_any_order(alphabet: Alphabet, long: Long) -> None:
    coding = Coding(alphabet, 3 if alphabet == "latin1" else 0, 8, long)

    @repeatable
    @given(texts, st.integers(0, 0xFFFFFFFF), st.randoms(use_true_random=False))
    def comes_back(text: str, reference: int, dice: random.Random) -> None:
        received = as_received(text, coding, reference)
        groups = {each.group for each in received}
        assert len(groups) == 1
        if len(received) > 1:
            [group] = groups
            modulus = 0x100 if long == "udh8" else 0x10000
            assert group is not None
            assert tuple(group) == (long, reference % modulus, len(received))
            assert [each.number for each in received] == list(range(1, len(received) + 1))
            assert all("\ufffd" not in each.text and "\x1b" not in each.text for each in received)
        dice.shuffle(received)
        assert join([*received, received[0]]) == text

    comes_back()


@repeatable
@given(texts, st.sampled_from(["udh8", "sar"]))
def test_there_are_exactly_the_parts_that_were_priced(text: str, long: Long) -> None:
    found = parts(text, Coding(long=long))
    assert len(found) == len(split(text))
    assert all(len(part.short_message) <= (140 if part.data_coding == 8 else 160) for part in found)


@repeatable
@given(texts)
def test_a_header_of_seven_octets_leaves_room_in_a_short_message(text: str) -> None:
    for part in parts(text, Coding("gsm7_packed", long="udh16")):
        assert len(part.short_message) <= 140  # TS 23.040, 9.2.3.16: the user data of one short message


@pytest.mark.parametrize(
    ("text", "coding", "octets"),
    [
        ("@€", Coding(), "00 1b 65"),
        ("Été", Coding(), "1f 74 05"),
        ("Été", Coding("latin1", 3), "c9 74 e9"),
        ("hello", Coding("gsm7_packed"), "e8 32 9b fd 06"),  # TS 23.038, 6.1.2.1
        ("hellohello", Coding("gsm7_packed"), "e8 32 9b fd 46 97 d9 ec 37"),
        ("1234567", Coding("gsm7_packed"), "31 d9 8c 56 b3 dd 1a"),  # seven bits free: a carriage return
        ("م", Coding(), "06 45"),
        ("😀", Coding(), "d8 3d de 00"),
    ],
)
def test_single_parts_octet_by_octet(text: str, coding: Coding, octets: str) -> None:
    [part] = parts(text, coding)
    assert (part.short_message.hex(" "), part.esm_class, part.tlvs) == (octets, 0, ())
    assert part.data_coding == (8 if text in "م😀" else coding.gsm_data_coding)


def test_headers_octet_by_octet() -> None:
    text = "a" * 161
    udh8 = parts(text, Coding(), reference=0x1FE)
    assert [part.short_message[:6].hex(" ") for part in udh8] == ["05 00 03 fe 02 01", "05 00 03 fe 02 02"]
    assert {part.esm_class for part in udh8} == {UDHI}
    udh16 = parts(text, Coding(long="udh16"), reference=0x1FE)
    assert udh16[1].short_message[:7].hex(" ") == "06 08 04 01 fe 02 02"
    assert [len(part.short_message) for part in udh16] == [7 + 152, 7 + 9]
    sar = parts(text, Coding(long="sar"), reference=0x1FE)
    assert sar[1].tlvs == ((0x020C, b"\x01\xfe"), (0x020E, b"\x02"), (0x020F, b"\x02"))
    [payload] = parts(text, Coding(long="payload"))
    assert (payload.short_message, payload.tlvs) == (b"", ((0x0424, b"a" * 161),))


def test_latin1_carriers_get_ucs2_for_what_latin1_lacks() -> None:
    found = parts("5 €" + "x" * 68, Coding("latin1", 3))
    assert [part.data_coding for part in found] == [8, 8]


@repeatable
@given(st.binary(max_size=170).map(lambda raw: bytes(octet & 0x7F for octet in raw)), st.integers(0, 6))
def test_packing_is_undone(septets: bytes, fill: int) -> None:
    assert unpack(pack(septets, fill), fill).rstrip(b"\r") == septets.rstrip(b"\r")


@settings(repeatable, max_examples=200)
@given(
    st.binary(max_size=200), st.integers(0, 255), st.integers(0, 255), st.sampled_from(ALPHABETS),
    st.lists(st.tuples(st.sampled_from([0x020C, 0x020E, 0x020F, 0x0424]), st.binary(max_size=6)), max_size=4),
)  # fmt: skip
def test_whatever_a_handset_sends_is_some_text(
    octets: bytes, esm_class: int, data_coding: int, alphabet: Alphabet, found: list[tuple[int, bytes]]
) -> None:
    sm = SubmitSm(esm_class=esm_class, data_coding=data_coding, short_message=octets, tlvs=tuple(found))
    piece = fragment(sm, Coding(alphabet))
    assert isinstance(piece.text, str)
    assert join([piece]) == piece.text
    if piece.group is not None:
        assert 1 <= piece.number <= piece.group.total


@pytest.mark.parametrize(
    ("data_coding", "octets", "text"),
    [
        (0, b"\x00\x1b\x65\x7f", "@€à"),
        (0, b"caf\xe9", "café"),  # Latin-1 under a wrong label
        (0, b"a\x1b", "a"),
        (0, b"\x1ba", "a"),  # an escape before a septet without an extension
        (1, b"plain", "plain"),
        (3, b"caf\xe9", "café"),
        (6, b"\xbf\xe0\xd8", "При"),
        (7, b"\xf9\xec", "של"),
        (8, b"\x06\x45\x00a", "مa"),
        (8, b"\xff\xfe\x45\x06", "م"),
        (8, b"\x06\x45\x00", "م\ufffd"),
        (0x18, b"\x06\x45", "م"),
        (0x10, b"\x00", "@"),
        (0xF0, b"\x00", "@"),
        (0xF4, b"\xe9", "é"),
        (14, b"\xb0\xa1", "가"),
    ],
)
def test_alphabets_of_inbound_messages(data_coding: int, octets: bytes, text: str) -> None:
    assert fragment(SubmitSm(data_coding=data_coding, short_message=octets)).text == text


def test_a_pair_that_a_sender_cut_in_two_is_mended() -> None:
    halves = [b"\x05\x00\x03\x01\x02\x01\xd8\x3d", b"\x05\x00\x03\x01\x02\x02\xde\x00"]
    found = [fragment(SubmitSm(esm_class=UDHI, data_coding=8, short_message=half)) for half in halves]
    assert join(reversed(found)) == "😀"
    escaped = [b"\x05\x00\x03\x01\x02\x01\x1b", b"\x05\x00\x03\x01\x02\x02\x65"]
    assert join(fragment(SubmitSm(esm_class=UDHI, short_message=half)) for half in escaped) == "€"


def test_other_elements_beside_the_concatenation_are_passed_over() -> None:
    header = b"\x0b\x05\x04\x15\x81\x00\x00\x00\x03\x07\x02\x01"
    found = fragment(SubmitSm(esm_class=UDHI, short_message=header + b"hi"))
    assert found == Fragment("gsm7", b"hi", Group("udh8", 7, 2), 1)


def test_the_payload_parameter_is_the_text() -> None:
    found = fragment(SubmitSm(data_coding=8, tlvs=((0x0424, "مرحبا".encode("utf-16-be")),)))
    assert (found.text, found.group) == ("مرحبا", None)
