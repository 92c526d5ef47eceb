"""SMPP to text: what a deliver_sm from a handset says, and which parts belong together.

Parts keep their octets until all are there (`join`), since a sender may have cut a character in two. Whatever comes,
nothing raises: what cannot be read is shown as U+FFFD."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from messaging.carriers.smpp.coding import CONCATENATED_8, CONCATENATED_16, DEFAULT, UDHI, Coding, fill_bits
from messaging.carriers.smpp.pdu import DataSm, SubmitSm
from messaging.carriers.smpp.tlv import Tag, find, number
from messaging.text import ESCAPE, GSM_BASIC, GSM_EXTENSION

Charset = Literal[
    "gsm7", "latin-1", "ascii", "utf-16", "iso8859-5", "iso8859-8", "shift-jis", "iso2022-jp", "euc-kr"
]

# data_coding, section 5.2.19. 2, 4, 9 and 0xF4 are octets of no known alphabet: shown as Latin-1.
CHARSETS: dict[int, Charset] = {
    1: "ascii",
    2: "latin-1",
    3: "latin-1",
    4: "latin-1",
    5: "shift-jis",
    6: "iso8859-5",
    7: "iso8859-8",
    8: "utf-16",
    9: "latin-1",
    10: "iso2022-jp",
    13: "shift-jis",
    14: "euc-kr",
}
_BASIC = {code: char for code, char in enumerate(GSM_BASIC) if char != ESCAPE}
_EXTENSION = {code: char for char, code in GSM_EXTENSION.items()}
_BY_ALPHABET_BITS: tuple[Charset, ...] = ("gsm7", "latin-1", "utf-16", "gsm7")
CONCATENATIONS = {CONCATENATED_8: 3, CONCATENATED_16: 4}


class Group(NamedTuple):
    """What the parts of one message share, beside sender and recipient (the caller adds those to the key)."""

    form: Literal["udh8", "udh16", "sar"]
    reference: int
    total: int


class Fragment(NamedTuple):
    """One deliver_sm: its octets in `charset`, septets one per octet. `group` is None for a text that came whole;
    `number` counts from 1."""

    charset: Charset
    octets: bytes
    group: Group | None = None
    number: int = 1

    @property
    def text(self) -> str:
        """This part alone."""
        return decoded(self.charset, self.octets)


def fragment(sm: SubmitSm | DataSm, coding: Coding = DEFAULT) -> Fragment:
    """What a deliver_sm or data_sm carries. `coding` says what data_coding 0 is at this carrier."""
    octets = sm.short_message if isinstance(sm, SubmitSm) else b""
    octets = octets or find(sm.tlvs, Tag.MESSAGE_PAYLOAD) or b""
    group, part, header = None, 1, 0
    if sm.esm_class & UDHI and octets:
        header = octets[0] + 1
        group, part = _concatenation(octets[1:header])
    if group is None:
        group, part = _sar(sm)
    charset, body = charset_of(sm.data_coding), octets[header:]
    if sm.data_coding in (0, coding.gsm_data_coding):
        charset = "latin-1" if coding.gsm_alphabet == "latin1" else "gsm7"
    if charset == "gsm7" and coding.gsm_alphabet == "gsm7_packed":
        body = unpack(body, fill_bits(header) if header else 0)
    return Fragment(charset, body, group, part)


def join(fragments: Iterable[Fragment]) -> str:
    """The text of all parts of one group, in any order; a part that came twice counts once."""
    parts = {each.number: each for each in fragments}
    text, octets, charset = "", b"", None
    for at in sorted(parts):
        if charset is not None and parts[at].charset != charset:
            text, octets = text + decoded(charset, octets), b""
        charset, octets = parts[at].charset, octets + parts[at].octets
    return text if charset is None else text + decoded(charset, octets)


def charset_of(data_coding: int) -> Charset:
    """The alphabet of a data_coding: section 5.2.19, and below its table the message classes of TS 23.038, 4."""
    if data_coding in CHARSETS:
        return CHARSETS[data_coding]
    if data_coding >= 0xF0:  # bit 2: eight bit data
        return "latin-1" if data_coding & 0x04 else "gsm7"
    if data_coding < 0x80:
        return _BY_ALPHABET_BITS[data_coding >> 2 & 3]
    return "utf-16" if data_coding & 0xF0 == 0xE0 else "gsm7"


def decoded(charset: Charset, octets: bytes) -> str:
    """Octets as text. Raises nothing."""
    if charset == "gsm7":
        return gsm7(octets)
    if charset == "utf-16":
        little = octets[:2] == b"\xff\xfe"
        marked = little or octets[:2] == b"\xfe\xff"
        return octets[2 if marked else 0 :].decode("utf-16-le" if little else "utf-16-be", "replace")
    return octets.decode("latin-1" if charset == "ascii" else charset, "replace")


def gsm7(septets: bytes) -> str:
    """Unpacked septets as text. An escape before a septet without an extension is passed over (TS 23.038, 6.2.1.1), and
    octets over 0x7F, which are none, are read as the Latin-1 that a peer must have meant."""
    if 0x1B not in septets:
        return "".join([_BASIC.get(octet, chr(octet)) for octet in septets])
    text, escaped = [], False
    for octet in septets:
        if octet == 0x1B:
            escaped = True
            continue
        plain = _BASIC.get(octet, chr(octet))
        text.append(_EXTENSION.get(octet, plain) if escaped else plain)
        escaped = False
    return "".join(text)


def unpack(octets: bytes, fill: int = 0) -> bytes:
    """Septets, one per octet, from eight in seven, behind `fill` bits. A last carriage return that fills up the last
    octet is padding (TS 23.038, 6.1.2.3.1)."""
    septets, held, held_bits = bytearray(), 0, -fill
    for octet in octets:
        held |= octet << held_bits if held_bits >= 0 else octet >> -held_bits
        held_bits += 8
        while held_bits >= 7:
            septets.append(held & 0x7F)
            held, held_bits = held >> 7, held_bits - 7
    full = (8 * len(octets) - fill) % 7 == 0
    return bytes(septets[:-1] if full and septets.endswith(b"\r") else septets)


def _concatenation(header: bytes) -> tuple[Group | None, int]:
    """The concatenation element of a user data header without its length (TS 23.040, 9.2.3.24)."""
    at = 0
    while at + 2 <= len(header):
        element, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if CONCATENATIONS.get(element) == length == len(value):
            reference, total, part = int.from_bytes(value[:-2], "big"), value[-2], value[-1]
            if 1 <= part <= total:
                return Group("udh8" if length == 3 else "udh16", reference, total), part
        at += 2 + length
    return None, 1


def _sar(sm: SubmitSm | DataSm) -> tuple[Group | None, int]:
    """Concatenation by optional parameters, sections 5.3.2.22 to 5.3.2.24."""
    reference = number(sm.tlvs, Tag.SAR_MSG_REF_NUM)
    total = number(sm.tlvs, Tag.SAR_TOTAL_SEGMENTS) or 0
    part = number(sm.tlvs, Tag.SAR_SEGMENT_SEQNUM) or 0
    if reference is None or not 1 <= part <= total <= 255:
        return None, 1
    return Group("sar", reference, total), part
