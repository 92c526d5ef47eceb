"""Customers, keys, carriers and money for benchmarks, made by the product's own rules where those exist."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from accounts import keys, vault
from accounts.api import authentication
from accounts.caller import AccountFacts, Caller
from accounts.ids import new_id
from accounts.models import Account, ApiKey
from billing import ledger
from messaging import connecting, routing
from messaging.models import Carrier, Route

ACTOR = "benchmark"
MONEY = Decimal("100000000")
HIGH_LIMIT = 60_000_000


@dataclass(frozen=True, slots=True)
class Customer:
    """An account with much money and a live key with a limit that is never reached, but asked for each time."""

    account: Account
    key: ApiKey
    key_text: str

    @property
    def facts(self) -> AccountFacts:
        """What the rules take instead of the row."""
        return AccountFacts.of(self.account)


def customers(count: int) -> list[Customer]:
    """So many new customers in Morocco."""
    made = []
    for number in range(count):
        account = Account.objects.create(
            name=f"Customer {number}",
            plan="business",
            callback_secret=vault.seal("whsec_" + secrets.token_hex(16)),
        )
        ledger.open(account.id, account.currency)
        ledger.topup(account.id, MONEY, reference=new_id(), actor=ACTOR)
        key, text = keys.issue(account, rate_per_minute=0, rate_per_second=0, actor=ACTOR)
        ApiKey.objects.filter(pk=key.pk).update(rate_per_minute=HIGH_LIMIT)
        made.append(Customer(account, key, text))
    return made


def caller(customer: Customer) -> Caller:
    """The customer as an authenticated request has it."""
    return authentication._facts(customer.key)


def only_carrier(name: str, base_url: str, *, window: int) -> int:
    """A carrier of kind SMS.to at `base_url`, to which all SMS go from now on; its id."""
    Route.objects.all().delete()
    values = {"base_url": base_url, "api_key": "k" * 32, "window": str(window)}
    if Carrier.objects.filter(name=name).exists():
        row = connecting.change(name, values=values, actor=ACTOR)
    else:
        row = connecting.connect(name, kind="sms_to", values=values, actor=ACTOR)
    routing.add(carrier=name, prefix="", channel="sms", priority=1, actor=ACTOR)
    return row.pk


def ids(made: Sequence[Customer]) -> list[UUID]:
    """Their accounts."""
    return [customer.account.id for customer in made]
