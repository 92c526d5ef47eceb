"""The octets of SMPP 3.4: what is written can be read again, the specification's own examples, and whatever else comes
is refused by the codec's own error."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.carriers.smpp import codec, pdu, tlv
from messaging.carriers.smpp.pdu import BODIES, Body, Command, Destination, PduError, SubmitSm, Unsuccessful
from messaging.carriers.smpp.status import Status
from messaging.carriers.smpp.wire import Frame, FrameError, Framer, frame

repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=60)

octet = st.integers(0, 255)
tlvs = st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=20)), max_size=4).map(tuple)


def c_string(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=longest)


destinations = st.lists(
    st.one_of(
        st.tuples(octet, octet, c_string(20)).map(lambda fields: Destination(*fields)),
        c_string(20).filter(bool).map(lambda name: Destination(list_name=name)),
    ),
    max_size=4,
).map(tuple)
unsuccessful = st.lists(
    st.tuples(octet, octet, c_string(20), st.integers(0, 0xFFFFFFFF)).map(Unsuccessful._make), max_size=4
).map(tuple)
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "tlvs": tlvs,
    "short_message": st.binary(max_size=254),
    "destinations": destinations,
    "unsuccessful": unsuccessful,
}


def bodies(kind: type[Body]) -> st.SearchStrategy[Body]:
    fields = [
        SPECIAL[name]
        if name in SPECIAL
        else c_string(codec.LONGEST[name])
        if name in codec.LONGEST
        else octet
        for name in kind._fields
    ]
    return st.tuples(*fields).map(kind._make)


@pytest.mark.parametrize("command", BODIES, ids=lambda command: Command(command).name)
def test_what_is_written_is_read_again(command: int) -> None:
    @repeatable
    @given(bodies(BODIES[command]), st.integers(0, 0xFFFFFFFF), st.integers(1, 0x7FFFFFFF))
    def same(body: Body, status: int, sequence: int) -> None:
        octets = codec.encode(body)
        [each] = Framer().feed(frame(command, status, sequence, octets))
        assert each == Frame(command, status, sequence, octets)
        assert codec.decode(command, each.body) == body

    same()


@settings(repeatable, max_examples=400)
@given(st.one_of(st.sampled_from(list(BODIES)), st.integers(0, 0xFFFFFFFF)), st.binary(max_size=80))
def test_arbitrary_octets_raise_the_codecs_error_or_nothing(command: int, octets: bytes) -> None:
    status = Status.ROK
    try:
        codec.decode(command, octets)
    except PduError as error:
        status = Status(error.status)
    assert (command in BODIES) == (status != Status.RINVCMDID)


@settings(repeatable, max_examples=150)
@given(bodies(SubmitSm), st.data())
def test_a_body_cut_anywhere_is_refused_or_read(body: Body, data: st.DataObject) -> None:
    octets = codec.encode(body)
    cut = octets[: data.draw(st.integers(0, len(octets) - 1))]
    try:
        read = codec.decode(Command.SUBMIT_SM, cut)
    except PduError:
        return
    assert read[:17] == body[:17]  # all but the optional parameters, of which some are missing


@repeatable
@given(st.binary(max_size=300), st.integers(1, 40))
def test_garbage_in_any_pieces_ends_in_frames_or_the_error(octets: bytes, size: int) -> None:
    framer = Framer(longest=200)
    try:
        for start in range(0, len(octets), size):
            for each in framer.feed(octets[start : start + size]):
                assert len(each.body) <= 184
    except FrameError:
        return


@repeatable
@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(1, 50))
def test_frames_are_cut_out_of_any_pieces(bodies: list[bytes], size: int) -> None:
    stream = b"".join(frame(4, 0, number, body) for number, body in enumerate(bodies, 1))
    framer, found = Framer(), []
    for start in range(0, len(stream), size):
        found += framer.feed(stream[start : start + size])
    assert found == [Frame(4, 0, number, body) for number, body in enumerate(bodies, 1)]


def test_the_bind_of_section_3_2_3() -> None:
    octets = bytes.fromhex(
        "0000002F 00000002 00000000 00000001 534D50503354455354 00 7365637265743038 00 5355424D495431 00 00 01 01 00"
    )
    [each] = Framer().feed(octets)
    bind = pdu.Bind("SMPP3TEST", "secret08", "SUBMIT1", 0, 1, 1, "")
    assert (each.command, each.status, each.sequence) == (Command.BIND_TRANSMITTER, 0, 1)
    assert codec.decode(each.command, each.body) == bind
    assert frame(Command.BIND_TRANSMITTER, 0, 1, codec.encode(bind)) == octets


def test_a_submit_octet_by_octet() -> None:
    body = SubmitSm(
        "CMT", 5, 0, "Risala", 1, 1, "212612345678", 0x40, 0, 1, "", "000001000000000R", 1, 0, 8, 0,
        b"\x05\x00\x03\x2a\x02\x01\x06\x45", ((0x0204, b"\x00\x07"), (0x1401, b"abc")),
    )  # fmt: skip
    assert codec.encode(body).hex(" ") == (
        "43 4d 54 00 05 00 52 69 73 61 6c 61 00 01 01 32 31 32 36 31 32 33 34 35 36 37 38 00 "
        "40 00 01 00 30 30 30 30 30 31 30 30 30 30 30 30 30 30 30 52 00 01 00 08 00 "
        "08 05 00 03 2a 02 01 06 45 02 04 00 02 00 07 14 01 00 03 61 62 63"
    )


def test_a_submit_multi_octet_by_octet() -> None:
    body = pdu.SubmitMulti(
        source_addr="R",
        destinations=(Destination(1, 1, "2126"), Destination(list_name="all")),
        short_message=b"hi",
    )
    assert codec.encode(body).hex(" ") == (
        "00 00 00 52 00 02 01 01 01 32 31 32 36 00 02 61 6c 6c 00 00 00 00 00 00 00 00 00 00 02 68 69"
    )


@pytest.mark.parametrize(
    ("command", "octets", "body"),
    [
        (Command.SUBMIT_SM_RESP, b"", pdu.MessageId()),  # an error has no body
        (Command.BIND_TRANSCEIVER_RESP, b"", pdu.BindResp()),
        (Command.SUBMIT_SM_RESP, b"1A2B", pdu.MessageId("1A2B")),  # no NUL
        (Command.SUBMIT_SM_RESP, b"1A2B\0", pdu.MessageId("1A2B")),
        (
            Command.SUBMIT_SM_RESP,
            b"x" * 80 + b"\0",
            pdu.MessageId("x" * 80),
        ),  # longer than the 64 of section 4.4.2
        (Command.ENQUIRE_LINK, b"\0\0", pdu.Empty()),
        (Command.DATA_SM_RESP, b"7\0\0\0", pdu.MessageId("7")),  # padding
    ],
)
def test_what_sloppy_peers_send(command: Command, octets: bytes, body: Body) -> None:
    assert codec.decode(command, octets) == body


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"", Status.RINVMSGLEN),
        (b"\0" * 16, Status.RINVMSGLEN),
        (b"\0" * 16 + b"\x05abcd", Status.RINVMSGLEN),
        (b"\0" * 17 + b"\x04\x24\x00\x05abcd", Status.RINVOPTPARSTREAM),
    ],
)
def test_a_deliver_with_wrong_lengths_is_refused(octets: bytes, status: Status) -> None:
    with pytest.raises(PduError) as refused:
        codec.decode(Command.DELIVER_SM, octets)
    assert refused.value.status == status


@pytest.mark.parametrize(
    "body",
    [
        SubmitSm(source_addr="x" * 21),
        SubmitSm(source_addr="a\0b"),
        SubmitSm(source_addr="\u0645"),
        SubmitSm(short_message=b"x" * 255),
        SubmitSm(data_coding=256),
        SubmitSm(esm_class=-1),
        SubmitSm(tlvs=((0x0424, b"x" * 70_000),)),
        pdu.Bind(system_id="x" * 64),
        pdu.Bind(addr_ton=300),
        pdu.SubmitMulti(destinations=(Destination(),) * 255),
    ],
)
def test_what_cannot_be_written_is_refused(body: Body) -> None:
    with pytest.raises(PduError):
        codec.encode(body)


@pytest.mark.parametrize("length", [0, 15, 70_001, 0xFFFFFFFF])
def test_a_command_length_out_of_bounds_is_no_frame(length: int) -> None:
    whole = frame(Command.ENQUIRE_LINK, 0, 7)
    with pytest.raises(FrameError) as refused:
        Framer().feed(whole + length.to_bytes(4, "big") + b"\0" * 12)
    assert refused.value.whole == [Frame(Command.ENQUIRE_LINK, 0, 7, b"")]


def test_optional_parameters_are_found_in_any_length() -> None:
    found = ((0x0427, b"\x00\x02"), (0x001E, b" 1A2B\0"), (0x0427, b"\x05"), (0x0423, b""))
    assert tlv.number(found, tlv.Tag.MESSAGE_STATE) == 2
    assert tlv.text(found, tlv.Tag.RECEIPTED_MESSAGE_ID) == "1A2B"
    assert tlv.number(found, tlv.Tag.NETWORK_ERROR_CODE) is None
    assert tlv.find(found, 0x9999) is None
