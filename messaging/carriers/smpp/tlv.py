"""Optional parameters of SMPP 3.4 (section 3.2.4.1 and 5.3): a tag and a length of two octets each, then the value.

They are kept as pairs in the order in which they came, the unknown ones too: a peer may repeat a tag, and a
carrier's own tags (0x1400 to 0x3FFF) mean something to somebody."""

import struct
from enum import IntEnum

Tlvs = tuple[tuple[int, bytes], ...]
HEAD = struct.Struct(">HH")


class Tag(IntEnum):
    """Tags of section 5.3.2, with the number of the subsection where the product reads or writes them."""

    DEST_ADDR_SUBUNIT = 0x0005
    SOURCE_PORT = 0x020A  # 5.3.2.20
    DESTINATION_PORT = 0x020B  # 5.3.2.21
    USER_MESSAGE_REFERENCE = 0x0204  # 5.3.2.17: ours, echoed in receipts by carriers that can
    SC_INTERFACE_VERSION = 0x0210  # 5.3.2.25
    SAR_MSG_REF_NUM = 0x020C  # 5.3.2.22
    SAR_TOTAL_SEGMENTS = 0x020E  # 5.3.2.23
    SAR_SEGMENT_SEQNUM = 0x020F  # 5.3.2.24
    RECEIPTED_MESSAGE_ID = 0x001E  # 5.3.2.12
    LANGUAGE_INDICATOR = 0x020D
    ADDITIONAL_STATUS_INFO_TEXT = 0x001D  # 5.3.2.11
    DELIVERY_FAILURE_REASON = 0x0425  # 5.3.2.33
    MESSAGE_PAYLOAD = 0x0424  # 5.3.2.32
    MORE_MESSAGES_TO_SEND = 0x0426
    MESSAGE_STATE = 0x0427  # 5.3.2.35
    NETWORK_ERROR_CODE = 0x0423  # 5.3.2.31
    MS_AVAILABILITY_STATUS = 0x0422  # 5.3.2.30


class Malformed(ValueError):
    """The optional part runs past the end of its PDU."""


def encode(tlvs: Tlvs) -> bytes:
    """The octets of optional parameters. Raises ValueError for a tag over 0xFFFF or a value over 65,535 octets."""
    if not tlvs:
        return b""
    pieces = []
    for tag, value in tlvs:
        if not 0 <= tag <= 0xFFFF or len(value) > 0xFFFF:
            raise ValueError(f"optional parameter 0x{tag:04X} with {len(value)} octets cannot be written")
        pieces.append(HEAD.pack(tag, len(value)))
        pieces.append(value)
    return b"".join(pieces)


def decode(octets: bytes, start: int) -> Tlvs:
    """The optional parameters from `start` to the end. Fewer than four octets at the very end are no parameter,
    and are left: some peers pad. Raises `Malformed` for a value longer than what is there."""
    end = len(octets)
    if start == end:
        return ()
    found = []
    while start + 4 <= end:
        tag, length = HEAD.unpack_from(octets, start)
        start += 4
        if start + length > end:
            raise Malformed(f"optional parameter 0x{tag:04X} says {length} octets, {end - start} are left")
        found.append((tag, octets[start : start + length]))
        start += length
    return tuple(found)


def find(tlvs: Tlvs, tag: int) -> bytes | None:
    """The value of the first parameter with this tag."""
    for each, value in tlvs:
        if each == tag:
            return value
    return None


def number(tlvs: Tlvs, tag: int) -> int | None:
    """The value as an unsigned integer, whatever its length (peers write one octet as two or four); None when
    missing or empty."""
    value = find(tlvs, tag)
    return int.from_bytes(value, "big") if value else None


def text(tlvs: Tlvs, tag: int) -> str | None:
    """The value as a C-octet string, with or without its NUL, spaces around it removed; None when missing."""
    value = find(tlvs, tag)
    return None if value is None else value.partition(b"\0")[0].decode("latin-1").strip()
