"""What the tests of analytics share: an account with money and a route, and messages whose ends are chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from accounts.caller import AccountFacts
from accounts.models import Account
from billing import pricing
from messaging import routing, tally
from messaging.models.message import Lane, Status
from messaging.sending import accept, final, route
from messaging.sending.draft import Draft, Sender
from messaging.sending.final import Finality
from tests.contacts.conftest import Api
from tests.ops.worlds import opened


@dataclass
class World:
    """One account, and what happens to its messages."""

    account: Account

    def send(self, *to: str, mode: str = "live", text: str = "Bonjour", **draft: Any) -> list[UUID]:
        """The ids of accepted messages, one order each."""
        owner = {name: draft.pop(name) for name in ("api_key_id", "campaign_id") if name in draft}
        sender = Sender(AccountFacts.of(self.account), mode, Lane.NORMAL, **owner)
        return [accept.message(sender, Draft(to=number, text=text, **draft)).ready[0].id for number in to]

    def bulk(self, *to: str) -> list[UUID]:
        """The ids of one batch."""
        sender = Sender(AccountFacts.of(self.account), "live", Lane.BULK)
        drafts = [Draft(to=number, text="x" * 200, param=f"to[{n}].") for n, number in enumerate(to)]
        (answer,) = accept.batch([accept.order(sender, drafts, batch=True)])
        assert isinstance(answer, accept.Taken)
        return [ready.id for ready in answer.ready]

    def end(self, ids: Sequence[UUID], status: Status, reason: str | None = None) -> list[UUID]:
        """End messages together, as every step of the pipeline does."""
        with transaction.atomic():
            return final.settle([Finality(message_id, status, reason) for message_id in ids])

    def api(self, **key: Any) -> Api:
        """A client of the account."""
        return Api(self.account, **key)

    def report(self, query: str = "", **key: Any) -> Any:
        """What `GET /v1/analytics` says once everything is folded."""
        while tally.fold():
            pass
        return self.api(**key).get(f"analytics{query}")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No routes and prices of former tests."""
    route.forget()
    pricing.forget()
    yield
    route.forget()


@pytest.fixture
def world(db: None) -> World:
    routing.add(carrier="simulator", prefix="", channel="sms", priority=9, actor="test")
    account = opened().account
    Account.objects.filter(pk=account.pk).update(allowed_countries=["FR"], language="en")
    account.refresh_from_db()
    return World(account)
