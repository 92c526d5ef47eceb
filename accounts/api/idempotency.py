"""What a request says of its own repetition: the `Idempotency-Key` it came with, and the hash by which an equal one is known.
Keys are kept by `accounts/idempotency.py`, in the transaction of the work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest

from accounts.refusals import Code, Refused

MOST_KEY_CHARACTERS = 255


def key_of(request: HttpRequest) -> str | None:
    """The key, None without one. Raises `Refused(INVALID_FIELD)` for one that cannot be kept."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not 1 <= len(key) <= MOST_KEY_CHARACTERS or not key.isprintable():
        raise Refused(
            Code.INVALID_FIELD,
            f"Idempotency-Key must have 1 to {MOST_KEY_CHARACTERS} characters.",
            param="Idempotency-Key",
        )
    return key


def request_hash(request: HttpRequest, body: Mapping[str, Any]) -> bytes:
    """SHA-256 of method, path and canonical JSON: spaces, the order of fields and a slash at the end make no other request."""
    try:
        canonical = orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)
    except TypeError:  # integers beyond 64 bits
        canonical = json.dumps(
            body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
        ).encode()
    return hashlib.sha256(f"{request.method} {request.path.rstrip('/')}\n".encode() + canonical).digest()


def as_text(answer: Mapping[str, object]) -> dict[str, object]:
    """An answer as it is kept: `jsonb` forgets the order of fields, and a replay is the same to the byte."""
    return {"text": orjson.dumps(answer).decode()}


def from_text(kept: Mapping[str, object]) -> dict[str, object]:
    """The answer that `as_text` kept."""
    answer: dict[str, object] = orjson.loads(str(kept["text"]))
    return answer
