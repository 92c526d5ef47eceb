"""Typed readers of environment variables, used by settings.py only. A bad value stops the start with a sentence
that names the variable, the value and what would be right; nothing is guessed."""

import os
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})


def _read(name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return parse(raw.strip())
    except (ValueError, InvalidOperation) as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not {expected}.") from error


def text(name: str, default: str = "") -> str:
    """The variable as text, stripped; `default` when it is unset."""
    return _read(name, default, str, "text")


def boolean(name: str, default: bool = False) -> bool:
    """`1 true yes on` or `0 false no off`, in any case."""

    def parse(raw: str) -> bool:
        lowered = raw.lower()
        if lowered not in YES | NO:
            raise ValueError(raw)
        return lowered in YES

    return _read(name, default, parse, "a yes or no (1, 0, true, false)")


def whole(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number between `least` and `most`, both included."""

    def parse(raw: str) -> int:
        value = int(raw)
        if not least <= value <= most:
            raise ValueError(raw)
        return value

    return _read(name, default, parse, f"a whole number from {least} to {most}")


def decimal(name: str, default: str, *, least: str = "0") -> Decimal:
    """A finite decimal number of at least `least`."""

    def parse(raw: str) -> Decimal:
        value = Decimal(raw)
        if not value.is_finite() or value < Decimal(least):
            raise ValueError(raw)
        return value

    return _read(name, Decimal(default), parse, f"a number of at least {least}")


def seconds_list(name: str, default: tuple[float, ...]) -> tuple[float, ...]:
    """Comma-separated seconds, such as `0,5,300`; at least one, none negative."""

    def parse(raw: str) -> tuple[float, ...]:
        values = tuple(float(part) for part in raw.split(","))
        if any(not 0 <= value < 10**7 for value in values):
            raise ValueError(raw)
        return values

    return _read(name, default, parse, "a comma-separated list of seconds, such as 0,5,300")


def words(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Comma-separated words; empty ones are dropped."""

    def parse(raw: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in raw.split(",") if part.strip())

    return _read(name, default, parse, "a comma-separated list")


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """One of `options`."""

    def parse(raw: str) -> str:
        if raw not in options:
            raise ValueError(raw)
        return raw

    return _read(name, default, parse, "one of " + ", ".join(options))
