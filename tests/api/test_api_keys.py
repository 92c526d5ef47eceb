"""`/v1/api-keys` speaks as documents A and B, and gives nobody a right that the maker lacks."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from accounts import keys
from accounts.models import Account, ApiKey
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]
DOCUMENT_B = {
    "name": "Production Server",
    "permissions": ["send", "verify", "status"],
    "ip_whitelist": ["196.200.1.4"],
    "rate_limit": 100,
}


def test_document_bs_example_makes_a_key_that_works(caller: Make) -> None:
    asking = caller(compat="envoisms")
    answer = asking.send("POST", "/v1/api-keys", DOCUMENT_B | {"ip_whitelist": []})
    assert answer.status_code == 201
    made = json.loads(answer.content)
    assert made["api_key"].startswith(made["key_prefix"])
    assert made["permissions"] == DOCUMENT_B["permissions"]
    assert (made["name"], made["rate_limit"]) == ("Production Server", 100)
    assert made["warning"] == "The full API key is shown once. Store it securely."
    made_key = Caller(made["api_key"], asking.client)
    assert made_key.get("/v1/account").status_code == 200
    assert error_of(made_key.get("/v1/billing/plans"))["code"] == "FORBIDDEN"
    assert ApiKey.objects.get(prefix=made["key_prefix"]).compat == "envoisms"


def test_the_list_never_shows_a_full_key(caller: Make) -> None:
    asking = caller()
    made = json.loads(asking.send("POST", "/v1/api-keys", DOCUMENT_B).content)
    listed = asking.get("/v1/api-keys")
    assert made["api_key"].encode() not in listed.content
    row = next(row for row in json.loads(listed.content)["data"] if row["id"] == made["id"])
    assert row["permissions"] == ["send", "verify", "status"]
    assert row["ip_whitelist"] == ["196.200.1.4"]
    assert (row["active"], row["last_used_at"]) == (True, None)
    assert row["created_at"].endswith("Z")


def test_document_a_gets_its_own_types(caller: Make) -> None:
    asking = caller(compat="smsmaroc", scopes=["send", "api_keys"])
    row = json.loads(asking.get("/v1/api-keys").content)["data"][0]
    assert (row["permissions"], row["active"]) == ('["send","api_keys"]', 1)


def test_a_key_is_changed(caller: Make, account: Account) -> None:
    asking = caller()
    key, _ = keys.issue(account)
    change = {"name": "Backup Server", "active": False, "rate_limit": 20, "permissions": ["send"]}
    answer = asking.send("PATCH", f"/v1/api-keys/{keys.shown_id(key)}", change)
    assert json.loads(answer.content) == {"updated": True, "id": keys.shown_id(key)}
    key.refresh_from_db()
    assert (key.name, key.active, key.rate_per_minute, key.scopes) == ("Backup Server", False, 20, ["send"])


def test_a_key_is_revoked(caller: Make) -> None:
    asking = caller()
    made = json.loads(asking.send("POST", "/v1/api-keys", {}).content)
    answer = asking.send("DELETE", f"/v1/api-keys/{made['id']}")
    assert json.loads(answer.content) == {"revoked": True, "id": made["id"]}
    assert Caller(made["api_key"], asking.client).get("/v1/account").status_code == 401
    again = asking.send("PATCH", f"/v1/api-keys/{made['id']}", {"active": True})
    assert (again.status_code, error_of(again)["code"]) == (409, "INVALID_STATE")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_foreign_key_answers_like_none(caller: Make, method: str) -> None:
    other = Account.objects.create(name="Other", callback_secret=b"x")
    foreign, _ = keys.issue(other)
    asking = caller()
    one = asking.send(method, f"/v1/api-keys/{keys.shown_id(foreign)}", {"active": False})
    none = asking.send(method, "/v1/api-keys/key_" + "0" * 32, {"active": False})
    drop = {"request_id"}
    assert one.status_code == none.status_code == 404
    assert {k: v for k, v in error_of(one).items() if k not in drop} == {
        k: v for k, v in error_of(none).items() if k not in drop
    }
    assert ApiKey.objects.get(pk=foreign.pk).active


@pytest.mark.parametrize(
    ("maker", "body", "status", "param"),
    [
        ({"scopes": ["api_keys", "send"]}, {"permissions": ["send", "billing"]}, 403, "permissions[1]"),
        ({}, {"permissions": ["admin:gateway"]}, 400, "permissions[0]"),
        ({"ip_allow_list": ["127.0.0.0/8"]}, {"ip_whitelist": ["10.0.0.1"]}, 403, "ip_whitelist"),
        ({"ip_allow_list": ["127.0.0.0/8"]}, {"ip_whitelist": []}, 403, "ip_whitelist"),
        ({}, {"rate_limit": 9}, 400, "rate_limit"),
        ({}, {"rate_limit": 1001}, 400, "rate_limit"),
        ({}, {"rate_limit": True}, 400, "rate_limit"),
        ({}, {"rate_limit": 0}, 400, "rate_limit"),
        ({}, {"name": 5}, 400, "name"),
        ({}, {"permissions": "send"}, 400, "permissions"),
        ({}, {"ip_whitelist": ["nowhere"]}, 400, "ip_whitelist[0]"),
    ],
)
def test_a_maker_gives_no_right_it_lacks(
    caller: Make, account: Account, maker: dict[str, object], body: dict[str, object], status: int, param: str
) -> None:
    asking = caller(**maker)
    answer = asking.send("POST", "/v1/api-keys", body)
    assert (answer.status_code, error_of(answer)["param"]) == (status, param)
    assert ApiKey.objects.filter(account=account).count() == 1


def test_a_made_key_inherits_what_binds_its_maker(caller: Make) -> None:
    asking = caller(mode="test", ip_allow_list=["127.0.0.1"], scopes=["api_keys", "send"])
    made = json.loads(asking.send("POST", "/v1/api-keys", {}).content)
    key = ApiKey.objects.get(prefix=made["key_prefix"])
    assert (key.mode, key.ip_allow_list, set(key.scopes)) == ("test", ["127.0.0.1"], {"api_keys", "send"})


def test_a_test_key_sees_no_live_key(caller: Make, account: Account) -> None:
    live, _ = keys.issue(account, mode="live")
    asking = caller(mode="test")
    assert [row["mode"] for row in json.loads(asking.get("/v1/api-keys").content)["data"]] == ["test"]
    assert asking.send("DELETE", f"/v1/api-keys/{keys.shown_id(live)}").status_code == 404


def test_without_the_permission_it_is_forbidden(caller: Make) -> None:
    refused = caller(scopes=["send"]).get("/v1/api-keys")
    assert (refused.status_code, error_of(refused)["code"]) == (403, "FORBIDDEN")
    assert "X-RateLimit-Limit" in refused
