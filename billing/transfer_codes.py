"""The code that a bank transfer has to name: short, and checkable, so that one read wrongly from a statement is seen to be
wrong instead of being somebody else's."""

import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""31 signs, without those that look like others. 31 is prime: a weighted sum modulo it tells every single wrong sign and
every exchange of two."""
RANDOM = 7


def new(prefix: str) -> str:
    """A new code, such as `RSL-7K4Q-2M9X`: of 31^7, about 27 thousand million."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    whole = drawn + _check(drawn)
    return f"{prefix.upper()}-{whole[:4]}-{whole[4:]}"


def _check(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(drawn, start=1))
    return ALPHABET[total % len(ALPHABET)]


def read(text: str, prefix: str) -> str | None:
    """The code in a text as people and banks write it, in any case and with anything between; None if it is none."""
    signs = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    signs = signs.removeprefix(prefix.upper())
    if len(signs) != RANDOM + 1 or not set(signs) <= set(ALPHABET) or _check(signs[:-1]) != signs[-1]:
        return None
    return f"{prefix.upper()}-{signs[:4]}-{signs[4:]}"
