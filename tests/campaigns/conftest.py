"""What the tests of campaigns share: an account with money, a list of contacts made by one statement, and its campaigns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from accounts import ids, keys
from accounts.api import authentication
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger, pricing
from billing.audit_books import findings
from billing.models import Ledger
from campaigns import advance
from campaigns.models import Campaign
from contacts.models import ContactList
from messaging import routing
from messaging.models import Carrier, Message
from messaging.sending import route
from tests.ops.worlds import opened

PRICE = Decimal("0.28")
"""Of an SMS segment in Morocco, in the plan of these accounts."""
CONTACTS = """
WITH made AS (
  INSERT INTO contacts_contact (id, account_id, phone, name)
  SELECT ('01900000-0000-7000-8' || substr(md5(%(list)s::text), 1, 3) || '-' || lpad(to_hex(n), 12, '0'))::uuid,
         %(account)s, '+21261' || lpad((n + %(from)s)::text, 7, '0'), 'Nr ' || n
    FROM generate_series(1, %(count)s) AS n RETURNING id)
INSERT INTO contacts_listmember (list_id, contact_id) SELECT %(list)s, id FROM made
"""


def fill(account_id: UUID, list_id: UUID, count: int, *, first: int = 0) -> None:
    """Put contacts `+21261…` named `Nr 1`, `Nr 2` … into a list, on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(CONTACTS, {"account": account_id, "list": list_id, "count": count, "from": first})
    ContactList.objects.filter(pk=list_id).update(count=count)


@dataclass
class Answer:
    """An answer as a client sees it."""

    status: int
    body: Any
    headers: Any

    @property
    def refusal(self) -> tuple[int, str, str | None]:
        """Status, code and field."""
        error = self.body["error"]
        return self.status, error["code"], error.get("param")


@dataclass
class Shop:
    """A customer with contacts: an account, its keys, and a client. Amounts are in MAD."""

    account: Account
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def key(self, mode: str, compat: str) -> str:
        if (mode, compat) not in self.made:
            self.made[mode, compat] = keys.issue(
                self.account.id, mode=mode, compat=compat, rate_per_minute=0
            )[1]
        return self.made[mode, compat]

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        mode: str = "live",
        compat: str = "native",
        **headers: str,
    ) -> Answer:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["authorization"] = f"Bearer {self.key(mode, compat)}"
        kind = "application/json" if data else ""
        answer = Client().generic(method, f"/v1/{path}", data, content_type=kind, headers=headers)
        return Answer(answer.status_code, json.loads(answer.content, parse_float=Decimal), answer.headers)

    def get(self, path: str, **how: str) -> Any:
        answer = self.call("GET", path, **how)
        assert answer.status == 200, answer.body
        return answer.body

    def list_of(self, count: int, *, first: int = 0) -> str:
        """A new list of so many contacts: its public id."""
        made = ContactList.objects.create(account=self.account, name="Clients")
        fill(self.account.id, made.id, count, first=first)
        return ids.show("list", made.id)

    def campaign(self, list_id: str | None, body: str = "Bonjour {{name}}", **more: Any) -> str:
        """A new campaign: its public id."""
        how = {name: more.pop(name) for name in ("mode", "compat") if name in more}
        given = {"name": "Soldes", "body": body, "list_id": list_id} | more
        answer = self.call("POST", "campaigns", given, **how)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def do(self, campaign: str, verb: str, **how: str) -> Answer:
        return self.call("POST", f"campaigns/{campaign}/{verb}", {}, **how)

    def sent(self, campaign: str, **how: str) -> Any:
        answer = self.do(campaign, "send", **how)
        assert answer.status == 200, answer.body
        return answer.body

    def detail(self, campaign: str, **how: str) -> Any:
        return self.get(f"campaigns/{campaign}", **how)

    @property
    def money(self) -> Any:
        """Balance, and what is held."""
        found = Ledger.objects.get(pk=self.account.pk)
        return found.balance, found.held

    def messages(self, campaign: str) -> list[Message]:
        return list(Message.objects.filter(campaign_id=row_id(campaign)).order_by("id"))


def row_id(campaign: str) -> UUID:
    return ids.read("campaign", campaign)


def row(campaign: str) -> Campaign:
    return Campaign.objects.get(pk=row_id(campaign))


def advanced(campaign: str) -> None:
    """Let the workers' loop run until it has nothing to do at once."""
    while advance.run(row_id(campaign)):
        pass


def books() -> dict[str, object]:
    """What the audit of the books finds."""
    return {finding.check.name: finding.rows for finding in findings()}


def open_shop(credit: str = "100", **more: Any) -> Shop:
    account = opened("Librairie", credit="0").account
    if more:
        Account.objects.filter(pk=account.pk).update(**more)
        account.refresh_from_db()
    if Decimal(credit):
        ledger.topup(account.id, Decimal(credit), reference=new_id(), actor="test")
    Carrier.objects.filter(name="simulator").update(enabled=True)
    for channel in ("sms", "whatsapp"):
        routing.add(
            carrier="simulator", prefix="", channel=channel, priority=1, account=account, actor="test"
        )
    return Shop(account)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    for forget in (authentication.forget, route.forget, pricing.forget):
        forget()
    yield
    for forget in (authentication.forget, route.forget, pricing.forget):
        forget()


@pytest.fixture
def shops(db: None) -> Callable[..., Shop]:
    """Opens accounts: `shops(credit="10")`."""
    return open_shop


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Shop:
    return shops()
