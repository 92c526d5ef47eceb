"""Document D: status, SIMs and the test of the gateway. Exact shapes; what is another account's does not exist."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts import ids
from accounts.models import Account
from messaging import connecting, sim_pool
from messaging.models import Message, Sim, SimUse, Status
from tests.dialects.conftest import NUMBER, Speakers

BODY = {"recipient": "+22370123456", "message": "Hello World"}
AT = datetime(2025, 10, 30, 14, 30, tzinfo=UTC)
TIME = "2025-10-30T14:30:00.000000Z"
pytestmark = pytest.mark.django_db
WORDS = [
    (Status.QUEUED, 10, {}, "pending"),
    (Status.UNCERTAIN, 25, {}, "sent"),
    (Status.SENT, 30, {"sent_at": AT}, "sent"),
    (Status.DELIVERED, 90, {"sent_at": AT, "delivered_at": AT, "final_at": AT}, "delivered"),
    (Status.UNDELIVERABLE, 90, {"final_at": AT, "error_code": "UNREACHABLE"}, "failed"),
    (Status.EXPIRED, 90, {"final_at": AT, "error_code": "NO_DLR"}, "failed"),
    (Status.FAILED, 90, {"final_at": AT, "error_code": "CARRIER_REFUSED"}, "failed"),
    (Status.CANCELLED, 90, {"final_at": AT, "error_code": "CANCELLED"}, "cancelled"),
]


@pytest.mark.parametrize(("status", "rank", "more", "word"), WORDS)
def test_status_in_the_document_s_words(
    speaker: Speakers, sim: Sim, status: Status, rank: int, more: dict[str, Any], word: str
) -> None:
    asking = speaker()
    sms_id = asking.post("/api/sms/send", BODY).body["data"]["sms_id"]
    Message.objects.filter(pk=sms_id).update(status=status, rank=rank, attempts=1, **more)
    told = asking.get(f"/api/sms/status/{sms_id}")
    assert (told.status, set(told.body)) == (200, {"success", "data"})
    reason = told.body["data"].pop("failure_reason")
    assert (reason is not None) == (word == "failed")
    assert told.body["data"] == {
        "sms_id": sms_id,
        "recipient": "+22370123456",
        "sender": NUMBER,
        "message": "Hello World",
        "status": word,
        "status_label": word.capitalize(),
        "sent_at": TIME if "sent_at" in more else None,
        "delivered_at": TIME if word == "delivered" else None,
        "failed_at": TIME if word == "failed" else None,
        "cost": 0.77,
        "retry_count": 0,
        "sim_number": NUMBER,
    }


def test_a_foreign_message_is_unknown(speaker: Speakers, sim: Sim) -> None:
    sms_id = speaker().post("/api/sms/send", BODY).body["data"]["sms_id"]
    other = Account.objects.create(name="Other", callback_secret=b"sealed")
    asking = speaker(account=other)
    told = [asking.get(f"/api/sms/status/{wished}").body for wished in (sms_id, str(uuid4()), "uuid-here")]
    assert told == [{"success": False, "message": told[0]["message"], "error": "not_found", "data": {}}] * 3
    assert speaker(mode="test").get(f"/api/sms/status/{sms_id}").status == 404


def test_the_documented_sims(speaker: Speakers, sim: Sim, account: Account) -> None:
    sim_pool.change(sim, {"account": account}, actor="test")
    asking = speaker()
    failing, _ = (asking.post("/api/sms/send", BODY).body["data"]["sms_id"] for _ in range(2))
    Message.objects.filter(pk=failing).update(status="failed", rank=90, final_at=AT)
    assert asking.get("/api/sms/sims/available").body == {
        "success": True,
        "data": {
            "assigned_sim": {
                "id": sim.id,
                "number": NUMBER,
                "name": "Orange Mali SIM",
                "operator": "Orange",
                "can_send_sms": True,
            },
            "available_sims": [
                {
                    "id": sim.id,
                    "number": NUMBER,
                    "name": "Orange Mali SIM",
                    "operator": "Orange",
                    "port": 8,
                    "slot": 2,
                    "is_default": True,
                    "balance": 0,
                    "daily_limit": 100,
                    "monthly_limit": 3000,
                    "usage_stats": {"today_sent": 1, "today_failed": 1, "this_month_sent": 2},
                    "can_send_sms": True,
                    "assigned_to": "Orange Mali",
                }
            ],
            "total_available": 1,
        },
    }


def test_sims_of_others_are_not_shown(speaker: Speakers, sim: Sim) -> None:
    other = Account.objects.create(name="Other", callback_secret=b"sealed")
    sim_pool.add("+22366600002", {"carrier": "simulator", "account": other}, actor="test")
    data = speaker().get("/api/sms/sims/available").body["data"]
    assert ([shown["number"] for shown in data["available_sims"]], data["assigned_sim"]) == ([NUMBER], None)
    assert data["available_sims"][0]["assigned_to"] is None


def test_a_full_sim_and_one_of_a_paused_carrier_cannot_send(speaker: Speakers, sim: Sim) -> None:
    connecting.connect("gateway", kind="simulator", values={}, actor="test")
    connecting.switch("gateway", enabled=False, actor="test")
    sim_pool.add("+22366600003", {"carrier": "gateway"}, actor="test")
    sim_pool.change(sim, {"daily_limit": 0}, actor="test")
    shown = speaker().get("/api/sms/sims/available").body["data"]["available_sims"]
    assert [one["can_send_sms"] for one in shown] == [False, False]


def test_counters_begin_anew_with_the_day_and_the_month(speaker: Speakers, sim: Sim) -> None:
    sim_pool.change(sim, {"daily_limit": 1}, actor="test")
    today = datetime.now(UTC).date()
    first = today.replace(day=1)
    before = first if today != first else today - timedelta(days=1)
    Sim.objects.update(used_on=before, used_today=1, used_this_month=7)
    assert speaker().post("/api/sms/send", BODY).status == 200
    sim.refresh_from_db()
    same_month = (before.year, before.month) == (today.year, today.month)
    assert (sim.used_on, sim.used_today, sim.used_this_month) == (today, 1, 8 if same_month else 1)


def test_the_gateway_is_tested_by_keys_that_may(speaker: Speakers, sim: Sim) -> None:
    told = speaker(scopes=["send", "admin:gateway"]).get("/api/sms/test-connection")
    assert (told.status, told.body) == (
        200,
        {
            "success": True,
            "message": "Connexion 1SIMPLE1 réussie",
            "data": {"result": "success"},
            "status_code": 200,
        },
    )
    refused = speaker().get("/api/sms/test-connection")
    assert (refused.status, refused.body["error"]) == (403, "forbidden")


def test_a_gateway_that_does_not_answer_is_told(speaker: Speakers, sim: Sim) -> None:
    values = {"api_key": "k", "base_url": "http://127.0.0.1:9"}
    connecting.connect("gateway", kind="sms_to", values=values, actor="test")
    sim_pool.change(sim, {"carrier": "gateway"}, actor="test")
    told = speaker(scopes=["admin:gateway"]).get("/api/sms/test-connection")
    assert (told.status, told.body["success"], told.body["status_code"]) == (503, False, 503)
    assert (told.body["error"], told.body["data"]["result"]) == ("gateway_unavailable", "failed")


def test_uses_are_noted_with_the_message(speaker: Speakers, sim: Sim) -> None:
    sms_id = speaker().post("/api/sms/send", BODY).body["data"]["sms_id"]
    use = SimUse.objects.get()
    assert (use.message_id, use.sim_id) == (ids.read("message", sms_id), sim.id)
