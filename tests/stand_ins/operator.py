"""Does the operator's work at a running stack: opens accounts, makes keys, by the product's own rules on the
stack's own database, in this process because a command costs seconds."""

import copy
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts import keys
from accounts.models import Account, Currency
from accounts.vault import seal
from billing.opening import Opening, open_account
from tests.stand_ins.customer import Customer
from tests.stand_ins.running import Stack
from webhooks.models import Endpoint

FAST_HASHES = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Operator:
    """Whoever runs a stack. `blocker` is pytest-django's guard of database access."""

    stack: Stack
    blocker: DjangoDbBlocker
    _connection: BaseDatabaseWrapper | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Within, rules and models of this process work on the stack's database."""
        before = connections["default"]
        if self._connection is None:
            self._connection = connections.create_connection("default")
            self._connection.settings_dict = connected(before.settings_dict, self.stack.database_url)
        connections["default"] = self._connection
        try:
            with self.blocker.unblock():
                yield
        finally:
            self._connection.close()
            connections["default"] = before

    def new_account(
        self, *, credit: str = "100", plan: str = "business", currency: str = "MAD", **key: Any
    ) -> Customer:
        """A new account with money, and a customer who holds a key of it. `channels`, `country` and
        `allowed_countries` are of the account, the rest of the key."""
        opening = Opening(
            name="Atlas",
            email=f"{secrets.token_hex(8)}@atlas.test",
            password="a rather long sentence",
            currency=Currency(currency),
            plan=plan,
            credit=Decimal(credit),
            country=key.pop("country", "MA"),
            allowed_countries=key.pop("allowed_countries", ()),
            channels=key.pop("channels", ()),
        )
        with self.at_work(), override_settings(PASSWORD_HASHERS=FAST_HASHES):
            opened = open_account(opening, actor="test")
        return self.new_key(opened.account.id, callback_secret=opened.callback_secret, **key)

    def new_key(self, account_id: UUID, *, callback_secret: str = "", **key: Any) -> Customer:
        """Another key of an account, without limits of speed unless some are given."""
        key = {"rate_per_minute": 0, "rate_per_second": 0} | key
        with self.at_work():
            row, full = keys.issue(account_id, **key)
        return Customer(self.stack.port, full, account_id, row.id, callback_secret)

    def new_endpoint(self, customer: Customer, url: str, *, secret: str, **more: Any) -> UUID:
        """A webhook endpoint of an account, for every event unless `events` are given."""
        given = {"events": ["*"], "secrets": [seal(secret)]} | more
        with self.at_work():
            account = Account.objects.get(id=customer.account_id)
            return Endpoint.objects.create(account=account, url=url, **given).id


def connected(like: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Django's settings of a connection, for another address."""
    parts = urlsplit(url)
    host = dict(parse_qsl(parts.query)).get("host") or unquote(parts.hostname or "")
    made = copy.deepcopy(dict(like))
    made.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=host,
        PORT=str(parts.port or ""),
    )
    return made
