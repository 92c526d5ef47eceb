"""What the sweeps owe to every message, however many others there are: each is looked at in its turn (promise P1), and
what a carrier reported before the horizon counts, also when it is applied after it (promise P7)."""

from decimal import Decimal
from uuid import UUID

import pytest

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger
from messaging.models import Carrier, QueueRow, Route
from messaging.models.message import Lane
from messaging.sending import accept, route, sweep
from messaging.sending.draft import Draft, Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    Route.objects.all().delete()
    account = Account.objects.create(name="Swept", currency="MAD", allowed_countries=["FR"])
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(100), reference=new_id(), actor="test")
    return Sender(AccountFacts.of(account), "live", Lane.NORMAL)


def carrier(name: str, prefix: str) -> Carrier:
    made = Carrier.objects.create(name=name, kind="sms_to")
    Route.objects.create(carrier=made, prefix=prefix, channel="sms")
    route.forget()
    return made


def accepted(sender: Sender, to: str) -> UUID:
    return accept.message(sender, Draft(to=to, text="Bonjour")).ready[0].id


def test_a_stranded_message_is_found_behind_many_that_cannot_move(sender: Sender) -> None:
    closed = carrier("closed", "")
    for n in range(7):
        accepted(sender, f"+2126123456{n:02}")
    movable = accepted(sender, "+33612345678")
    Carrier.objects.filter(pk=closed.pk).update(enabled=False)
    other = carrier("other", "+33")
    two_a_lane = 2 * len(Lane)
    moved = [sweep.stranded(two_a_lane) for _ in range(5)]
    assert moved == [0, 0, 0, 1, 0]
    assert QueueRow.objects.get(message_id=movable).carrier_id == other.pk
    assert QueueRow.objects.filter(carrier_id=closed.pk).count() == 7


def test_one_that_becomes_movable_later_is_found_in_the_next_round(sender: Sender) -> None:
    closed = carrier("closed", "")
    first = accepted(sender, "+33612345678")
    for n in range(3):
        accepted(sender, f"+2126123456{n:02}")
    Carrier.objects.filter(pk=closed.pk).update(enabled=False)
    route.forget()
    assert sweep.stranded(2 * len(Lane)) == 0
    carrier("other", "+33")
    assert [sweep.stranded(2 * len(Lane)) for _ in range(3)] == [0, 0, 1]
    assert QueueRow.objects.exclude(carrier_id=closed.pk).get().message_id == first
