"""An account with endpoints on the real database, for tests of deliveries. Statements commit as they do in
production: `now()` stands still inside a transaction, and leases and retries live from it moving."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoDbBlocker

from accounts.ids import new_id
from accounts.models import Account, Membership, User
from accounts.vault import seal
from webhooks import publish
from webhooks.models import Delivery, DeliveryAttempt, Endpoint, Event

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Customer:
    """An account and what it is owed."""

    def __init__(self) -> None:
        self.account = Account.objects.create(
            name="Librairie", language="en", callback_secret=seal("callback-" + SECRET)
        )
        self.user = User.objects.create_user(f"{self.account.id.hex}@example.com")
        Membership.objects.create(account=self.account, user=self.user, role=Membership.Role.OWNER)

    def endpoint(self, url: str, **more: Any) -> Endpoint:
        """An endpoint for every event, with the known SECRET."""
        given = {"events": ["*"], "secrets": [seal(SECRET)]} | more
        return Endpoint.objects.create(account=self.account, url=url, **given)

    def happen(self, count: int = 1, *, callback_url: str = "") -> list[UUID]:
        """So many messages were delivered; returns their ids."""
        ids = [new_id() for _ in range(count)]
        publish.events(
            [
                publish.Happening(
                    subject_id=one,
                    account_id=self.account.id,
                    mode="live",
                    sequence=90,
                    payload={
                        "id": f"msg_{one.hex}",
                        "to": "+212612345678",
                        "status": "delivered",
                        "metadata": None,
                    },
                    change="delivered",
                    callback_url=callback_url,
                )
                for one in ids
            ]
        )
        return ids

    def states(self, endpoint: Endpoint) -> dict[str, int]:
        """How many deliveries of an endpoint are in each state."""
        found: dict[str, int] = {}
        for state in Delivery.objects.filter(endpoint=endpoint).values_list("state", flat=True):
            found[state] = found.get(state, 0) + 1
        return found

    def hurry(self, endpoint: Endpoint) -> None:
        """Let the time pass that a retry and the breaker wait for."""
        earlier = endpoint.created_at - timedelta(days=1)
        Delivery.objects.filter(endpoint=endpoint, state="pending").update(next_at=earlier)
        Endpoint.objects.filter(pk=endpoint.pk).update(not_before=None)

    def remove(self) -> None:
        """Leave nothing due behind: the next test's run would post it."""
        mine = Endpoint.objects.filter(account=self.account)
        Delivery.objects.filter(endpoint__in=mine).delete()
        DeliveryAttempt.objects.filter(endpoint__in=mine).delete()
        Event.objects.filter(account=self.account).delete()
        mine.delete()


@pytest.fixture
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with every statement committed. It stands in for pytest-django's fixture (the name
    makes the database exist), which would TRUNCATE every table at the end: the append-only ones refuse
    that, rightly."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def customers(transactional_db: None) -> Iterator[Callable[[], Customer]]:
    """Makes customers that are removed at the end."""
    made: list[Customer] = []

    def make() -> Customer:
        made.append(Customer())
        return made[-1]

    yield make
    for one in made:
        one.remove()


@pytest.fixture
def customer(customers: Callable[[], Customer]) -> Customer:
    return customers()


@pytest.fixture(autouse=True)
def _loopback_receivers(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    settings.WEBHOOK_TIMEOUT_SECONDS = 2
