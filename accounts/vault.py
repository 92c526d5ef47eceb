"""Secrets at rest: sealed with Fernet (AES-128-CBC and HMAC-SHA256) under keys derived from `RISALA_SECRET_KEY`.
`RISALA_OLD_SECRET_KEYS` still open what was sealed before a rotation; new seals always use the present key."""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"risala vault\0" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


@cache
def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(secret: str) -> bytes:
    """The secret, encrypted; different every time."""
    return _keys().encrypt(secret.encode())


def pseudonym(text: str, characters: int) -> str:
    """What stands for a text from now on: the same for the same text, and not to be undone, not even by trying all numbers
    there are, without this installation's secret key. Hexadecimal digits."""
    key = hashlib.sha256(b"risala pseudonym\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:characters]


def unseal(sealed: bytes | memoryview) -> str:
    """The secret in a seal.

    Raises ValueError if it was sealed under a key that this installation no longer knows.
    """
    try:
        return _keys().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise ValueError(
            "Sealed under an unknown key: is RISALA_SECRET_KEY the one of this database?"
        ) from error
