"""Inside a lane accounts are served in turns, and only what was accepted uses up a turn."""

import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from accounts.caller import AccountFacts
from accounts.ids import new_id
from accounts.models import Account
from accounts.refusals import Refused
from billing import ledger
from messaging.models import Carrier, QueueRow, Route
from messaging.models.message import Lane
from messaging.sending import accept, route
from messaging.sending.draft import Draft, Sender

Commits = Callable[..., object]


def sender(money: str) -> Sender:
    Route.objects.create(carrier=Carrier.objects.get(name="simulator"), prefix="", channel="sms")
    route.forget()
    account = Account.objects.create(name="Waiting", currency="MAD")
    ledger.open(account.id, "MAD")
    ledger.topup(account.id, Decimal(money), reference=new_id(), actor="test")
    return Sender(AccountFacts.of(account), "live", Lane.NORMAL)


def bulk(by: Sender, count: int) -> object:
    drafts = [Draft(to=f"+2126{n:08}", text="Bonjour") for n in range(count)]
    return accept.batch([accept.order(by, drafts, batch=True)])[0]


def rank_of_next(by: Sender) -> datetime:
    message_id = accept.message(by, Draft(to="+212612345678", text="Bonjour")).ready[0].id
    return QueueRow.objects.get(message_id=message_id).rank_at


@pytest.mark.django_db
def test_refused_orders_use_up_no_turn(django_capture_on_commit_callbacks: Commits) -> None:
    poor = sender("1")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert isinstance(bulk(poor, 500), Refused)
        assert rank_of_next(poor).timestamp() == pytest.approx(time.time(), abs=1.0)


@pytest.mark.django_db
def test_accepted_orders_do(django_capture_on_commit_callbacks: Commits) -> None:
    rich = sender("1000")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert not isinstance(bulk(rich, 500), Refused)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert rank_of_next(rich).timestamp() > time.time() + 3.0
