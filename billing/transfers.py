"""Bank transfers that arrived: an operator who sees one on the statement confirms it, with the amount that came. And what an
operator does about a payment alarm."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts import audit, ids
from accounts.models import Mode
from accounts.refusals import Code, Refused
from billing import ledger, pricing, settle
from billing.gateways.bank_transfer import BankTransfer
from billing.models import PaymentAlarm, TopUp
from billing.money import MOST, cents


@transaction.atomic
def confirm(
    topup_id: UUID, *, received: Decimal, actor: str, reason: str = "", ip: str | None = None
) -> ledger.Booked | None:
    """Book a bank transfer: `received` is what arrived, in the currency that was asked for. If it is not what was asked for,
    what arrived is booked, and `reason` has to say why.

    Returns None if it was confirmed before: nothing changed. Raises `Refused` with NOT_FOUND, or INVALID_FIELD.
    """
    live = TopUp.objects.filter(method=BankTransfer.name, mode=Mode.LIVE)
    topup = live.select_for_update().filter(pk=topup_id).first()
    if topup is None:
        raise Refused(Code.NOT_FOUND, "No such bank transfer.")
    if topup.status == TopUp.Status.PAID:
        return None
    if not 0 < received <= MOST or received != cents(received):
        raise Refused(Code.INVALID_FIELD, "What arrived is a positive amount in cents.", param="received")
    if received != topup.due_amount and not reason.strip():
        raise Refused(
            Code.INVALID_FIELD,
            f"{topup.due_amount:.2f} {topup.due_currency} was asked for: say why another amount came.",
            param="reason",
        )
    amount = _in_books(topup, received)
    return settle.book(
        topup, amount=amount, payment=topup.code or "", actor=actor, reason=reason.strip(), ip=ip
    )


def _in_books(topup: TopUp, received: Decimal) -> Decimal:
    """What arrived, in the account's currency at the rate of the request."""
    if received == topup.due_amount:
        return topup.amount
    mad, eur = pricing.both(received, topup.due_currency, topup.mad_per_eur)
    return cents(eur if topup.currency == "EUR" else mad)


@transaction.atomic
def close_alarm(
    alarm_id: UUID, *, adjustment: Decimal, actor: str, reason: str, ip: str | None = None
) -> bool:
    """Close an alarm, booking `adjustment` (signed, in the account's currency; 0 books nothing) against its top-up's account.

    Returns False if it was closed before: nothing changed. Raises `Refused` with NOT_FOUND, INVALID_FIELD, or
    INSUFFICIENT_BALANCE for a deduction that does not fit.
    """
    alarm = PaymentAlarm.objects.select_for_update(of=("self",)).select_related("topup")
    row = alarm.filter(pk=alarm_id).first()
    if row is None:
        raise Refused(Code.NOT_FOUND, "No such alarm.")
    if row.closed_at is not None:
        return False
    if not 0 < len(reason.strip()) <= 254:
        raise Refused(Code.INVALID_FIELD, "reason must have 1 to 254 characters.", param="reason")
    if adjustment:
        _adjust(row, adjustment, actor=actor, reason=reason.strip())
    row.closed_at = Now()  # the database's clock
    row.closed_by, row.closing_reason = actor[:254], reason.strip()
    row.save(update_fields=["closed_at", "closed_by", "closing_reason"])
    audit.record(
        row.topup.account_id if row.topup else None,
        actor=actor,
        action="payment_alarm.closed",
        subject=ids.show("topup", row.topup.id) if row.topup else row.reference,
        detail={"kind": row.kind, "adjustment": str(adjustment), "reason": reason.strip()},
        ip=ip,
    )
    return True


def _adjust(alarm: PaymentAlarm, amount: Decimal, *, actor: str, reason: str) -> None:
    """The adjustment of an alarm, whose id makes it once."""
    if alarm.topup is None:
        raise Refused(
            Code.INVALID_FIELD, "This alarm is about no account: adjust the ledger itself.", param="amount"
        )
    if ledger.adjust(alarm.topup.account_id, amount, reference=alarm.id, actor=actor, reason=reason) is None:
        raise Refused(Code.INSUFFICIENT_BALANCE, "The balance does not cover this deduction.", param="amount")
