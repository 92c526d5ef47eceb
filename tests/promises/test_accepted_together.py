"""Orders that are accepted in one transaction share it and nothing else: what is wrong with one is no other's harm."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from accounts.refusals import Code, Refused
from billing import ledger
from billing.models import Entry
from messaging.models import Carrier, Route
from messaging.models.message import Lane, Message
from messaging.sending import accept, route
from messaging.sending.accept import Taken
from messaging.sending.draft import Draft, Sender


def sender(name: str, money: int = 10) -> Sender:
    account = Account.objects.create(name=name, currency="MAD")
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(money), reference=new_id(), actor="test")
    return Sender(AccountFacts.of(account), "live", Lane.NORMAL)


def order(by: Sender, **fields: Any) -> accept.Order:
    return accept.order(by, [Draft(to="+212612345678", text="Bonjour", **fields)])


@pytest.mark.django_db
def test_an_order_that_cannot_be_stored_is_refused_alone() -> None:
    Route.objects.create(carrier=Carrier.objects.get(name="simulator"), prefix="", channel="sms")
    route.forget()
    good, bad = sender("good"), sender("bad")
    poison = order(bad, buttons=[{"n": 10**25}])
    answers = accept.batch([order(good), poison, order(good)])
    assert isinstance(answers[0], Taken)
    assert isinstance(answers[2], Taken)
    assert isinstance(answers[1], Refused)
    assert answers[1].code is Code.INTERNAL_ERROR
    assert Message.objects.filter(account_id=good.account.id).count() == 2
    assert not Message.objects.filter(account_id=bad.account.id).exists()
    assert Entry.objects.filter(account_id=good.account.id, kind="charge").count() == 2
    assert not Entry.objects.filter(account_id=bad.account.id, kind="charge").exists()
