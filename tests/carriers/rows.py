"""Carrier rows and submissions as the tests of the carriers need them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from messaging.carriers.contract import CarrierConfig, Submission

MESSAGE = UUID("0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
CALLBACK = "https://sms.example/callbacks/sms-to/secret-path"
EXPIRES_AT = datetime(2030, 1, 1, tzinfo=UTC)


def config(
    kind: str,
    *,
    settings: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    timeout_seconds: float = 5.0,
    window: int = 10,
    callback_url: str = CALLBACK,
) -> CarrierConfig:
    """One carrier row."""
    return CarrierConfig(
        1, "a carrier", kind, settings or {}, secrets or {}, timeout_seconds, window, callback_url
    )


def submission(
    to: str = "+212612345678",
    *,
    attempt: int = 1,
    message: UUID = MESSAGE,
    text: str = "Bonjour",
    metadata: Mapping[str, object] | None = None,
) -> Submission:
    """One attempt at a message."""
    return Submission(message, attempt, to, "RISALA", text, "gsm7", 1, "sms", EXPIRES_AT, metadata or {})
