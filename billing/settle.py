"""What follows from a gateway's fact. The only way from a payment to the ledger: the row is locked, reference, amount and
currency are compared, and `UNIQUE(kind, reference)` of the ledger makes it once. What does not fit books nothing and raises
an alarm, for an operator to look at."""

from decimal import Decimal
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from accounts import audit, ids
from accounts.models import Mode
from accounts.refusals import Refused
from billing import ledger
from billing.gateways.contract import Declined, Fact, Paid, Reversed, Verdict
from billing.models import PaymentAlarm, TopUp
from billing.money import number
from webhooks import publish
from webhooks.event_names import TOPUP_PAID

log = structlog.get_logger()
LATE = "The payment came after this top-up had failed."


def apply(gateway: str, fact: Fact) -> Verdict:
    """What a verified fact of the gateway named `gateway` leads to. Saying it again changes nothing."""
    match fact:
        case Paid():
            return _paid(gateway, fact)
        case Declined():
            return _declined(gateway, fact)
        case Reversed():
            return _reversed(gateway, fact)


def _locked(gateway: str, public_id: str) -> TopUp | None:
    """The live top-up of an id, locked, if it is this gateway's to pay."""
    try:
        topup_id = ids.read("topup", public_id)
    except Refused:
        return None
    found = TopUp.objects.select_for_update().filter(pk=topup_id, method=gateway, mode=Mode.LIVE)
    return found.first()


@transaction.atomic
def _paid(gateway: str, fact: Paid) -> Verdict:
    topup = _locked(gateway, fact.topup)
    if topup is None:
        _alarm(gateway, PaymentAlarm.Kind.UNKNOWN, fact, None, f"It names {fact.topup}"[:254])
        return Verdict.REFUSED
    if topup.status == TopUp.Status.PAID:
        if topup.payment_reference == fact.payment:
            return Verdict.TAKEN
        _alarm(gateway, PaymentAlarm.Kind.SECOND, fact, topup, "This top-up had been paid before.")
        return Verdict.REFUSED
    if wrong := _wrong(topup, fact):
        _alarm(gateway, PaymentAlarm.Kind.MISMATCH, fact, topup, wrong)
        return Verdict.REFUSED
    book(topup, amount=topup.amount, payment=fact.payment, actor=gateway, reference=fact.reference)
    return Verdict.TAKEN


def _wrong(topup: TopUp, fact: Paid) -> str:
    """What of a payment is not what was asked for, "" if nothing is."""
    if (fact.amount, fact.currency) != (topup.due_amount, topup.due_currency):
        return f"Asked for {topup.due_amount:.2f} {topup.due_currency}, paid {fact.amount} {fact.currency}."[
            :254
        ]
    if topup.provider_reference and fact.reference != topup.provider_reference:
        return f"Paid as {fact.reference}, begun as {topup.provider_reference}."[:254]
    return ""


def book(
    topup: TopUp,
    *,
    amount: Decimal,
    payment: str,
    actor: str,
    reason: str = "",
    reference: str = "",
    ip: str | None = None,
) -> ledger.Booked | None:
    """Book a locked top-up that is not paid yet, in the caller's transaction: `amount` in the account's currency. Tells the
    customer's endpoints. Returns None if the ledger has it already."""
    notes = [note for note in (LATE if topup.status == TopUp.Status.FAILED else "", reason) if note]
    topup.status, topup.failure, topup.payment_reference = TopUp.Status.PAID, "", payment
    topup.reason, topup.booked_amount = " ".join(notes)[:254], amount
    topup.provider_reference = topup.provider_reference or reference or None
    topup.paid_at = Now()  # the database's clock
    topup.save()
    audit.record(
        topup.account_id,
        actor=actor,
        action="topup.paid",
        subject=ids.show("topup", topup.id),
        detail={
            "amount": str(amount),
            "currency": topup.currency,
            "method": topup.method,
            "payment": payment,
            "reason": topup.reason,
        },
        ip=ip,
    )
    publish.events([_happening(topup, amount)])
    return ledger.topup(topup.account_id, amount, reference=topup.id, actor=actor, reason=topup.reason)


def _happening(topup: TopUp, amount: Decimal) -> publish.Happening:
    payload = {
        "topup_id": ids.show("topup", topup.id),
        "status": "paid",
        "amount": number(amount),
        "currency": topup.currency,
        "payment_method": topup.method,
    }
    return publish.Happening(topup.id, topup.account_id, Mode.LIVE, 1, payload, type=TOPUP_PAID)


@transaction.atomic
def _declined(gateway: str, fact: Declined) -> Verdict:
    topup = _locked(gateway, fact.topup)
    if topup is None or topup.status != TopUp.Status.PENDING:
        return Verdict.NOTED
    if fact.reference and topup.provider_reference and fact.reference != topup.provider_reference:
        return Verdict.NOTED
    fail(topup.id, why=fact.why)
    return Verdict.NOTED


def fail(topup_id: UUID, *, why: str) -> bool:
    """Give a pending top-up up; `why` is a short word for the customer. Money that comes later is booked all the same."""
    pending = TopUp.objects.filter(pk=topup_id, status=TopUp.Status.PENDING)
    return pending.update(status=TopUp.Status.FAILED, failure=why) > 0


def expire() -> int:
    """Give up what was not paid in time. Returns how many."""
    pending = TopUp.objects.filter(status=TopUp.Status.PENDING, expires_at__lte=Now())
    return pending.update(status=TopUp.Status.FAILED, failure="expired")


def _reversed(gateway: str, fact: Reversed) -> Verdict:
    topup = TopUp.objects.filter(method=gateway, payment_reference=fact.payment).first()
    if topup is not None:  # else a payment of some other business of the operator's
        sentence = "In all so far." if fact.kind == "refund" else "The money may have been taken back."
        _alarm(gateway, PaymentAlarm.Kind(fact.kind), fact, topup, sentence)
    return Verdict.NOTED


def _alarm(gateway: str, kind: str, fact: Paid | Reversed, topup: TopUp | None, detail: str) -> None:
    """Leave it to an operator, once however often it is told."""
    reference = fact.event if isinstance(fact, Reversed) else fact.payment
    _, made = PaymentAlarm.objects.get_or_create(
        gateway=gateway,
        kind=kind,
        reference=reference[:120],
        defaults={
            "topup": topup,
            "amount": fact.amount,
            "currency": fact.currency[:3],
            "detail": detail,
        },
    )
    if made:
        log.warning(
            "payment alarm", gateway=gateway, kind=str(kind), reference=reference[:120], detail=detail
        )
