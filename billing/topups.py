"""Top-ups and corrections by an operator: a row that says who and why, and its ledger entry, in one transaction.
What a customer pays through a gateway comes in by another door, and is booked by the same ledger."""

from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts import audit, ids
from accounts.models import Account
from accounts.refusals import Code, Refused
from billing import ledger
from billing.models import Entry, TopUp
from billing.money import MOST


def by_operator(
    account: Account,
    *,
    amount: Decimal,
    currency: str,
    actor: str,
    reason: str,
    reference: UUID | None = None,
    ip: str | None = None,
) -> ledger.Booked | None:
    """Bring `amount` into an account's balance, once per `reference` (a form sends the same one when pressed twice).

    Returns None if the reference was booked before: nothing changed. Raises `Refused(INVALID_FIELD)` for an amount that
    is not positive, a currency that is not the account's, or no reason.
    """
    if not 0 < amount <= MOST:
        raise Refused(Code.INVALID_FIELD, "amount must be positive.", param="amount")
    if currency != account.currency:
        raise Refused(Code.INVALID_FIELD, f"This account is booked in {account.currency}.", param="currency")
    chosen = reference or ids.new_id()
    checked = _reason(reason)
    try:
        with transaction.atomic():
            TopUp.objects.create(
                id=chosen,
                account=account,
                amount=amount,
                currency=currency,
                status=TopUp.Status.PAID,
                actor=actor,
                reason=checked,
                paid_at=Now(),
            )
            booked = ledger.topup(account.id, amount, reference=chosen, actor=actor, reason=checked)
            _record(account, "topup.booked", chosen, amount=amount, reason=checked, actor=actor, ip=ip)
    except IntegrityError:
        if TopUp.objects.filter(id=chosen, account=account).exists():
            return None
        raise
    return booked


def adjust(
    account: Account,
    *,
    amount: Decimal,
    actor: str,
    reason: str,
    reference: UUID | None = None,
    ip: str | None = None,
) -> ledger.Booked | None:
    """Correct a balance by a signed amount in the account's currency, once per `reference`.

    Returns None if the reference was booked before. Raises `Refused(INVALID_FIELD)` for zero or no reason,
    `Refused(INSUFFICIENT_BALANCE)` for a deduction that does not fit the balance and the credit limit.
    """
    if amount == 0 or abs(amount) > MOST:
        raise Refused(Code.INVALID_FIELD, "amount must not be zero.", param="amount")
    chosen = reference or ids.new_id()
    checked = _reason(reason)
    with transaction.atomic():
        booked = ledger.adjust(account.id, amount, reference=chosen, actor=actor, reason=checked)
        if booked is not None:
            _record(account, "balance.adjusted", chosen, amount=amount, reason=checked, actor=actor, ip=ip)
    if booked is None and not Entry.objects.filter(kind=Entry.Kind.ADJUST, reference=chosen).exists():
        raise Refused(Code.INSUFFICIENT_BALANCE, "The balance does not cover this deduction.", param="amount")
    return booked


def _reason(reason: str) -> str:
    checked = reason.strip()
    if not 0 < len(checked) <= 254:
        raise Refused(Code.INVALID_FIELD, "reason must have 1 to 254 characters.", param="reason")
    return checked


def _record(
    account: Account, action: str, subject: UUID, *, amount: Decimal, reason: str, actor: str, ip: str | None
) -> None:
    detail = {"amount": str(amount), "currency": account.currency, "reason": reason}
    audit.record(
        account, actor=actor, action=action, subject=ids.show("topup", subject), detail=detail, ip=ip
    )
