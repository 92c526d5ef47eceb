"""Typed readers of environment variables, used by settings.py only. A bad value stops the start with a sentence
that names the variable, the value and what would be right; nothing is guessed."""

import os
import secrets
import tempfile
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

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


def colour(name: str, default: str) -> str:
    """A colour as `#rrggbb`."""

    def parse(raw: str) -> str:
        if len(raw) != 7 or raw[0] != "#" or not all(c in "0123456789abcdefABCDEF" for c in raw[1:]):
            raise ValueError(raw)
        return raw.lower()

    return _read(name, default, parse, "a colour such as #0b6b5d")


def load_kept(var: Path) -> None:
    """Take what a running stack wrote to `<var>/env` for every variable that is not set, so that commands typed beside
    the stack meet the same servers. No file, no effect."""
    kept = var / "env"
    if not kept.is_file():
        return
    for line in kept.read_text().splitlines():
        name, separator, value = line.partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def kept_secret(var: Path) -> str:
    """The secret key of this installation: made once, kept in `<var>/secret_key` with mode 0600."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=var, prefix=".secret_key-")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def database(name: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?option=value` as a Django database; `?host=/folder` for a socket."""
    raw = os.environ.get(name, "")
    if not raw:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "risala", "USER": "risala"}
    parts = urlsplit(raw)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} is not of the form postgresql://user:password@host:port/name.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
