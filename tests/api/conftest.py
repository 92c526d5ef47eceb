"""What the API tests share: an account with money, its keys, and a client that talks JSON through the whole
stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts import keys
from accounts.api import authentication
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger


@dataclass
class Caller:
    """A client that sends one key."""

    key: str
    client: Client

    def send(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        headers.setdefault("authorization", f"Bearer {self.key}")
        data = b"" if body is None else json.dumps(body).encode()
        answer: Any = self.client.generic(
            method, path, data, content_type="application/json" if data else "", headers=headers
        )
        return answer  # type: ignore[no-any-return]

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)


@pytest.fixture(autouse=True)
def _no_kept_facts() -> Iterator[None]:
    authentication.forget()
    yield
    authentication.forget()


@pytest.fixture
def account(db: None) -> Account:
    account = Account.objects.create(name="Atlas", currency="MAD", plan="business", callback_secret=b"sealed")
    with transaction.atomic():
        ledger.open(account.id, "MAD")
        ledger.topup(account.id, Decimal("550"), reference=new_id(), actor="test")
    return account


@pytest.fixture
def caller(account: Account, client: Client) -> Callable[..., Caller]:
    """Makes a caller with a new key: `caller(compat="smsmaroc", rate_per_minute=10)`."""

    def make(**options: Any) -> Caller:
        options.setdefault("rate_per_minute", 0)
        return Caller(keys.issue(options.pop("account", account), **options)[1], client)

    return make


def error_of(response: Any) -> dict[str, Any]:
    """The error in an envelope."""
    body = json.loads(response.content)
    assert body["success"] is False
    error: dict[str, Any] = body["error"]
    return error
