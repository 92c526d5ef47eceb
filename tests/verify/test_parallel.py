"""What parallel requests cannot do: a fourth try, a second success, a second code within the cooldown. Every thread has its own
connection, and every statement commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.ids import read
from messaging.models import Message, QueueRow, Route
from messaging.sending import route
from tests.verify.conftest import Shop, open_shop, other_than
from verify.models import Session

T = TypeVar("T")
GUESSES = 60
AT_ONCE = 12


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with every statement committed; nothing is truncated, for append-only tables refuse that."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def busy_shop(transactional_db: None) -> Iterator[Shop]:
    shop = open_shop("Parallel")
    shop.key("live", "native")
    yield shop
    mine = Message.objects.filter(account=shop.account)
    QueueRow.objects.filter(account=shop.account).delete()
    mine.delete()
    Session.objects.filter(account=shop.account).delete()
    Route.objects.filter(account=shop.account).delete()
    route.forget()


def together(work: Callable[[int], T], times: int) -> list[T]:
    """Run `work` so many times, `AT_ONCE` at once."""

    def run(index: int) -> T:
        try:
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(times)))


def test_sixty_guesses_at_once_get_three_tries(busy_shop: Shop) -> None:
    session_id, code = busy_shop.sent("+212661777701")

    def guess(_: int) -> str:
        return Shop(busy_shop.account, Client(), busy_shop.made).check(session_id, other_than(code)).code

    assert Counter(together(guess, GUESSES)) == {"INVALID_CODE": 3, "MAX_ATTEMPTS": GUESSES - 3}
    row = Session.objects.get(pk=read("session", session_id))
    assert (row.state, row.attempts) == ("failed", 3)
    assert busy_shop.check(session_id, code).code == "MAX_ATTEMPTS"


def test_the_right_code_sent_many_times_at_once_verifies_once(busy_shop: Shop) -> None:
    session_id, code = busy_shop.sent("+212661777801")

    def right(_: int) -> int:
        return Shop(busy_shop.account, Client(), busy_shop.made).check(session_id, code).status

    assert Counter(together(right, 20)) == {200: 1, 404: 19}


def test_many_sends_at_once_to_one_number_send_one_code(busy_shop: Shop) -> None:
    def send(_: int) -> int:
        return Shop(busy_shop.account, Client(), busy_shop.made).send("+212661777901").status

    assert Counter(together(send, 20)) == {202: 1, 429: 19}
    assert Message.objects.filter(account=busy_shop.account).count() == 1
    assert Session.objects.filter(account=busy_shop.account).count() == 1
