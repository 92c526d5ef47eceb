"""Reading and writing the bodies of `pdu.py`.

Strict where a mistake would shift every field behind it (lengths, numbers); lenient where peers are sloppy and
nothing is lost: a missing NUL at the very end, a missing body of a response, ids longer than allowed, unknown TLVs.
Arbitrary octets raise `PduError` and nothing else."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from messaging.carriers.smpp import tlv
from messaging.carriers.smpp.pdu import (
    BODIES,
    RESPONSE,
    AlertNotification,
    Body,
    DataSm,
    Destination,
    PduError,
    SubmitSm,
    Unsuccessful,
)
from messaging.carriers.smpp.status import Status

LONGEST_SHORT_MESSAGE = 254  # octets, section 5.2.21
MOST_DESTINATIONS = 254  # section 4.5.1
# Octets without the NUL (sections 5.2.1 to 5.2.16). Credentials may be longer than the specification's 15 and 8:
# carriers hand such ones out.
LONGEST = {
    "service_type": 5,
    "system_id": 63,
    "password": 63,
    "system_type": 12,
    "address_range": 40,
    "source_addr": 20,
    "destination_addr": 20,
    "esme_addr": 64,
    "message_id": 64,
    "schedule_delivery_time": 16,
    "validity_period": 16,
    "final_date": 16,
    "address": 20,
    "list_name": 20,
}
LONG_ADDRESSES = (DataSm, AlertNotification)  # 64 octets, sections 4.7.1 and 4.12.1
LONG_ADDRESS = 64

Read = Callable[[bytes, int], tuple[Any, int]]
Write = Callable[[Any], bytes]


class _Field(NamedTuple):
    name: str
    read: Read
    write: Write


def encode(body: Body) -> bytes:
    """The octets of a body. Raises `PduError` for a field that cannot be written: too long, with a NUL inside, out of
    range, or not Latin-1."""
    try:
        if type(body) is SubmitSm:
            return _submit_sm(body)
        return b"".join([field.write(value) for field, value in zip(_FIELDS[type(body)], body, strict=True)])
    except PduError:
        raise
    except (ValueError, OverflowError) as error:
        raise PduError(f"{type(body).__name__}: {error}") from None


def decode(command: int, octets: bytes) -> Body:
    """The body of a PDU with this command_id. A response without a body has its defaults, since an error is answered
    with a header alone (section 4.4.2).

    Raises `PduError` with the status to answer: ESME_RINVCMDID for a command that does not exist,
    ESME_RINVMSGLEN for a body that ends early, ESME_RINVOPTPARSTREAM for broken optional parameters.
    """
    kind = BODIES.get(command)
    if kind is None:
        raise PduError(f"command 0x{command:08X} does not exist", Status.RINVCMDID)
    if not octets and command & RESPONSE:
        return kind()
    at, values = 0, []
    try:
        for field in _FIELDS[kind]:
            value, at = field.read(octets, at)
            values.append(value)
    except IndexError:
        raise PduError(f"{kind.__name__} ends before {field.name}") from None
    except tlv.Malformed as error:
        raise PduError(f"{kind.__name__}: {error}", Status.RINVOPTPARSTREAM) from None
    return kind._make(values)


def _submit_sm(body: SubmitSm) -> bytes:
    """submit_sm and deliver_sm, section 4.4.1. This is written for every segment, so what segments share is kept."""
    text, tlvs, target = body.short_message, body.tlvs, body.destination_addr
    if len(text) > LONGEST_SHORT_MESSAGE:
        raise PduError(f"short_message has {len(text)} octets, at most {LONGEST_SHORT_MESSAGE}")
    if len(target) > LONGEST["destination_addr"] or "\0" in target:
        raise PduError("destination_addr has over 20 octets or a NUL inside")
    octets = _submit_head(*body[:6]) + target.encode("latin-1") + _submit_middle(*body[7:16])
    octets += bytes((len(text),)) + text
    return octets + tlv.encode(tlvs) if tlvs else octets


@lru_cache(maxsize=1024)
def _submit_head(service: str, s_ton: int, s_npi: int, source: str, d_ton: int, d_npi: int) -> bytes:
    octets = _write_service(service) + bytes((s_ton, s_npi)) + _write_address(source)
    return octets + bytes((d_ton, d_npi))


@lru_cache(maxsize=1024)
def _submit_middle(
    esm: int,
    protocol: int,
    priority: int,
    at: str,
    until: str,
    receipt: int,
    replace: int,
    coding: int,
    canned: int,
) -> bytes:
    """From the NUL of destination_addr to sm_default_msg_id."""
    octets = bytes((0, esm, protocol, priority)) + _write_time(at) + _write_time(until)
    return octets + bytes((receipt, replace, coding, canned))


def _read_string(octets: bytes, at: int) -> tuple[str, int]:
    end = octets.find(0, at)
    if end < 0:
        if at >= len(octets):
            raise IndexError
        end = len(octets)
    return octets[at:end].decode("latin-1"), end + 1


def _read_octet(octets: bytes, at: int) -> tuple[int, int]:
    return octets[at], at + 1


def _read_message(octets: bytes, at: int) -> tuple[bytes, int]:
    """sm_length and short_message, sections 5.2.21 and 5.2.22."""
    end = at + 1 + octets[at]
    if end > len(octets):
        raise PduError(f"sm_length says {octets[at]}, {len(octets) - at - 1} octets are left")
    return octets[at + 1 : end], end


def _read_tlvs(octets: bytes, at: int) -> tuple[tlv.Tlvs, int]:
    # A string without its NUL at the very end leaves the position one past the end.
    return tlv.decode(octets, min(at, len(octets))), len(octets)


def _read_destinations(octets: bytes, at: int) -> tuple[tuple[Destination, ...], int]:
    """number_of_dests and dest_address(es), section 4.5.1.1: dest_flag 1 is an address, 2 a list."""
    count, at, found = octets[at], at + 1, []
    for _ in range(count):
        flag, at = octets[at], at + 1
        if flag == 2:
            name, at = _read_string(octets, at)
            found.append(Destination(list_name=name))
        elif flag == 1:
            ton, npi = octets[at], octets[at + 1]
            address, at = _read_string(octets, at + 2)
            found.append(Destination(ton, npi, address))
        else:
            raise PduError(f"dest_flag is {flag}", Status.RINVDESTFLAG)
    return tuple(found), at


def _read_unsuccessful(octets: bytes, at: int) -> tuple[tuple[Unsuccessful, ...], int]:
    """no_unsuccess and unsuccess_sme(s), section 4.5.2.1."""
    count, at, found = octets[at], at + 1, []
    for _ in range(count):
        ton, npi = octets[at], octets[at + 1]
        address, at = _read_string(octets, at + 2)
        if at + 4 > len(octets):
            raise IndexError
        found.append(Unsuccessful(ton, npi, address, int.from_bytes(octets[at : at + 4], "big")))
        at += 4
    return tuple(found), at


def _write_string(name: str, longest: int) -> Write:
    def write(value: str) -> bytes:
        if len(value) > longest or "\0" in value:
            raise PduError(f"{name} has over {longest} octets or a NUL inside")
        return value.encode("latin-1") + b"\0"

    return write


def _write_octet(value: int) -> bytes:
    return bytes((value,))


def _write_message(value: bytes) -> bytes:
    if len(value) > LONGEST_SHORT_MESSAGE:
        raise PduError(f"short_message has {len(value)} octets, at most {LONGEST_SHORT_MESSAGE}")
    return bytes((len(value),)) + value


_write_address = _write_string("address", LONGEST["address"])
_write_service = _write_string("service_type", LONGEST["service_type"])
_write_time = _write_string("time", LONGEST["validity_period"])
_write_list_name = _write_string("list_name", LONGEST["list_name"])


def _write_destinations(value: tuple[Destination, ...]) -> bytes:
    if len(value) > MOST_DESTINATIONS:
        raise PduError(f"{len(value)} destinations, at most {MOST_DESTINATIONS}", Status.RINVNUMDESTS)
    octets = bytes((len(value),))
    for each in value:
        if each.list_name:
            octets += b"\x02" + _write_list_name(each.list_name)
        else:
            octets += bytes((1, each.addr_ton, each.addr_npi)) + _write_address(each.address)
    return octets


def _write_unsuccessful(value: tuple[Unsuccessful, ...]) -> bytes:
    octets = bytes((len(value),))
    for each in value:
        octets += bytes((each.addr_ton, each.addr_npi)) + _write_address(each.address)
        octets += each.status.to_bytes(4, "big")
    return octets


_SPECIAL: dict[str, tuple[Read, Write]] = {
    "short_message": (_read_message, _write_message),
    "tlvs": (_read_tlvs, tlv.encode),
    "destinations": (_read_destinations, _write_destinations),
    "unsuccessful": (_read_unsuccessful, _write_unsuccessful),
}


def _field(kind: type[Body], name: str) -> _Field:
    if name in _SPECIAL:
        return _Field(name, *_SPECIAL[name])
    if name not in LONGEST:
        return _Field(name, _read_octet, _write_octet)
    longest = LONG_ADDRESS if name.endswith("_addr") and kind in LONG_ADDRESSES else LONGEST[name]
    return _Field(name, _read_string, _write_string(name, longest))


_FIELDS: dict[type[Body], tuple[_Field, ...]] = {
    kind: tuple(_field(kind, name) for name in kind._fields) for kind in set(BODIES.values())
}
