"""Who may do what: keys that are revoked, accounts that are suspended, networks, speeds, and the things of
others (promises P11 and P12)."""

import time
from functools import partial

import pytest

from accounts import standing
from accounts.ids import new_id, show
from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer, together
from tests.stand_ins.operator import Operator
from tests.stand_ins.waiting import until

REVOKED_SECONDS = 5.0
FIGURES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def passed(began: float) -> None:
    """Until a change made at `began` has to act in every web process."""
    until(lambda: time.monotonic() - began >= REVOKED_SECONDS, what="five seconds")


def test_a_revoked_key_ends_within_five_seconds(new_account: NewAccount, operator: Operator) -> None:
    owner = new_account()
    other = operator.new_key(owner.account_id)
    assert other.get("/v1/account").status == 200
    key_id = show("api_key", other.key_id)
    began = time.monotonic()
    assert owner.call("DELETE", f"/v1/api-keys/{key_id}").body == {"revoked": True, "id": key_id}
    passed(began)
    for _ in range(8):  # whichever web process they reach
        assert other.try_send().status in (401, 429)
    assert owner.call("PATCH", f"/v1/api-keys/{key_id}", {"active": True}).refusal == (409, "INVALID_STATE")
    assert owner.get("/v1/account").status == 200


def test_a_suspended_account_may_nothing_and_what_waits_is_not_sent(
    new_account: NewAccount, operator: Operator
) -> None:
    customer = new_account(credit="10")
    with operator.at_work():
        assert standing.suspend(customer.account_id, actor="test", reason="unpaid")
    passed(time.monotonic())
    for _ in range(8):
        assert customer.try_send().refusal == (403, "ACCOUNT_INACTIVE")
    with operator.at_work():
        assert standing.activate(customer.account_id, actor="test")
    passed(time.monotonic())
    assert customer.balance() == 10


def test_a_key_with_networks_answers_only_there(new_account: NewAccount, operator: Operator) -> None:
    customer = new_account()
    inside = operator.new_key(customer.account_id, ip_allow_list=["127.40.0.0/16"])
    inside.address = "127.40.7.9"
    outside = Customer(inside.port, inside.key, inside.account_id, inside.key_id)
    outside.address = "127.41.7.9"
    assert inside.get("/v1/account").status == 200
    assert outside.get("/v1/account").refusal == (401, "UNAUTHORIZED")
    spoofed = outside.get("/v1/account", x_forwarded_for="127.40.7.9")
    assert spoofed.refusal == (401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": ""},
        {"authorization": "Bearer "},
        {"authorization": "Basic dXNlcjpwYXNz"},
        {"authorization": "Bearer rsl_live_" + "x" * 43},
        {"authorization": "Bearer " + "é" * 20},
        {"authorization": "", "x_api_key": "nonsense"},
    ],
)
def test_without_a_good_key_there_is_nothing(new_account: NewAccount, headers: dict[str, str]) -> None:
    customer = new_account()
    sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = customer.post("/v1/messages", {"to": "+212612345678", "message": "x"}, **sent)
    assert answer.refusal == (401, "UNAUTHORIZED")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert set(FIGURES) <= set(answer.headers)


def test_the_key_may_come_in_either_header_but_not_two_different_ones(new_account: NewAccount) -> None:
    customer = new_account()
    assert customer.get("/v1/account", authorization="", x_api_key=customer.key).status == 200
    assert customer.get("/v1/account", x_api_key=customer.key).status == 200
    assert customer.get("/v1/account", x_api_key=customer.key + "x").status == 401


def test_a_key_does_only_what_it_may(new_account: NewAccount, operator: Operator) -> None:
    customer = new_account()
    reader = operator.new_key(customer.account_id, scopes=["status"])
    assert reader.get("/v1/messages").status == 200
    assert reader.try_send().refusal == (403, "FORBIDDEN")
    assert reader.get("/v1/balance").refusal == (403, "FORBIDDEN")
    assert reader.post("/v1/api-keys", {"name": "more"}).refusal == (403, "FORBIDDEN")


def test_a_limit_a_minute_answers_429_with_the_time_to_wait(new_account: NewAccount) -> None:
    customer = new_account(rate_per_minute=10)
    answers = [customer.get("/v1/account") for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == [
        str(left) for left in (9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0)
    ]
    last = answers[-1]
    assert last.refusal == (429, "RATE_LIMITED")
    assert last.headers["x-ratelimit-limit"] == "10"
    assert 1 <= int(last.headers["retry-after"]) <= 6
    assert customer.get("/v1/account").headers["x-ratelimit-remaining"] == "0"


def test_a_limit_a_second_holds_among_parallel_requests(new_account: NewAccount) -> None:
    customer = new_account(plan="standard", rate_per_second=None)
    answers = together([partial(customer.get, "/v1/account") for _ in range(40)])
    passed = sum(answer.status == 200 for answer in answers)
    longest = max(answer.seconds for answer in answers)
    assert 10 <= passed <= 11 + 10 * longest
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"10"}
    assert all(answer.headers["retry-after"] == "1" for answer in answers if answer.status == 429)


def test_a_foreign_id_answers_exactly_like_an_unknown_one(new_account: NewAccount) -> None:
    owner, stranger = new_account(), new_account()
    message_id = owner.send(scheduled_at="2027-01-01T00:00:00Z")["id"]
    key_id = show("api_key", owner.key_id)
    pairs = [
        ("GET", "/v1/messages/{}", message_id, show("message", new_id())),
        ("POST", "/v1/messages/{}/cancel", message_id, show("message", new_id())),
        ("PATCH", "/v1/api-keys/{}", key_id, show("api_key", new_id())),
        ("DELETE", "/v1/api-keys/{}", key_id, show("api_key", new_id())),
    ]
    for method, path, foreign, unknown in pairs:
        body = {"name": "mine now"} if method == "PATCH" else None
        seen = [stranger.call(method, path.format(one), body) for one in (foreign, unknown)]
        assert [answer.status for answer in seen] == [404, 404], path
        errors = [{k: v for k, v in answer.error.items() if k != "request_id"} for answer in seen]
        assert errors[0] == errors[1], path
        assert foreign not in seen[0].raw.decode()
    assert owner.message(message_id)["status"] == "scheduled"
    assert owner.get("/v1/account").status == 200
    assert stranger.get("/v1/messages").body["total"] == 0
    assert stranger.get(f"/v1/messages?cursor={message_id}").status in (200, 400)


def test_a_test_key_does_not_see_live_messages(new_account: NewAccount, operator: Operator) -> None:
    live = new_account()
    test = operator.new_key(live.account_id, mode="test")
    message_id = live.send()["id"]
    assert test.get(f"/v1/messages/{message_id}").refusal == (404, "NOT_FOUND")
    assert test.get("/v1/messages").body["total"] == 0
