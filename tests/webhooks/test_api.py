"""`/v1/webhooks`: the shapes of documents A and B by the key's compat, refusals that move nothing, isolation,
rotation."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.ids import new_id, show
from accounts.models import AuditEntry
from tests.stand_ins import receiver
from tests.webhooks.api import URL, Api
from tests.webhooks.conftest import SECRET, Customer
from webhooks import deliver, signing
from webhooks.models import Endpoint


def test_document_a_creates_lists_changes_tests_and_deletes(customer: Customer) -> None:
    api = Api(customer, compat="smsmaroc")
    made = api.make(
        events=["message.sent", "message.delivered", "message.failed"], secret="whsec_keep_this_private"
    )
    created_at = made.pop("created_at")
    whk = made["id"]
    assert whk.startswith("whk_")
    assert made == {
        "id": whk,
        "url": URL,
        "events": ["message.sent", "message.delivered", "message.failed"],
        "secret": "whsec_keep_this_private",
        "active": True,
        "profile": "smsmaroc",
    }
    (row,) = api.get("webhooks")["data"]
    assert row == {
        "id": whk,
        "url": URL,
        "events": '["message.sent","message.delivered","message.failed"]',
        "profile": "smsmaroc",
        "active": 1,
        "disabled_reason": None,
        "failing_since": None,
        "last_triggered_at": None,
        "last_status": None,
        "created_at": created_at,
    }
    assert api.send("PATCH", f"webhooks/{whk}", {"events": ["message.*"]}) == (
        200,
        {"updated": True, "id": whk},
    )
    assert api.get("webhooks")["data"][0]["events"] == '["message.*"]'
    status, queued = api.send("POST", f"webhooks/{whk}/test", {})
    assert (status, queued["queued"], queued["id"]) == (200, True, whk)
    assert api.send("DELETE", f"webhooks/{whk}") == (200, {"deleted": True, "id": whk})
    assert [row["active"] for row in api.get("webhooks")["data"]] == [0]
    assert api.refused("POST", f"webhooks/{whk}/test") == (409, "INVALID_STATE", None)
    assert api.send("PATCH", f"webhooks/{whk}", {"active": True})[0] == 200
    assert [row["active"] for row in api.get("webhooks")["data"]] == [1]


def test_document_b_has_real_types_and_a_deleted_webhook_is_gone(customer: Customer) -> None:
    api = Api(customer, compat="envoisms")
    made = api.make()
    assert made["events"] == ["message.delivered", "message.failed", "message.expired", "verify.success"]
    assert made["profile"] == "envoisms"
    assert made["secret"].startswith("whsec_")
    (row,) = api.get("webhooks")["data"]
    assert (row["events"], row["active"]) == (made["events"], True)
    assert (row["last_triggered_at"], row["last_status"]) == (None, None)
    assert api.send("DELETE", f"webhooks/{made['id']}") == (200, {"deleted": True, "id": made["id"]})
    assert api.get("webhooks") == {"data": []}
    for method, path in (("POST", "/test"), ("PATCH", ""), ("DELETE", ""), ("GET", "")):
        body: object = {} if method != "GET" else None
        assert api.refused(method, f"webhooks/{made['id']}{path}", body) == (404, "NOT_FOUND", None)


@pytest.mark.parametrize(
    ("compat", "events", "profile"),
    [
        ("native", ["*"], "standard"),
        ("smsmaroc", ["message.delivered", "message.failed"], "smsmaroc"),
        (
            "smsprovider",
            ["message.sent", "message.delivered", "message.failed", "message.expired"],
            "smsprovider",
        ),
        ("prosendi", ["*"], "standard"),
    ],
)
def test_default_events_and_profile_follow_the_key(
    customer: Customer, compat: str, events: list[str], profile: str
) -> None:
    made = Api(customer, compat=compat).make()
    assert (made["events"], made["profile"]) == (events, profile)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "MISSING_FIELD", "url"),
        ({"url": ""}, "MISSING_FIELD", "url"),
        ({"url": 5}, "INVALID_FIELD", "url"),
        ({"url": "http://example.com/"}, "INVALID_FIELD", "url"),
        ({"url": "https://127.0.0.1/"}, "INVALID_FIELD", "url"),
        ({"url": "https://0x7f.1/"}, "INVALID_FIELD", "url"),
        ({"url": "https://localhost/"}, "INVALID_FIELD", "url"),
        ({"url": URL, "events": []}, "INVALID_FIELD", "events"),
        ({"url": URL, "events": "message.sent"}, "INVALID_FIELD", "events"),
        ({"url": URL, "events": ["message.sent", "message.read"]}, "INVALID_FIELD", "events[1]"),
        ({"url": URL, "secret": "short"}, "INVALID_FIELD", "secret"),
        ({"url": URL, "secret": "x" * 257}, "INVALID_FIELD", "secret"),
        ({"url": URL, "profile": "nonsense"}, "INVALID_FIELD", "profile"),
        ({"url": URL, "active": "yes"}, "INVALID_FIELD", "active"),
    ],
)
def test_a_refused_webhook_is_not_made(
    customer: Customer, settings: Any, body: dict[str, object], code: str, param: str
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert Api(customer).refused("POST", "webhooks", body) == (400, code, param)
    assert Endpoint.objects.filter(account=customer.account).count() == 0


def test_a_refused_change_changes_nothing(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    api = Api(customer)
    whk = api.make()["id"]
    before = api.get(f"webhooks/{whk}")
    body = {"active": False, "url": "https://10.0.0.1/"}
    assert api.refused("PATCH", f"webhooks/{whk}", body) == (400, "INVALID_FIELD", "url")
    assert api.get(f"webhooks/{whk}") == before


def test_another_accounts_webhook_answers_like_none(customers: Callable[[], Customer]) -> None:
    whk = Api(customers()).make()["id"]
    stranger = Api(customers())
    missing = show("endpoint", new_id())
    event = str(new_id())
    for method, path, body in [
        ("GET", "webhooks/{}", None),
        ("PATCH", "webhooks/{}", {"active": False}),
        ("DELETE", "webhooks/{}", None),
        ("POST", "webhooks/{}/test", {}),
        ("POST", "webhooks/{}/rotate", {}),
        ("POST", "webhooks/{}/replay", {"since": "2026-01-01T00:00:00Z"}),
        ("GET", "webhooks/{}/deliveries", None),
        ("GET", "webhooks/{}/deliveries/" + event, None),
        ("POST", "webhooks/{}/deliveries/" + event + "/replay", {}),
    ]:
        foreign = stranger.send(method, path.format(whk), body)
        nothing = stranger.send(method, path.format(missing), body)
        for _, answer in (foreign, nothing):
            answer["error"].pop("request_id", None)
        assert foreign == nothing
        assert (foreign[0], foreign[1]["error"]["code"]) == (404, "NOT_FOUND")
    assert stranger.get("webhooks") == {"data": []}
    assert Endpoint.objects.get(pk=whk.removeprefix("whk_")).active


def test_a_key_without_the_permission_may_nothing(customer: Customer) -> None:
    api = Api(customer, scopes=["send"])
    assert api.refused("GET", "webhooks")[:2] == (403, "FORBIDDEN")
    assert api.refused("POST", "webhooks", {"url": URL})[:2] == (403, "FORBIDDEN")


def test_what_is_done_to_a_webhook_is_in_the_audit_log_without_its_secret(customer: Customer) -> None:
    api = Api(customer, name="Production")
    made = api.make()
    api.send("PATCH", f"webhooks/{made['id']}", {"active": False})
    rotated = api.send("POST", f"webhooks/{made['id']}/rotate", {})[1]
    api.send("DELETE", f"webhooks/{made['id']}")
    entries = AuditEntry.objects.filter(account=customer.account, subject=made["id"]).order_by("id")
    assert [entry.action for entry in entries] == [
        "endpoint.created",
        "endpoint.changed",
        "endpoint.secret_rotated",
        "endpoint.deleted",
    ]
    assert {entry.actor for entry in entries} == {"api key Production"}
    told = json.dumps([entry.detail for entry in entries])
    assert made["secret"] not in told
    assert rotated["secret"] not in told


def test_a_test_event_arrives_whatever_was_subscribed_to(customer: Customer) -> None:
    with receiver.running() as there:
        api = Api(customer)
        made = api.make(url=there.url, events=["message.failed"], secret=SECRET)
        _, queued = api.send("POST", f"webhooks/{made['id']}/test", {})
        deliver.due()
    (request,) = there.requests
    body = json.loads(request.body)
    assert (body["event"], body["id"]) == ("message.test", queued["event_id"])
    digest = signing.body_signature(SECRET, request.body)
    assert request.headers["x-risala-signature"] == f"sha256={digest}"
    row = api.get(f"webhooks/{made['id']}")
    assert row["last_status"] == 200
    assert row["last_triggered_at"] is not None


def test_a_rotation_gives_a_new_secret_and_both_sign_for_a_day(customer: Customer) -> None:
    with receiver.running() as there:
        api = Api(customer)
        made = api.make(url=there.url)
        _, rotated = api.send("POST", f"webhooks/{made['id']}/rotate", {})
        until = datetime.fromisoformat(rotated["former_valid_until"])
        assert timedelta(hours=23, minutes=59) < until - datetime.now(UTC) <= timedelta(hours=24)
        api.send("POST", f"webhooks/{made['id']}/test", {})
        deliver.due()
    (request,) = there.requests
    assert request.headers["webhook-signature"].split(" ") == [
        signing.standard_signature(
            secret,
            event_id=request.headers["webhook-id"],
            timestamp=int(request.headers["webhook-timestamp"]),
            body=request.body,
        )
        for secret in (rotated["secret"], made["secret"])
    ]


def test_deleting_gives_up_what_was_owed_and_posts_nothing_more(customer: Customer) -> None:
    with receiver.running() as there:
        api = Api(customer)
        whk = api.make(url=there.url)["id"]
        customer.happen(3)
        api.send("DELETE", f"webhooks/{whk}")
        customer.happen()
        assert deliver.due() == 0
    states = [(row["state"], row["last_error"]) for row in api.get(f"webhooks/{whk}/deliveries")["data"]]
    assert states == [("dead", "The endpoint was deleted.")] * 3


def test_an_account_has_a_hundred_webhooks_at_most(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.endpoints.MOST_PER_ACCOUNT", 2)
    api = Api(customer)
    first = api.make()["id"]
    api.make()
    assert api.refused("POST", "webhooks", {"url": URL}) == (409, "INVALID_STATE", None)
    api.send("DELETE", f"webhooks/{first}")
    api.make()
