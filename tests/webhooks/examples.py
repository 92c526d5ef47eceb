"""Facts of events for the tests of payloads and signatures; the instants are those of document C's
example."""

from collections.abc import Mapping
from datetime import UTC, datetime

from webhooks.payloads import Facts

INSTANT = "2023-12-01T16:03:48Z"
AT = datetime(2023, 12, 1, 16, 3, 48, 123456, tzinfo=UTC)


def message(event: str, status: str, **more: object) -> Facts:
    data: dict[str, object] = {
        "id": "msg_5f8d2b38c4a7f",
        "to": "+1234567890",
        "from": "MonApp",
        "channel": "sms",
        "status": status,
        "segments": 1,
        "sent_at": "2023-12-01T15:23:46.004000Z",
        "delivered_at": None,
        "error_code": None,
        "metadata": {"order": "A-17", "7": "x"},
    }
    return Facts(id="evt_1", type=event, created_at=AT, sequence=90, mode="live", data=data | more)


def delivered(metadata: Mapping[str, object] | None = None) -> Facts:
    instant = "2023-12-01T15:23:48.700000Z"
    given = metadata if metadata is not None else {"order": "A-17"}
    return message("message.delivered", "delivered", delivered_at=instant, metadata=given)


def failed() -> Facts:
    return message("message.failed", "undeliverable", error_code="UNKNOWN_SUBSCRIBER")


def verified() -> Facts:
    data = {
        "session_id": "vrf_1",
        "to": "+212612345678",
        "status": "verified",
        "verified_at": "2023-12-01T16:03:48Z",
    }
    return Facts(id="evt_2", type="verify.success", created_at=AT, sequence=90, mode="test", data=data)
