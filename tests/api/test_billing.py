"""Balance, transactions and prices, as documents A and B print them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts import ids
from accounts.ids import new_id
from accounts.models import Account
from billing import ledger
from billing.ledger import Movement
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]


def figures(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    facts: dict[str, Any] = json.loads(answer.content)
    return facts


@pytest.mark.parametrize("path", ["/v1/balance", "/v1/billing/balance"])
def test_the_balance_of_document_a(caller: Make, path: str) -> None:
    answer = caller(compat="smsmaroc").get(path)
    assert answer.content == b'{"balance_eur":50,"balance_mad":550,"currency":"MAD","plan":"business"}'


def test_the_balance_of_document_b_is_in_mad_only(caller: Make) -> None:
    assert figures(caller(compat="envoisms").get("/v1/billing/balance")) == {
        "balance_mad": 550,
        "currency": "MAD",
        "plan": "business",
    }


@pytest.mark.parametrize(
    ("scopes", "status"), [(["balance"], 200), (["billing"], 200), (["send", "status"], 403), ([], 403)]
)
def test_balance_or_billing_opens_the_balance(caller: Make, scopes: list[str], status: int) -> None:
    assert caller(scopes=scopes).get("/v1/balance").status_code == status


def test_any_key_sees_its_account_but_not_its_money(caller: Make, account: Account) -> None:
    facts = figures(caller(scopes=["send"], mode="test").get("/v1/account"))
    assert facts["success"] is True
    assert facts["id"] == ids.show("account", account.id)
    assert (facts["mode"], facts["permissions"]) == ("test", ["send"])
    assert "balance_mad" not in facts


def test_credits_are_home_messages(caller: Make) -> None:
    facts = figures(caller(compat="smsprovider").get("/v1/account"))
    assert (facts["balance_mad"], facts["balance_eur"]) == (550, 50)
    assert facts["credits_remaining"] == 1964  # 550 / 0.28, rounded down


@pytest.fixture
def spent(account: Account) -> list[Any]:
    """One message charged, then refunded."""
    message = new_id()
    movement = Movement(account.id, Decimal("2.42"), message, "message", "test")
    with transaction.atomic():
        ledger.charge([movement])
        ledger.refund([movement])
    return [message]


def test_transactions_are_signed_gapless_and_add_up(caller: Make, spent: list[Any]) -> None:
    page = figures(caller().get("/v1/billing/transactions"))
    assert (page["limit"], page["offset"], page["total"], page["next_cursor"]) == (50, 0, 3, None)
    shown = [
        (row["seq"], row["type"], row["amount_mad"], row["amount_eur"], row["balance_after"])
        for row in page["data"]
    ]
    assert shown == [
        (3, "refund", 2.42, 0.22, 550),
        (2, "usage", -2.42, -0.22, 547.58),
        (1, "top-up", 550, 50, 550),
    ]
    assert page["data"][1]["message_id"] == ids.show("message", spent[0])
    assert page["data"][1]["id"].startswith("txn_")
    assert page["data"][1]["created_at"].endswith("Z")


def test_pages_follow_each_other_by_cursor_and_by_offset(caller: Make, spent: list[Any]) -> None:
    asking = caller()
    first = figures(asking.get("/v1/billing/transactions?limit=2"))
    assert [row["seq"] for row in first["data"]] == [3, 2]
    rest = figures(asking.get(f"/v1/billing/transactions?limit=2&cursor={first['next_cursor']}"))
    assert ([row["seq"] for row in rest["data"]], rest["next_cursor"]) == ([1], None)
    by_offset = figures(asking.get("/v1/billing/transactions?limit=2&offset=2"))
    assert [row["seq"] for row in by_offset["data"]] == [1]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=-1", "limit"),
        ("limit=%D9%A1", "limit"),
        ("offset=-1", "offset"),
        ("offset=100001", "offset"),
        ("cursor=x", "cursor"),
        ("cursor=99999999999999999999", "cursor"),
        ("cursor=1&offset=1", "cursor"),
    ],
)
def test_a_wrong_window_is_refused(caller: Make, query: str, param: str) -> None:
    answer = caller().get(f"/v1/billing/transactions?{query}")
    assert (answer.status_code, error_of(answer)["param"]) == (400, param)


def test_no_entry_of_another_account_is_shown(caller: Make, spent: list[Any]) -> None:
    other = Account.objects.create(name="Other", callback_secret=b"x")
    with transaction.atomic():
        ledger.open(other.id, "MAD")
    assert figures(caller(account=other).get("/v1/billing/transactions"))["data"] == []


def test_prices_of_document_a(caller: Make) -> None:
    rows = figures(caller().get("/v1/billing/plans"))["data"]
    starter = {"plan": "starter", "channel": "sms", "country": "MA", "price_eur": 0.22, "price_mad": 2.42}
    assert starter in rows
    assert {row["country"] for row in rows} == {"MA"}


def test_prices_of_other_countries(caller: Make) -> None:
    asking = caller()
    assert {row["country"] for row in figures(asking.get("/v1/billing/plans?country=fr"))["data"]} == {"FR"}
    assert len({row["country"] for row in figures(asking.get("/v1/billing/plans?country=all"))["data"]}) > 20
    assert error_of(asking.get("/v1/billing/plans?country=France"))["param"] == "country"
