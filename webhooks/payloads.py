"""The body of a webhook post: the facts of an event in the form that the endpoint's profile promises. The
same facts give the same bytes on every attempt, and bytes that JavaScript would write itself (document C
signs those)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypedDict

from webhooks import canonical_json
from webhooks.event_names import NATIVE_ONLY
from webhooks.signing import ENVOISMS, PROFILES, SMSMAROC, SMSPROVIDER, STANDARD


class Facts(TypedDict):
    """One event as an endpoint is told of it.

    `id` is the event's public id, which is also `webhook-id`; `type` the name this endpoint subscribed to;
    `created_at` aware. `data` are JSON values: for a message `id to from channel status segments metadata
    error_code sent_at delivered_at …` with the internal status, for a verification `session_id to
    verified_at …`.
    """

    id: str
    type: str
    created_at: datetime
    sequence: int
    mode: str
    data: Mapping[str, object]


# Final words of the documents' clients for the statuses they do not have (contract of the API, status maps).
STATUS_WORDS: Final[dict[str, dict[str, str]]] = {
    STANDARD: {},
    SMSMAROC: {"expired": "undeliverable", "cancelled": "failed"},
    ENVOISMS: {"undeliverable": "failed", "expired": "failed", "cancelled": "failed"},
    SMSPROVIDER: {"undeliverable": "failed", "cancelled": "failed"},
}
# What is repeated beside `data`, for clients that look at the top of the body.
FLAT = (
    "session_id",
    "to",
    "from",
    "channel",
    "status",
    "segments",
    "error_code",
    "sent_at",
    "delivered_at",
    "verified_at",
    "metadata",
)


def body(profile: str, facts: Facts) -> bytes:
    """The bytes to post and to sign. Raises ValueError for an unknown profile or facts that JSON cannot
    hold."""
    if profile not in PROFILES:
        raise ValueError(f"unknown payload profile {profile!r}")
    data = dict(facts["data"])
    if isinstance(status := data.get("status"), str):
        data["status"] = STATUS_WORDS[profile].get(status, status)
    shown = _flat_only(facts, data) if profile == SMSPROVIDER else _envelope(facts, data)
    return canonical_json.dumps(shown)


def _envelope(facts: Facts, data: dict[str, object]) -> dict[str, object]:
    """The native form, which the clients of documents A and B read as well: Standard Webhooks' `type` and
    `data`, and at the top the fields those documents speak of."""
    top: dict[str, object] = {
        "id": facts["id"],
        "type": facts["type"],
        "event": facts["type"],
        "created_at": _instant(facts["created_at"]),
        "sequence": facts["sequence"],
        "mode": facts["mode"],
    }
    if "id" in data:
        top["message_id"] = data["id"]
    top.update((name, data[name]) for name in FLAT if name in data)
    top["data"] = data
    return top


def _flat_only(facts: Facts, data: dict[str, object]) -> dict[str, object]:
    """Document C's body: these six fields in this order. A message that was not delivered has
    `delivered_at` null; a verification has `session_id` and `verified_at` in the places of the
    message's. What no document knows (an inbound message, an opt-out) keeps all its fields."""
    if facts["type"] in NATIVE_ONLY:
        return {"event": facts["type"], **data, "timestamp": int(facts["created_at"].timestamp())}
    subject, instant = (
        ("session_id", "verified_at") if "session_id" in data else ("message_id", "delivered_at")
    )
    return {
        "event": facts["type"],
        subject: data.get("session_id", data.get("id")),
        "to": data.get("to"),
        "status": data.get("status"),
        instant: _whole_seconds(data.get(instant)),
        "timestamp": int(facts["created_at"].timestamp()),
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _whole_seconds(value: object) -> str | None:
    """An ISO 8601 instant as document C writes it: UTC, whole seconds, Z."""
    if not isinstance(value, str) or not value:
        return None
    return datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
