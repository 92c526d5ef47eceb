"""P8, afterwards: the log of deliveries, and posting again whatever happened in the last thirty days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.ids import new_id, show
from tests.stand_ins import receiver
from tests.webhooks.api import Api
from tests.webhooks.conftest import Customer
from webhooks import deliver
from webhooks.models import Delivery, Endpoint, Event


def test_the_log_lists_deliveries_with_their_attempts(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_SCHEDULE = (0, 0)
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        api = Api(customer)
        whk = api.make(url=there.url)["id"]
        (message_id,) = customer.happen()
        deliver.due()
        there.answer(receiver.OK)
        customer.happen(2)
        deliver.due()
    listed = api.get(f"webhooks/{whk}/deliveries")
    assert [row["state"] for row in listed["data"]] == ["done", "done", "dead"]
    assert (listed["total"], listed["next_cursor"]) == (3, None)
    dead = api.get(f"webhooks/{whk}/deliveries?state=dead")["data"]
    assert dead == listed["data"][2:]
    assert (dead[0]["event"], dead[0]["message_id"]) == ("message.delivered", show("message", message_id))
    assert (dead[0]["attempts"], dead[0]["last_status"], dead[0]["next_at"]) == (2, 500, None)
    detail = api.get(f"webhooks/{whk}/deliveries/{dead[0]['event_id']}")
    assert [(one["number"], one["status"], one["answer"]) for one in detail["attempt_log"]] == [
        (1, 500, "broken"),
        (2, 500, "broken"),
    ]
    first = api.get(f"webhooks/{whk}/deliveries?limit=2")
    second = api.get(f"webhooks/{whk}/deliveries?limit=2&cursor={first['next_cursor']}")
    assert first["data"] + second["data"] == listed["data"]
    assert api.refused("GET", f"webhooks/{whk}/deliveries?state=odd") == (400, "INVALID_FIELD", "state")


def test_one_event_is_replayed_under_its_own_id_and_counts_on(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_SCHEDULE = (0, 0)
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        api = Api(customer)
        whk = api.make(url=there.url)["id"]
        customer.happen()
        deliver.due()
        (row,) = api.get(f"webhooks/{whk}/deliveries")["data"]
        there.answer(receiver.OK)
        customer.hurry(Endpoint.objects.get(account=customer.account))
        path = f"webhooks/{whk}/deliveries/{row['event_id']}"
        status, answer = api.send("POST", f"{path}/replay", {})
        assert (status, answer) == (200, {"queued": True, "id": whk, "event_id": row["event_id"]})
        assert deliver.due() == 1
    assert len({request.headers["webhook-id"] for request in there.requests}) == 1
    assert len({request.body for request in there.requests}) == 1
    detail = api.get(path)
    assert (detail["state"], detail["attempts"], detail["last_status"]) == ("done", 1, 200)
    assert [(one["number"], one["status"]) for one in detail["attempt_log"]] == [(1, 500), (2, 500), (3, 200)]


def test_replay_since_reaches_what_happened_while_the_webhook_was_off(customer: Customer) -> None:
    with receiver.running() as there:
        api = Api(customer)
        whk = api.make(url=there.url)["id"]
        customer.happen(3)
        deliver.due()
        api.send("PATCH", f"webhooks/{whk}", {"active": False})
        customer.happen(2)
        since = {"since": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
        assert api.refused("POST", f"webhooks/{whk}/replay", since) == (409, "INVALID_STATE", None)
        api.send("PATCH", f"webhooks/{whk}", {"active": True})
        status, answer = api.send("POST", f"webhooks/{whk}/replay", since)
        assert (status, answer) == (200, {"queued": 5, "id": whk, "next_since": None})
        assert deliver.due() == 5
    ids = [request.headers["webhook-id"] for request in there.requests]
    assert len(ids) == 8
    assert set(ids[3:]) == set(
        map(str, Event.objects.filter(account=customer.account).values_list("id", flat=True))
    )


def test_replay_posts_only_what_the_webhook_subscribes_to_and_only_the_last_thirty_days(
    customer: Customer,
) -> None:
    api = Api(customer)
    whk = api.make(events=["message.failed"])["id"]
    customer.happen(2)
    old = {"since": "2020-01-01T00:00:00Z"}
    assert api.send("POST", f"webhooks/{whk}/replay", old)[1]["queued"] == 0
    api.send("PATCH", f"webhooks/{whk}", {"events": ["message.delivered"]})
    assert api.send("POST", f"webhooks/{whk}/replay", old)[1]["queued"] == 2
    assert api.send("POST", f"webhooks/{whk}/replay", old)[1]["queued"] == 0
    for body, code in (({}, "MISSING_FIELD"), ({"since": "yesterday"}, "INVALID_FIELD")):
        assert api.refused("POST", f"webhooks/{whk}/replay", body) == (400, code, "since")
    future = {"since": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    assert api.refused("POST", f"webhooks/{whk}/replay", future) == (400, "INVALID_FIELD", "since")
    assert (
        api.refused("POST", f"webhooks/{whk}/replay", {"since": "2026-01-01T00:00:00"})[1] == "INVALID_FIELD"
    )


def test_an_event_of_another_account_cannot_be_replayed_to_oneself(customers: Callable[[], Customer]) -> None:
    one, other = customers(), customers()
    other.happen()
    theirs = Event.objects.get(account=other.account)
    api = Api(one)
    whk = api.make()["id"]
    for event_id in (theirs.id, new_id()):
        path = f"webhooks/{whk}/deliveries/{event_id}"
        assert api.refused("POST", f"{path}/replay", {}) == (404, "NOT_FOUND", None)
        assert api.refused("GET", path) == (404, "NOT_FOUND", None)
    assert Delivery.objects.filter(endpoint__account=one.account).count() == 0


def test_a_replay_of_very_many_events_says_where_to_go_on(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.replay.MOST_EVENTS", 3)
    api = Api(customer)
    whk = api.make()["id"]
    api.send("PATCH", f"webhooks/{whk}", {"active": False})
    for _ in range(7):
        customer.happen()
    api.send("PATCH", f"webhooks/{whk}", {"active": True})
    since, rounds = "2020-01-01T00:00:00Z", 0
    while since:
        status, answer = api.send("POST", f"webhooks/{whk}/replay", {"since": since})
        assert (status, answer["queued"] <= 3) == (200, True)
        since, rounds = answer["next_since"], rounds + 1
    assert rounds == 3
    assert api.get(f"webhooks/{whk}/deliveries")["total"] == 7
