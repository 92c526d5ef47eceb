"""Operators' pages of what is found rather than read through: opt-outs, idempotency keys, and the list of messages."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts import ids
from accounts.models import Account, IdempotencyKeyPage, User
from contacts.models import OptOut, OptOutPage
from messaging.models import Message
from tests.admin.test_operators import busy, page
from tests.ops.worlds import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss@risala.test", "a rather long sentence"))
    return browser


@pytest.fixture
def account() -> Account:
    return opened().account


def test_opt_outs_and_idempotency_keys_are_listed_and_found(client: Client, account: Account) -> None:
    busy(account)
    busy(opened("Rif").account)
    OptOut.objects.filter(account__name="Rif").update(phone="+212698765432")
    for model, term, other in (
        (OptOutPage, "+212612345678", "+212698765432"),
        (OptOutPage, "0698765432", "+212612345678"),
        (IdempotencyKeyPage, "order 4711/a", "nothing"),
    ):
        found = client.get(page(model), {"q": term}).content.decode()
        table = found.partition("<tbody")[2]
        assert term.removeprefix("0") in table
        assert other not in table
    assert "order 4711/a" not in client.get(page(IdempotencyKeyPage), {"q": "order"}).content.decode()


def test_times_have_seconds(client: Client, account: Account) -> None:
    busy(account)
    OptOut.objects.update(created_at=datetime(2026, 3, 9, 4, 5, 6, tzinfo=UTC))
    assert "9 Mar 2026, 04:05:06" in client.get(page(OptOutPage)).content.decode()


def test_the_list_of_messages_keeps_the_whole_id_at_hand(client: Client, account: Account) -> None:
    made = busy(account)
    shown = client.get(page(Message)).content.decode()
    assert f'title="{ids.show("message", made.id)}"' in shown
