"""Text to SMPP: data_coding, short_message and how long texts are cut, by what each carrier wants.

Segments are those of `messaging/text.py`, so what travels is what was priced; escape pairs and surrogate pairs stay
whole. `unpacking.py` is the way back."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from messaging.carriers.smpp.tlv import Tag, Tlvs
from messaging.text import GSM_EXTENSION, UCS2_ALONE, UCS2_PART, Measure, encode_gsm7, measure, split

Alphabet = Literal["gsm7", "gsm7_packed", "latin1"]
Long = Literal["udh8", "udh16", "sar", "payload"]

UDHI = 0x40  # esm_class, section 5.2.12: the short_message begins with a user data header
CONCATENATED_8 = 0x00  # information elements of TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
CONCATENATED_16 = 0x08
CARRIAGE_RETURN = 0x0D
MOST_PARTS = 255
# What a header of seven octets leaves of 140: 152 septets, 66 UTF-16 units.
GSM_PART_16, UCS2_PART_16 = 152, 66


@dataclass(frozen=True, slots=True)
class Coding:
    """How one carrier wants texts.

    `gsm_alphabet`: septets one per octet (`gsm7`), eight in seven octets (`gsm7_packed`), or ISO 8859-1 (`latin1`);
    `gsm_data_coding` goes with it: 0 is the SMSC's default alphabet, 1 IA5, 3 Latin-1 (section 5.2.19);
    `ucs2_data_coding` is 8, or 24 for those who want a message class. `long`: texts of several segments by user data
    header with a reference of one or two octets, by SAR TLVs, or whole in message_payload.
    """

    gsm_alphabet: Alphabet = "gsm7"
    gsm_data_coding: int = 0
    ucs2_data_coding: int = 8
    long: Long = "udh8"


class Part(NamedTuple):
    """What goes into one submit_sm."""

    data_coding: int
    esm_class: int
    short_message: bytes
    tlvs: Tlvs


DEFAULT = Coding()


def parts(text: str, coding: Coding = DEFAULT, *, reference: int = 0) -> list[Part]:
    """The parts of a text, in order. `reference` ties the parts of one message together at the handset (TS 23.040,
    9.2.3.24.1); it is taken modulo 256 or 65,536, as the form has room for.

    There are more parts than were priced in two cases: `udh16`, whose header leaves room for 152 septets or 66 UTF-16
    units instead of 153 and 67, and `latin1` for a text with characters that Latin-1 lacks (the euro sign), which goes
    as UCS-2. Raises ValueError for over 255 parts, UnicodeEncodeError for a lone surrogate.
    """
    measured = measure(text)
    gsm = measured.encoding == "gsm7" and (coding.gsm_alphabet != "latin1" or _is_latin1(text))
    data_coding = coding.gsm_data_coding if gsm else coding.ucs2_data_coding
    pieces = _pieces(text, measured, coding.long, gsm)
    if len(pieces) == 1:
        return [Part(data_coding, 0, _octets(text, coding, gsm), ())]
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"a text of {len(pieces)} parts: there is room for {MOST_PARTS}")
    if coding.long == "payload":
        payload = ((int(Tag.MESSAGE_PAYLOAD), _octets(text, coding, gsm)),)
        return [Part(data_coding, 0, b"", payload)]
    if coding.long == "sar":
        return [
            Part(data_coding, 0, _octets(piece, coding, gsm), _sar(reference, len(pieces), number))
            for number, piece in enumerate(pieces, 1)
        ]
    heads = [_header(coding.long, reference, len(pieces), number) for number in range(1, len(pieces) + 1)]
    return [
        Part(data_coding, UDHI, head + _octets(piece, coding, gsm, header_octets=len(head)), ())
        for head, piece in zip(heads, pieces, strict=True)
    ]


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Septets eight in seven octets (TS 23.038, 6.1.2.1), behind `fill_bits` that end a header on a septet
    boundary. Where exactly seven bits stay free they hold a carriage return, since zeros would read as one @ more
    (6.1.2.3.1)."""
    bits, used = 0, fill_bits
    if (fill_bits + 7 * len(septets)) % 8 == 1:
        septets += bytes((CARRIAGE_RETURN,))
    for septet in septets:
        bits |= septet << used
        used += 7
    return bits.to_bytes((used + 7) // 8, "little")


def fill_bits(header_octets: int) -> int:
    """The bits between a user data header and the first septet (TS 23.040, 9.2.3.24)."""
    return -8 * header_octets % 7


def _octets(piece: str, coding: Coding, gsm: bool, *, header_octets: int = 0) -> bytes:
    if not gsm:
        return piece.encode("utf-16-be")
    if coding.gsm_alphabet == "latin1":
        return piece.encode("latin-1")
    septets = encode_gsm7(piece)
    return pack(septets, fill_bits(header_octets)) if coding.gsm_alphabet == "gsm7_packed" else septets


def _is_latin1(text: str) -> bool:
    # The form feed is an extension character of GSM 03.38 and a control of Latin-1: it survives as such.
    return text.isascii() or all(ord(char) < 256 for char in text)


def _pieces(text: str, measured: Measure, long: Long, gsm: bool) -> list[str]:
    """The text in segments, as `split` cuts it unless there is less room."""
    units = measured.units if gsm or measured.encoding == "ucs2" else len(text)
    if (measured.segments == 1 and gsm) or (units <= UCS2_ALONE and not gsm):
        return [text]
    if long == "udh16":
        return _cut(text, GSM_PART_16 if gsm else UCS2_PART_16, gsm)
    if gsm or measured.encoding == "ucs2":
        return split(text)
    return _cut(text, UCS2_PART, gsm)


def _cut(text: str, room: int, gsm: bool) -> list[str]:
    """Pieces of at most `room` septets or UTF-16 units; no character is divided."""
    pieces, start, used = [], 0, 0
    for at, char in enumerate(text):
        wide = char in GSM_EXTENSION if gsm else char > "\uffff"
        if used + 1 + wide > room:
            pieces.append(text[start:at])
            start, used = at, 0
        used += 1 + wide
    return [*pieces, text[start:]]


def _sar(reference: int, total: int, number: int) -> Tlvs:
    """Sections 5.3.2.22 to 5.3.2.24."""
    return (
        (int(Tag.SAR_MSG_REF_NUM), (reference % 0x10000).to_bytes(2, "big")),
        (int(Tag.SAR_TOTAL_SEGMENTS), bytes((total,))),
        (int(Tag.SAR_SEGMENT_SEQNUM), bytes((number,))),
    )


def _header(long: Long, reference: int, total: int, number: int) -> bytes:
    """The user data header of a concatenated message, TS 23.040, 9.2.3.24.1 (8 bits) and 9.2.3.24.8 (16 bits)."""
    if long == "udh16":
        return (
            bytes((6, CONCATENATED_16, 4)) + (reference % 0x10000).to_bytes(2, "big") + bytes((total, number))
        )
    return bytes((5, CONCATENATED_8, 3, reference % 0x100, total, number))
