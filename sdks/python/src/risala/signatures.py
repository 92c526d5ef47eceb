"""Checks that a webhook post comes from your Risala and is fresh, before anything in it is believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from risala.errors import SignatureError

TOLERANCE_SECONDS = 300
# Per profile: the headers that may hold the signature of the documents, and what stands before its hex.
LEGACY: Mapping[str, tuple[tuple[str, ...], str]] = {
    "smsmaroc": (("x-smsmaroc-signature",), "sha256="),
    "envoisms": (("x-envoisms.ma-signature", "x-envoisms-signature"), "sha256="),
    "smsprovider": (("x-smsprovider-signature",), ""),
}
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def verify_signature(
    payload: Union[bytes, str],
    headers: Mapping[str, str],
    secret: Union[str, Sequence[str]],
    *,
    profile: str = "standard",
    tolerance_seconds: int = TOLERANCE_SECONDS,
    now: Optional[float] = None,
) -> dict[str, Any]:
    """The event of a post that is genuine.

    `payload` is the body exactly as it came, before any parsing; `headers` in any case; `secret` the endpoint's secret,
    or several while you change it; `profile` that of the endpoint: `standard` checks `webhook-signature`, the others
    the header of their document, which does not cover the time (then a `webhook-timestamp` is looked at, but whoever
    replays a post could change it). `now` is Unix seconds, for tests.

    Raises SignatureError, and ValueError for an unknown profile."""
    body = payload.encode() if isinstance(payload, str) else payload
    got = {name.lower(): value for name, value in headers.items()}
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not any(secrets):
        raise ValueError("a secret is needed")
    _check_time(
        got.get("webhook-timestamp"),
        tolerance_seconds,
        time.time() if now is None else now,
        profile,
    )
    if profile == "standard":
        _check_standard(body, got, secrets)
    elif profile in LEGACY:
        _check_legacy(body, got, secrets, profile)
    else:
        raise ValueError(f"unknown profile {profile!r}")
    try:
        event: dict[str, Any] = json.loads(body)
    except ValueError as error:
        raise SignatureError("the body is signed, but is not JSON") from error
    return event


def _check_time(timestamp: Optional[str], tolerance_seconds: int, now: float, profile: str) -> None:
    if timestamp is None and profile != "standard":
        return
    if timestamp is None or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise SignatureError("webhook-timestamp is missing")
    if abs(now - int(timestamp)) > tolerance_seconds:
        raise SignatureError("the post is too old, or from the future")


def _check_standard(body: bytes, got: Mapping[str, str], secrets: Sequence[str]) -> None:
    signed = f"{got.get('webhook-id', '')}.{got['webhook-timestamp']}.".encode() + body
    given = [
        part[3:] for part in got.get("webhook-signature", "").split(" ") if part.startswith("v1,")
    ]
    expected = [
        base64.b64encode(hmac.new(standard_key(secret), signed, hashlib.sha256).digest()).decode()
        for secret in secrets
    ]
    if not _any_equal(given, expected):
        raise SignatureError("webhook-signature is not of this body and secret")


def _check_legacy(
    body: bytes, got: Mapping[str, str], secrets: Sequence[str], profile: str
) -> None:
    names, prefix = LEGACY[profile]
    given = [got[name] for name in names if name in got]
    expected = [
        prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() for secret in secrets
    ]
    if not _any_equal(given, expected):
        raise SignatureError(f"{names[0]} is not of this body and secret")


def standard_key(secret: str) -> bytes:
    """The key of `webhook-signature`: what the base64 after `whsec_` stands for (Standard Webhooks); for a secret of
    your own that is no base64, its bytes."""
    text = secret[len("whsec_") :] if secret.startswith("whsec_") else secret
    return base64.b64decode(text) if text and BASE64.fullmatch(text) else secret.encode()


def _any_equal(given: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether any pair is equal; each is compared, in constant time."""
    found = False
    for one in given:
        for other in expected:
            found |= hmac.compare_digest(one.encode(), other.encode())
    return found
