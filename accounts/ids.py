"""Identifiers: UUIDv7 made here (RFC 9562 section 5.7), shown to people with a prefix, such as `msg_0198…`.
The time in the id is its creation time, which is what partitions and cursors sort by."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from accounts.refusals import Code, Refused

PREFIXES = {
    "account": "acc",
    "api_key": "key",
    "message": "msg",
    "batch": "batch",
    "endpoint": "whk",
    "event": "evt",
    "entry": "txn",
    "topup": "topup",
    "session": "vrf",
    "contact": "ctc",
    "list": "lst",
    "campaign": "cmp",
    "template": "tpl",
    "inbound": "inb",
}
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
new_id = uuid7
"""A new UUIDv7; ids made by one process only ever ascend."""


def show(kind: str, value: UUID) -> str:
    """The public form of an id: its prefix and 32 hexadecimal digits."""
    return f"{PREFIXES[kind]}_{value.hex}"


def read(kind: str, text: str) -> UUID:
    """The id in its public form or as a plain UUID.

    Raises `Refused(NOT_FOUND)`: an id of another form names nothing, and answers like any id that does not exist.
    """
    raw = text.removeprefix(PREFIXES[kind] + "_")
    try:
        if len(raw) not in (32, 36):
            raise ValueError(raw)
        return UUID(raw)
    except ValueError:
        raise Refused(Code.NOT_FOUND, f"No such {kind.replace('_', ' ')}.") from None


def floor_of(instant: datetime) -> UUID:
    """The smallest UUIDv7 of an instant: `id >= floor_of(t)` is `created at or after t`, and prunes partitions."""
    return UUID(int=_milliseconds(instant) << 80)


def ceiling_of(instant: datetime) -> UUID:
    """The largest UUIDv7 of an instant's millisecond: `id <= ceiling_of(t)` is `created at t or before`, as ids show it."""
    return UUID(int=((_milliseconds(instant) + 1) << 80) - 1)


def _milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, of which no float has rounded any away."""
    return max(0, (instant - EPOCH) // MILLISECOND)


def created_at(value: UUID) -> datetime:
    """The creation time inside a UUIDv7, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)
