"""The numbers that people write to, as the operator keeps them: add one, give it to an account, take it away."""

import re

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Account
from accounts.refusals import Code, Refused
from messaging.connecting import named
from messaging.models import InboundNumber
from messaging.receiving import number_of

FORM = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}", re.ASCII)
MOST_NAME = 80


def checked(text: str) -> str:
    """A number in the form that inbound texts have: E.164 with plus, or a short code of 3 to 8 digits.

    Raises `Refused(INVALID_FIELD)`.
    """
    number = number_of(text)
    if FORM.fullmatch(number) is None:
        sentence = "A number is E.164, such as +212520000000, or a short code of 3 to 8 digits."
        raise Refused(Code.INVALID_FIELD, sentence, param="number")
    return number


def add(
    number: str, *, actor: str, name: str = "", carrier: str = "", account: Account | None = None
) -> InboundNumber:
    """A new number, of `account` or of everybody. Raises `Refused(INVALID_FIELD)` for one that is none or is known already,
    `Refused(NOT_FOUND)` for an unknown carrier."""
    if len(name) > MOST_NAME:
        raise Refused(Code.INVALID_FIELD, f"name has at most {MOST_NAME} characters.", param="name")
    row = InboundNumber(number=checked(number), name=name, account=account)
    if carrier:
        row.carrier = named(carrier)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _note(row, "number.added", actor)
    except IntegrityError:
        raise Refused(Code.INVALID_FIELD, f"{row.number} is known already.", param="number") from None
    return row


def assign(number: str, account: Account | None, *, actor: str) -> InboundNumber:
    """Give a number to an account, from the next text on; to None: it is everybody's again. Raises `Refused(NOT_FOUND)`."""
    with transaction.atomic():
        row = InboundNumber.objects.select_for_update().filter(number=checked(number)).first()
        if row is None:
            raise Refused(Code.NOT_FOUND, f"There is no number {number}; add it first.", param="number")
        row.account = account
        row.save(update_fields=["account"])
        _note(row, "number.assigned", actor)
    return row


def _note(row: InboundNumber, action: str, actor: str) -> None:
    audit.record(row.account, actor=actor, action=action, subject=f"number {row.number}")
