"""The words of document D: statuses, instants, its service, and the SIM of the sandbox."""

from collections.abc import Mapping
from datetime import UTC, datetime

from accounts.caller import Caller
from messaging.api.shapes import explained
from messaging.models import Carrier, Sim, Status

SERVICE = "sms"
COUNTRY = "ML"
SANDBOX = Sim(
    id=1,
    number="+22366603716",
    name="Sandbox SIM",
    operator="Sandbox",
    carrier=Carrier(id=0),
    is_default=True,
)
"""What test keys send by while the pool is empty, so that the document's examples work before it is filled."""
WORDS: Mapping[str, str] = {
    Status.SCHEDULED: "pending",
    Status.QUEUED: "pending",
    Status.UNCERTAIN: "sent",
    Status.SENT: "sent",
    Status.DELIVERED: "delivered",
    Status.UNDELIVERABLE: "failed",
    Status.FAILED: "failed",
    Status.EXPIRED: "failed",
    Status.CANCELLED: "cancelled",
}


def time_of(moment: datetime | None) -> str | None:
    """`2025-10-30T14:30:00.000000Z`."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def reason_of(error_code: str | None, caller: Caller) -> object:
    """Why a message failed, in a sentence of the account's language."""
    told = explained(error_code, caller.account.language)
    return (told["message"] or error_code) if told else None
