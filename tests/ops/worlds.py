"""Small worlds for the tests of money and of the operators' pages: accounts with money, messages with their entries."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from accounts.ids import new_id
from accounts.models import Account, Currency
from billing import ledger
from billing.opening import Opened, Opening, open_account
from messaging.models import Message, QueueRow
from messaging.models.message import FINAL_RANK, RANK, Status
from webhooks.models import Event

PRICE = Decimal("0.28")
OPEN_IN_QUEUE = ("scheduled", "queued", "uncertain")


def opened(name: str = "Atlas", *, credit: str = "100", currency: Currency = Currency.MAD) -> Opened:
    """A new account of its own, with its owner."""
    return open_account(
        Opening(
            name=name,
            email=f"{new_id().hex}@atlas.test",
            password="a rather long sentence",
            currency=currency,
            plan="business",
            credit=Decimal(credit),
        ),
        actor="test",
    )


def message(
    account: Account, *, status: str = "queued", mode: str = "live", booked: bool = True, **more: object
) -> Message:
    """A message as the pipeline would have left it: charged, refunded, queued and told as its status asks."""
    message_id = new_id()
    final = status not in RANK
    now = datetime.now(UTC)
    price = PRICE if mode == "live" else Decimal(0)
    fields: dict[str, object] = {
        "charge_reference": message_id,
        "lane": 2,
        "channel": "sms",
        "to": "+212612345678",
        "country": "MA",
        "sender": "RISALA",
        "text": "unseen words",
        "encoding": "gsm7",
        "segments": 1,
        "currency": account.currency,
        "price_mad": PRICE,
        "price_eur": Decimal("0.0255"),
        "error_code": "EXPIRED_BEFORE_SUBMIT" if status == "expired" else None,
        "expires_at": now + timedelta(hours=24),
    }
    made = Message.objects.create(
        id=message_id,
        account=account,
        mode=mode,
        price=price,
        status=status,
        rank=FINAL_RANK if final else RANK[Status(status)],
        final_at=now if final else None,
        **{**fields, **more},
    )
    if status in OPEN_IN_QUEUE:
        QueueRow.objects.create(
            message_id=message_id, account=account, carrier_id=1, lane=2, expires_at=made.expires_at
        )
    if final:
        Event.objects.create(
            account=account,
            subject_id=message_id,
            type=f"message.{status}",
            sequence=90,
            mode=mode,
            payload={},
        )
    if booked and price:
        book(account, message_id, price, refund=status in ("failed", "cancelled", "expired"))
    return made


def book(account: Account, reference: UUID, price: Decimal, *, refund: bool = False) -> None:
    """The charge of one message, and its refund."""
    movement = ledger.Movement(account.id, price, reference, "message", "test")
    assert ledger.charge([movement])
    if refund:
        assert ledger.refund([movement])
