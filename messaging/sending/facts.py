"""What events tell of a message: the columns a change returns, and the facts made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from accounts.ids import created_at, show
from webhooks.event_names import Change
from webhooks.publish import Happening
from webhooks.signing import PROFILES, STANDARD

COLUMNS = (
    'm.id, m.account_id, m.mode, m.lane, m.channel, m."to", m.sender, m.status, m.segments, m.price, m.price_mad, m.price_eur,'
    " m.currency, m.error_code, m.metadata, m.batch_id, m.campaign_id, m.created_at, m.sent_at, m.delivered_at,"
    " m.callback_url, m.refund_undeliverable, m.scheduled_at, m.country, m.api_key_id,"
    " CASE WHEN m.callback_url IS NOT NULL THEN"
    " (SELECT k.compat FROM accounts_apikey k WHERE k.id = m.api_key_id) END AS compat"
)


class Moved(NamedTuple):
    """A message that just changed, in the order of `COLUMNS`."""

    id: UUID
    account_id: UUID
    mode: str
    lane: int
    channel: str
    to: str
    sender: str
    status: str
    segments: int
    price: Decimal
    price_mad: Decimal
    price_eur: Decimal
    currency: str
    error_code: str | None
    metadata: Any
    batch_id: UUID | None
    campaign_id: UUID | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    callback_url: str | None
    refund_undeliverable: bool
    scheduled_at: datetime | None
    country: str
    api_key_id: UUID | None
    compat: str | None

    @property
    def callback_profile(self) -> str:
        """How the address named in the message is to be told: as the client that named it understands."""
        return self.compat if self.compat in PROFILES else STANDARD


def instant(value: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds and Z."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount(value: Decimal) -> int | float:
    """An amount as a JSON number: four places at most, no trailing zeros."""
    return int(value) if value == value.to_integral_value() else float(value)


def of(row: Sequence[Any]) -> Moved:
    """A returned row."""
    return Moved(*row)


def happening(moved: Moved, change: Change, sequence: int) -> Happening:
    """The change of a message, as publish takes it."""
    return Happening(
        subject_id=moved.id,
        account_id=moved.account_id,
        mode=moved.mode,
        sequence=sequence,
        payload=payload(moved),
        change=change,
        callback_url=moved.callback_url or "",
        callback_profile=moved.callback_profile,
    )


def payload(moved: Moved) -> dict[str, object]:
    """The facts of the message as events carry them; each endpoint's profile renders its own form."""
    metadata = orjson.loads(moved.metadata) if isinstance(moved.metadata, str) else moved.metadata
    return {
        "id": show("message", moved.id),
        "to": moved.to,
        "from": moved.sender,
        "channel": moved.channel,
        "status": moved.status,
        "segments": moved.segments,
        "cost": {"eur": amount(moved.price_eur), "mad": amount(moved.price_mad)},
        "error_code": moved.error_code,
        "metadata": metadata,
        "batch_id": show("batch", moved.batch_id) if moved.batch_id else None,
        "campaign_id": show("campaign", moved.campaign_id) if moved.campaign_id else None,
        "created_at": instant(created_at(moved.id)),
        "sent_at": instant(moved.sent_at),
        "delivered_at": instant(moved.delivered_at),
    }
