"""Carriers as rows: connect one, change it, switch it on and off, resume it after a pause, and ask whether it would take
messages now. Credentials are sealed; what an adapter cannot work with is refused before it is stored."""

import asyncio
from collections.abc import Mapping, Sequence

import orjson
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.refusals import Code, Refused
from accounts.vault import seal, unseal
from messaging.carriers import registry
from messaging.carriers.contract import CarrierConfig, Result
from messaging.models import Carrier
from messaging.sending import health, route
from messaging.sending.submit import config_of

COLUMNS = {"window": (1, 10_000), "speed": (0, 1_000_000)}
"""Values of `--set` that are columns of the row: submits in flight per worker; segments per second, 0 for no limit."""
NEED_A_SESSION = frozenset({"smpp"})
"""Kinds whose carrier is a long-lived session of its own process."""


def secrets_of(carrier: Carrier) -> dict[str, str]:
    """The credentials of a carrier, opened. Raises ValueError if they were sealed under an unknown key."""
    return {} if carrier.sealed_secrets is None else dict(orjson.loads(unseal(carrier.sealed_secrets)))


def named(name: str) -> Carrier:
    """The carrier of that name. Raises `Refused(NOT_FOUND)`."""
    carrier = Carrier.objects.filter(name=name).first()
    if carrier is None:
        known = ", ".join(Carrier.objects.values_list("name", flat=True)[:20])
        raise Refused(Code.NOT_FOUND, f"There is no carrier {name!r}; there are {known}.", param="carrier")
    return carrier


def connect(name: str, *, kind: str, values: Mapping[str, str], actor: str) -> Carrier:
    """A new carrier, enabled. `values` are its settings, credentials and the columns `window` and `speed`.

    Raises `Refused(INVALID_FIELD)` for a name that is taken or not a slug, an unknown kind, or values that the adapter
    cannot work with.
    """
    if not name or len(name) > 60 or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name):
        raise Refused(
            Code.INVALID_FIELD, "A carrier's name has 1 to 60 letters, digits, - and _.", param="name"
        )
    carrier = Carrier(name=name, kind=kind, settings={})
    apply(carrier, values)
    try:
        with transaction.atomic():
            carrier.save(force_insert=True)
            note(carrier, "carrier.added", actor=actor, kind=kind, keys=sorted(values))
    except IntegrityError as error:
        raise Refused(Code.INVALID_FIELD, f"There is a carrier {name!r} already.", param="name") from error
    route.forget()
    return carrier


def change(name: str, *, values: Mapping[str, str], actor: str) -> Carrier:
    """Change some values of a carrier; an empty value removes the setting. What is not named stays.

    Raises `Refused` like `connect`, and `Refused(NOT_FOUND)`.
    """
    with transaction.atomic():
        carrier = Carrier.objects.select_for_update().get(pk=named(name).pk)
        apply(carrier, values)
        carrier.save(update_fields=["settings", "sealed_secrets", *COLUMNS])
        note(carrier, "carrier.changed", actor=actor, keys=sorted(values))
    return carrier


def switch(name: str, *, enabled: bool, actor: str) -> Carrier:
    """Disable a carrier (it gets no new message), or enable it, which also ends a pause. Raises `Refused(NOT_FOUND)`."""
    with transaction.atomic():
        carrier = named(name)
        if Carrier.objects.filter(pk=carrier.pk).exclude(enabled=enabled).update(enabled=enabled):
            note(carrier, f"carrier.{'enabled' if enabled else 'disabled'}", actor=actor)
        if enabled:
            health.resume(carrier.pk, actor=actor)
    carrier.refresh_from_db()
    route.forget()
    return carrier


def resume(name: str, *, actor: str) -> bool:
    """End a pause that the pipeline made (credentials or credit refused). Returns whether it was paused."""
    return health.resume(named(name).pk, actor=actor)


def probe(carrier: Carrier) -> Result:
    """Ask the carrier whether it would take messages now; no message is sent.

    Raises `Refused(INVALID_STATE)` when its configuration cannot be used.
    """
    try:
        return asyncio.run(_probe(config_of(carrier)))
    except (registry.UnknownKind, ValueError) as error:
        raise Refused(Code.INVALID_STATE, str(error), param="carrier") from error


async def _probe(config: CarrierConfig) -> Result:
    adapter = registry.build(config)
    try:
        return await adapter.probe()
    finally:
        await adapter.close()


def pairs(given: Sequence[str]) -> dict[str, str]:
    """`key=value` texts as a mapping. Raises `Refused(INVALID_FIELD)`."""
    read: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise Refused(Code.INVALID_FIELD, f"{text!r} is not of the form key=value.", param="set")
        read[key.strip()] = value
    return read


def apply(carrier: Carrier, values: Mapping[str, str]) -> None:
    """Put values into a row that is not saved yet. Raises `Refused(INVALID_FIELD)`; then the row is as it was,
    but for its columns."""
    for column, (least, most) in COLUMNS.items():
        if column in values:
            setattr(carrier, column, _whole(column, values[column], least, most))
    rest = {key: value for key, value in values.items() if key not in COLUMNS}
    try:
        given, given_secrets = registry.split(carrier.kind, rest)
        public = _without_empty({**carrier.settings, **given})
        hidden = _without_empty({**secrets_of(carrier), **given_secrets})
        problems = registry.check(carrier.kind, public, hidden)
    except registry.UnknownKind as error:
        raise Refused(Code.INVALID_FIELD, str(error), param="kind") from error
    if problems:
        raise Refused(Code.INVALID_FIELD, " ".join(problems), param="set")
    carrier.settings = public
    carrier.sealed_secrets = seal(orjson.dumps(hidden).decode()) if hidden else None


def _without_empty(values: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value != ""}


def _whole(name: str, text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most:
        return int(text)
    raise Refused(Code.INVALID_FIELD, f"{name} must be a whole number from {least} to {most}.", param="set")


def note(carrier: Carrier, action: str, *, actor: str, **detail: object) -> None:
    audit.record(None, actor=actor, action=action, subject=f"carrier {carrier.name}", detail=detail)
