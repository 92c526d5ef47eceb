"""What the tests of dialects share: an account with money, keys of it, a SIM, and a client that speaks JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts import keys
from accounts.api import authentication
from accounts.models import Account
from billing import pricing
from billing.opening import Opening, open_account
from messaging import sim_pool
from messaging.dialects.prosendi import sending
from messaging.models import Sim
from messaging.sending import route

NUMBER = "+22366603716"


@dataclass
class Told:
    """An answer: its status, headers and JSON."""

    status: int
    headers: Any
    body: Any


@dataclass
class Speaker:
    """A client that sends one key in `X-API-Key`."""

    key: str
    client: Client

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        """One request; header names with `_` for `-`."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in ({"x_api_key": self.key} | headers).items()}
        answer: Any = self.client.generic(
            method,
            path,
            data,
            content_type="application/json" if data else "",
            headers={name: value for name, value in sent.items() if value},
        )
        return Told(answer.status_code, answer.headers, json.loads(answer.content))

    def get(self, path: str, **headers: str) -> Told:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object, **headers: str) -> Told:
        """POST."""
        return self.call("POST", path, body, **headers)


Speakers = Callable[..., Speaker]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No facts of former tests; and no waiting for carriers, which nobody here is: the tests over HTTP wait."""
    monkeypatch.setattr(sending, "WAIT_SECONDS", 0.0)
    for forget in (authentication.forget, route.forget, pricing.forget):
        forget()
    yield
    authentication.forget()
    route.forget()


@pytest.fixture
def account(db: None) -> Account:
    """An account in Mali with 100 MAD; an SMS home costs 0.77."""
    opening = Opening(
        name="Orange Mali",
        email="owner@mali.test",
        password="a rather long sentence",
        currency=Account._meta.get_field("currency").default,
        plan="business",
        credit=Decimal("100"),
        country="ML",
        allowed_countries=("LB", "MA"),
    )
    return open_account(opening, actor="test").account


@pytest.fixture
def speaker(account: Account, client: Client) -> Speakers:
    """Makes a client with a new key: `speaker(mode="test", compat="prosendi")`."""

    def make(**options: Any) -> Speaker:
        options.setdefault("rate_per_minute", 0)
        return Speaker(keys.issue(options.pop("account", account), **options)[1], client)

    return make


@pytest.fixture
def sim(db: None) -> Sim:
    """The SIM that document D prints, as the default of the pool."""
    return sim_pool.add(
        NUMBER,
        {
            "carrier": "simulator",
            "name": "Orange Mali SIM",
            "operator": "Orange",
            "port": 8,
            "slot": 2,
            "daily_limit": 100,
            "monthly_limit": 3000,
            "is_default": True,
        },
        actor="test",
    )
