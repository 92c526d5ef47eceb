"""A text that somebody wrote to one of our numbers, as an adapter hands it in. Pure: `messaging/receiving.py` keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from messaging.carriers.contract import Callback, CarrierConfig, Channel


@dataclass(frozen=True, slots=True)
class Part:
    """Which piece of a long text this is: the sender's `reference` for the whole, its place from 1, and how many there are
    (3GPP TS 23.040 section 9.2.3.24.1 and .8; SMPP 3.4 TLVs sar_msg_ref_num, sar_segment_seqnum, sar_total_segments)."""

    reference: int
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text, or one part of it, decoded already. `from_` and `to` are numbers as the carrier writes them, with or without
    plus; `carrier_reference` is the carrier's own id of the text, "" if it gives none; `received_at` is when it reached us,
    aware; `raw` the bytes it came in."""

    carrier_id: int
    channel: Channel
    from_: str
    to: str
    text: str = field(repr=False)
    carrier_reference: str
    received_at: datetime
    raw: bytes = field(default=b"", repr=False)
    part: Part | None = None


@runtime_checkable
class ReceivesTexts(Protocol):
    """An adapter whose carrier posts texts to the same address as its receipts. `receipts` answers () for such a call."""

    @classmethod
    def inbound(cls, config: CarrierConfig, callback: Callback) -> Sequence[Inbound]:
        """The texts in a callback, in order; none if it holds only receipts. Raises `BadCallback`."""
        ...
