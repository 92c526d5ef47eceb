"""A refund gives back the place in the monthly quota that the message took, once, and only in the month it was counted in."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from accounts.refusals import Refused
from billing import ledger, quotas
from messaging.models import Carrier, Message, Route
from messaging.models.message import Lane, Status
from messaging.sending import accept, cancel, final, route
from messaging.sending.draft import Draft, Sender
from messaging.sending.final import Finality

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    Route.objects.create(carrier=Carrier.objects.get(name="simulator"), prefix="", channel="sms")
    route.forget()
    account = Account.objects.create(name="Counted", currency="MAD")
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(10), reference=new_id(), actor="test")
    quotas.set_monthly(account.id, 3, actor="test")
    return Sender(AccountFacts.of(account), "live", Lane.NORMAL)


def send(sender: Sender) -> UUID:
    return accept.message(sender, Draft(to="+212612345678", text="Bonjour")).ready[0].id


def used(sender: Sender) -> int:
    usage = quotas.usage(sender.account.id)
    assert usage is not None
    return usage.used


def test_a_refund_gives_the_place_back_and_a_delivery_does_not(sender: Sender) -> None:
    first, second, third = (send(sender) for _ in range(3))
    with pytest.raises(Refused, match="QUOTA_EXCEEDED"):
        send(sender)
    final.settle([Finality(first, Status.DELIVERED)])
    assert used(sender) == 3
    final.settle(
        [Finality(second, Status.FAILED, "CARRIER_REFUSED"), Finality(third, Status.FAILED, "UNKNOWN")]
    )
    final.settle([Finality(second, Status.FAILED, "CARRIER_REFUSED")])
    assert used(sender) == 1
    send(sender)
    assert used(sender) == 2


def test_a_month_that_is_over_is_left_alone(sender: Sender) -> None:
    old, _ = send(sender), send(sender)
    Message.objects.filter(id=old).update(created_at=timezone.now() - timedelta(days=32))
    assert cancel.many(sender.account.id, [old]) == [old]
    assert used(sender) == 2
