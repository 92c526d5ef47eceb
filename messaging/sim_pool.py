"""The SIM pool as the operator keeps it: add a SIM, change it, switch it on and off. Which one a message takes is `sims.py`."""

import re
from typing import TypedDict

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Account
from accounts.refusals import Code, Refused
from messaging.connecting import named
from messaging.models import Sim

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
MOST = 2**31 - 1
WHOLE = {"port": 32767, "slot": 32767, "daily_limit": MOST, "monthly_limit": MOST}


class Values(TypedDict, total=False):
    """What can be said of a SIM. `carrier` is a carrier's name, `account` whose alone it is (None: everybody's); limits are
    messages per day and month (UTC), None for none."""

    name: str
    operator: str
    carrier: str
    port: int | None
    slot: int | None
    daily_limit: int | None
    monthly_limit: int | None
    is_default: bool
    account: Account | None
    enabled: bool


def find(text: str) -> Sim:
    """The SIM of a number or an id. Raises `Refused(NOT_FOUND)`."""
    rows = Sim.objects.select_related("carrier", "account")
    by_id = text.isascii() and text.isdigit() and len(text) < 7
    sim = rows.filter(pk=int(text)).first() if by_id else rows.filter(number=text).first()
    if sim is None:
        raise Refused(Code.NOT_FOUND, f"There is no SIM {text}.", param="sim")
    return sim


def add(number: str, values: Values, *, actor: str) -> Sim:
    """A new SIM, enabled. Needs at least a `carrier`; the `name` is the number without one.

    Raises `Refused(INVALID_FIELD)` for a number that is not E.164 or is in the pool already, or a value a SIM cannot have;
    `Refused(NOT_FOUND)` for an unknown carrier.
    """
    spelled = "".join(number.split())
    if NUMBER.fullmatch(spelled) is None:
        raise Refused(Code.INVALID_FIELD, "The number must be E.164, such as +22366603716.", param="number")
    return _save(Sim(number=spelled, name=spelled), values, "sim.added", actor=actor)


def change(sim: Sim, values: Values, *, actor: str) -> Sim:
    """Change a SIM; what is not named stays. Raises `Refused` as `add`."""
    return _save(sim, values, "sim.changed", actor=actor)


def make_default(sim: Sim) -> None:
    """Make this the one default: whoever was stops being it. Inside a transaction, before the SIM is saved."""
    Sim.objects.filter(is_default=True).exclude(pk=sim.pk).update(is_default=False)
    sim.is_default = True


def _save(sim: Sim, values: Values, action: str, *, actor: str) -> Sim:
    for name, most in WHOLE.items():
        given = values.get(name)
        if given is not None and not 0 <= int(str(given)) <= most:
            raise Refused(Code.INVALID_FIELD, f"{name} is a whole number from 0 to {most}.", param=name)
    adding = sim.pk is None
    try:
        with transaction.atomic():
            _apply(sim, values)
            # What senders count (`used_…`) is never written from here.
            kept = None if adding else [*(set(values) - {"is_default"}), "is_default"]
            sim.save(force_insert=adding, update_fields=kept)
            audit.record(
                sim.account,
                actor=actor,
                action=action,
                subject=f"SIM {sim.number}",
                detail={"fields": sorted(values)},
            )
    except IntegrityError:
        raise Refused(Code.INVALID_FIELD, f"{sim.number} is in the pool already.", param="number") from None
    return sim


def _apply(sim: Sim, values: Values) -> None:
    for name, value in values.items():
        if name == "carrier":
            sim.carrier = named(str(value))
        elif name != "is_default":
            setattr(sim, name, value)
    if values.get("is_default"):
        make_default(sim)
    elif "is_default" in values:
        sim.is_default = False
    if not 1 <= len(sim.name) <= 80 or len(sim.operator) > 40:
        raise Refused(Code.INVALID_FIELD, "name has 1 to 80 characters, operator at most 40.", param="name")
    if sim.carrier_id is None:
        raise Refused(Code.MISSING_FIELD, "A SIM needs a carrier.", param="carrier")
