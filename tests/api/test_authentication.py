"""Who may come in: one good key, from an allowed address, of an account that is not suspended. And at what
cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import keys
from accounts.api import authentication
from accounts.models import Account, ApiKey, AuditEntry
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]
STRANGER = "rsl_live_" + "A" * 43


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_key_opens(caller: Make, scheme: str) -> None:
    asking = caller()
    assert asking.get("/v1/balance", authorization=f"{scheme} {asking.key}").status_code == 200


def test_an_x_api_key_opens(caller: Make) -> None:
    asking = caller()
    assert asking.client.get("/v1/balance", headers={"x-api-key": asking.key}).status_code == 200


def test_the_same_key_twice_is_one_key(caller: Make) -> None:
    asking = caller()
    assert asking.get("/v1/balance", x_api_key=asking.key).status_code == 200


def test_two_different_keys_are_refused(caller: Make) -> None:
    one, other = caller(), caller()
    refused = one.client.get(
        "/v1/balance", headers={"authorization": f"Bearer {one.key}", "x-api-key": other.key}
    )
    assert (refused.status_code, error_of(refused)["code"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Basic abc", "Bearer nonsense", f"Bearer {STRANGER}", "Bearer a b"]
)
def test_without_a_good_key_the_answer_is_401(db: None, client: Client, value: str) -> None:
    refused = client.get("/v1/balance", headers={"authorization": value})
    assert (refused.status_code, error_of(refused)["code"]) == (401, "UNAUTHORIZED")
    assert refused["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_refused(caller: Make, account: Account) -> None:
    asking = caller()
    assert asking.get("/v1/balance").status_code == 200
    keys.revoke(ApiKey.objects.get(account=account), actor="test")
    authentication.forget()
    assert asking.get("/v1/balance").status_code == 401


def test_an_expired_key_is_refused(caller: Make) -> None:
    asking = caller(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert asking.get("/v1/balance").status_code == 401


def test_a_key_expires_while_it_is_remembered(caller: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    expires_at = datetime.now(UTC) + timedelta(hours=1)
    asking = caller(expires_at=expires_at)
    assert asking.get("/v1/balance").status_code == 200
    monkeypatch.setattr("accounts.api.authentication.time.time", lambda: expires_at.timestamp())
    assert asking.get("/v1/balance").status_code == 401


def test_revocation_acts_within_five_seconds(
    caller: Make, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = caller()
    assert asking.get("/v1/balance").status_code == 200
    keys.revoke(ApiKey.objects.get(account=account), actor="test")
    later = time.monotonic() + 5
    monkeypatch.setattr("accounts.api.authentication.time.monotonic", lambda: later)
    assert asking.get("/v1/balance").status_code == 401


def test_a_suspended_account_is_told_so(caller: Make, account: Account) -> None:
    asking = caller()
    Account.objects.filter(pk=account.pk).update(status="suspended")
    refused = asking.get("/v1/balance")
    assert (refused.status_code, error_of(refused)["code"]) == (403, "ACCOUNT_INACTIVE")


def test_a_foreign_address_is_401_and_the_owner_learns_why(caller: Make, account: Account) -> None:
    asking = caller(ip_allow_list=["196.200.1.0/24"])
    for _ in range(3):
        refused = asking.get("/v1/balance")
        assert (refused.status_code, error_of(refused)["code"]) == (401, "UNAUTHORIZED")
    noted = AuditEntry.objects.filter(account=account, action="api_key.address_refused")
    assert [entry.detail["ip"] for entry in noted] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("hops", "forwarded", "status"),
    [
        (0, "196.200.1.4", 401),
        (1, "196.200.1.4", 200),
        (1, "::ffff:196.200.1.4", 200),
        (1, "196.200.1.4:5512", 200),
        (1, "196.200.1.4, 10.0.0.1", 401),
        (2, "196.200.1.4, 10.0.0.1", 200),
        (2, "9.9.9.9, 196.200.1.4, 10.0.0.1", 200),
        (2, "196.200.1.4, 9.9.9.9, 10.0.0.1", 401),
        (1, "nonsense", 401),
    ],
)
def test_only_our_own_proxies_are_believed(
    caller: Make, settings: Settings, hops: int, forwarded: str, status: int
) -> None:
    settings.TRUSTED_PROXY_HOPS = hops
    asking = caller(ip_allow_list=["196.200.1.4"])
    assert asking.get("/v1/balance", x_forwarded_for=forwarded).status_code == status


def test_a_known_key_costs_no_query(
    caller: Make, django_assert_num_queries: DjangoAssertNumQueries, rf: Any
) -> None:
    asking = caller()
    asking.get("/v1/balance")
    request = rf.get("/v1/balance", headers={"x-api-key": asking.key})
    with django_assert_num_queries(0):
        authentication.authenticate(request)


def test_a_stranger_costs_one_query_in_two_seconds(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for _ in range(3):
            assert client.get("/v1/balance", headers={"x-api-key": STRANGER}).status_code == 401


def test_a_keys_use_is_noted_once_a_minute(
    caller: Make, account: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asking = caller()
    asking.get("/v1/account")
    noted = ApiKey.objects.get(account=account).last_used_at
    assert noted is not None
    with django_assert_num_queries(0):
        asking.get("/v1/api-keys/none", authorization="")
    asking.get("/v1/account")
    assert ApiKey.objects.get(account=account).last_used_at == noted


def test_a_plans_speed_holds_where_the_key_has_none(caller: Make, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(plan="standard")
    answer = caller(rate_per_minute=0).get("/v1/balance")
    assert (answer["X-RateLimit-Limit"], answer["X-RateLimit-Remaining"]) == ("10", "9")
