"""Signatures of webhook posts: the headers of Standard Webhooks on every post, and beside them the one
header that the documents A, B and C told their clients to verify. Pure functions over bytes."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as randomness
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
MIN_SECRET_CHARACTERS = 16
VERSION = "1.0"
STANDARD, SMSMAROC, ENVOISMS, SMSPROVIDER = "standard", "smsmaroc", "envoisms", "smsprovider"
PROFILES = (STANDARD, SMSMAROC, ENVOISMS, SMSPROVIDER)
NOT_A_HEADER_CHARACTER = re.compile(r"[^A-Za-z0-9-]")


def new_secret() -> str:
    """A fresh endpoint secret: `whsec_` and the base64 of 32 random bytes, the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode("ascii")


def standard_key(secret: str) -> bytes:
    """The key of `webhook-signature`: what base64 after `whsec_` decodes to, as the Standard Webhooks
    libraries do; for a customer's own secret that is no base64, the bytes of the whole string."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    return key or secret.encode()


def standard_signature(secret: str, *, event_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `event_id.timestamp.body`; `timestamp` in Unix seconds (Standard
    Webhooks)."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(standard_key(secret), signed, hashlib.sha256)).decode("ascii")


def body_signature(secret: str, body: bytes) -> str:
    """The hex HMAC-SHA256 of the raw body. The key is the whole secret as shown, prefix included (document
    B)."""
    return hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def headers(
    profile: str,
    secrets: Sequence[str],
    *,
    event_id: str,
    event_type: str,
    body: bytes,
    timestamp: int,
    brand: str,
) -> dict[str, str]:
    """The headers of one post.

    `secrets` holds the newest first. `webhook-signature` carries one signature for each, so that a receiver
    may change its secret at any time during a rotation; the headers of the documents carry one value, which
    their clients compare as a whole, so they are made with the newest. `timestamp` is the Unix time of this
    attempt in seconds, `brand` the word in the operator's header names (`X-<brand>-Signature`). Raises
    ValueError for an unknown profile or without a secret.
    """
    if not secrets:
        raise ValueError("a post needs at least one secret")
    digest = body_signature(secrets[0], body)
    named = _named(profile, digest, event_type, NOT_A_HEADER_CHARACTER.sub("", brand) or "Webhook")
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            standard_signature(secret, event_id=event_id, timestamp=timestamp, body=body)
            for secret in secrets
        ),
        **named,
    }


def _named(profile: str, digest: str, event_type: str, brand: str) -> dict[str, str]:
    if profile == STANDARD:
        return _family(brand, f"sha256={digest}", event_type)
    if profile == SMSMAROC:
        return _family("SMSMaroc", f"sha256={digest}", event_type)
    if profile == ENVOISMS:
        # The dot is legal (RFC 9110 section 5.1), but nginx drops such headers unless told otherwise: send
        # both names.
        dotted = _family("EnvoiSMS.ma", f"sha256={digest}", event_type)
        return dotted | _family("EnvoiSMS", f"sha256={digest}", event_type)
    if profile == SMSPROVIDER:
        # Document C compares with timingSafeEqual, which throws on another length: never a prefix here.
        return _family("SMSProvider", digest, event_type)
    raise ValueError(f"unknown signature profile {profile!r}")


def _family(brand: str, signature: str, event_type: str) -> dict[str, str]:
    return {f"X-{brand}-Signature": signature, f"X-{brand}-Event": event_type, f"X-{brand}-Version": VERSION}
