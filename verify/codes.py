"""Codes and what is kept of them: an HMAC-SHA256 under a key derived from `RISALA_SECRET_KEY`, over session, number and code.
A stolen table without that key gives no code back, not even by trying all of them."""

import hashlib
import hmac
import secrets
from functools import cache
from uuid import UUID

from django.conf import settings


def new(length: int) -> str:
    """A random code of `length` digits, each as likely as any other."""
    return f"{secrets.randbelow(10**length):0{length}d}"


@cache
def _peppers() -> tuple[bytes, ...]:
    known = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(hashlib.sha256(b"risala one-time codes\0" + secret.encode()).digest() for secret in known)


def _mac(pepper: bytes, session_id: UUID, phone: str, code: str) -> bytes:
    return hmac.digest(pepper, session_id.bytes + phone.encode() + b"\0" + code.encode(), "sha256")


def seal(session_id: UUID, phone: str, code: str) -> bytes:
    """What to keep of a code: 32 bytes. `phone` is E.164."""
    return _mac(_peppers()[0], session_id, phone, code)


def matches(kept: bytes, session_id: UUID, phone: str, code: str) -> bool:
    """Whether `code` is the one that `kept` was made of, in constant time; also under a secret key rotated away since."""
    found = [hmac.compare_digest(kept, _mac(pepper, session_id, phone, code)) for pepper in _peppers()]
    return any(found)
