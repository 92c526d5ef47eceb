"""Document D: sending. Exact shapes, the number rule, limits of SIMs and quotas; after a refusal nothing has moved."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from accounts.models import Account
from billing import quotas
from billing.models import Entry, Ledger
from messaging import sim_pool, sims, soon
from messaging.dialects.prosendi import sending
from messaging.models import Batch, Message, QueueRow, Sim, SimUse
from tests.dialects.conftest import NUMBER, Speakers

SEND, BULK = "/api/sms/send", "/api/sms/send-bulk"
BODY = {"recipient": "+22370123456", "message": "Hello World"}
pytestmark = pytest.mark.django_db


def nothing_moved(account: Account) -> bool:
    """No message, no charge beyond the opening, no use of a SIM."""
    used = sum(Sim.objects.values_list("used_today", flat=True))
    return (
        Message.objects.count(),
        QueueRow.objects.count(),
        SimUse.objects.count(),
        used,
        Entry.objects.filter(account_id=account.id).count(),
        Ledger.objects.get(pk=account.id).balance,
    ) == (0, 0, 0, 0, 1, Decimal("100"))


def test_the_documented_send(speaker: Speakers, sim: Sim, account: Account) -> None:
    told = speaker().post(SEND, {**BODY, "sim_number_id": sim.id, "campaign_id": 5})
    assert told.status == 200
    assert set(told.body) == {"success", "message", "data"}
    data = told.body["data"]
    assert set(data) == {"sms_id", "task_id", "sim_number", "recipient", "status"}
    assert (told.body["success"], data["recipient"], data["sim_number"]) == (True, "+22370123456", NUMBER)
    assert data["status"] == "pending"  # nobody is at work here
    assert data["task_id"].isdigit()
    message = Message.objects.get(pk=UUID(data["sms_id"]))
    assert (message.sender, message.carrier_id, message.price) == (NUMBER, sim.carrier_id, Decimal("0.77"))
    assert message.metadata == {"sim_id": sim.id, "sim_port": 8, "sim_slot": 2, "campaign_id": 5}
    sim.refresh_from_db()
    assert (sim.used_today, sim.used_this_month) == (1, 1)
    assert SimUse.objects.get().message_id == message.id
    assert Ledger.objects.get(pk=account.id).balance == Decimal("99.23")


@pytest.mark.parametrize(
    "written", ["+22370123456", "22370987654", "70123456", "70987654", "+223 70 12 34 56", "60123456"]
)
def test_numbers_the_rule_takes(speaker: Speakers, sim: Sim, written: str) -> None:
    told = speaker().post(SEND, {"recipient": written, "message": "x"})
    digits = written.replace(" ", "").removeprefix("+").removeprefix("223")
    assert (told.status, told.body["data"]["recipient"]) == (200, "+223" + digits)


@pytest.mark.parametrize("mode", ["live", "test"])
@pytest.mark.parametrize(
    "written",
    ["223701234567", "2631234567", "22350123456", "7012345", "701234567", "0022370123456", "+212612345678", "7O123456",
     "٧٠١٢٣٤٥٦"],
)  # fmt: skip
def test_numbers_the_rule_refuses(
    speaker: Speakers, sim: Sim, account: Account, written: str, mode: str
) -> None:
    told = speaker(mode=mode).post(SEND, {"recipient": written, "message": "x"})
    assert (told.status, told.body["error"], told.body["data"]) == (400, "invalid_request", {})
    assert nothing_moved(account)


@pytest.mark.parametrize(
    "change",
    [
        {"message": None},
        {"message": ""},
        {"message": " \n"},
        {"message": 5},
        {"recipient": None},
        {"recipient": 70123456},
        {"sim_number_id": "one"},
        {"sim_number_id": True},
        {"sim_number_id": -1},
        {"campaign_id": 1.5},
        {"message": "x" * 1601},
    ],
)
def test_bad_fields_are_invalid_requests(
    speaker: Speakers, sim: Sim, account: Account, change: dict[str, Any]
) -> None:
    told = speaker().post(SEND, BODY | change)
    assert (told.status, told.body["error"]) == (400, "invalid_request")
    assert set(told.body) == {"success", "message", "error", "data"}
    assert nothing_moved(account)


def test_1600_characters_are_taken(speaker: Speakers, sim: Sim) -> None:
    told = speaker().post(SEND, BODY | {"message": "x" * 1600})
    assert told.status == 200
    assert Message.objects.get().segments == 11


def test_a_daily_limit_holds_at_its_edge(speaker: Speakers, sim: Sim, account: Account) -> None:
    sim_pool.change(sim, {"daily_limit": 2}, actor="test")
    asking = speaker()
    assert [asking.post(SEND, BODY).status for _ in range(2)] == [200, 200]
    refused = asking.post(SEND, BODY)
    assert (refused.status, refused.body["error"]) == (400, "sim_unavailable")
    assert refused.body == {
        "success": False,
        "message": "No available SIM for sending",
        "error": "sim_unavailable",
        "data": {},
    }
    sim.refresh_from_db()
    assert (Message.objects.count(), sim.used_today, SimUse.objects.count()) == (2, 2, 2)
    assert Ledger.objects.get(pk=account.id).balance == Decimal("98.46")


def test_a_monthly_limit_holds(speaker: Speakers, sim: Sim) -> None:
    sim_pool.change(sim, {"monthly_limit": 1, "daily_limit": None}, actor="test")
    asking = speaker()
    assert asking.post(SEND, BODY).status == 200
    assert asking.post(SEND, BODY).body["error"] == "sim_unavailable"


def test_without_a_sim_nothing_is_sent(speaker: Speakers, account: Account) -> None:
    told = speaker().post(SEND, BODY)
    assert (told.status, told.body["error"]) == (400, "sim_unavailable")
    assert nothing_moved(account)


def test_a_full_sim_gives_way_to_the_next(speaker: Speakers, sim: Sim, account: Account) -> None:
    own = sim_pool.add(
        "+22366600001", {"carrier": "simulator", "account": account, "daily_limit": 1}, actor="test"
    )
    asking = speaker()
    numbers = [asking.post(SEND, BODY).body["data"]["sim_number"] for _ in range(2)]
    assert numbers == [own.number, sim.number]
    named = asking.post(SEND, BODY | {"sim_number_id": own.id})
    assert named.body["error"] == "sim_unavailable"


@pytest.mark.parametrize("what", ["foreign", "unknown", "disabled"])
def test_a_sim_that_is_not_ours_does_not_exist(
    speaker: Speakers, sim: Sim, account: Account, what: str
) -> None:
    other = Account.objects.create(name="Other", callback_secret=b"sealed")
    foreign = sim_pool.add("+22366600002", {"carrier": "simulator", "account": other}, actor="test")
    disabled = sim_pool.add("+22366600003", {"carrier": "simulator", "enabled": False}, actor="test")
    wished = {"foreign": foreign.id, "unknown": 9999, "disabled": disabled.id}[what]
    told = speaker().post(SEND, BODY | {"sim_number_id": wished})
    assert (told.status, told.body["error"], told.body["message"]) == (400, "sim_unavailable", sims.NO_SIM)
    assert nothing_moved(account)


def test_test_keys_send_without_a_pool_and_use_none_of_it(speaker: Speakers, account: Account) -> None:
    asking = speaker(mode="test")
    told = asking.post(SEND, {**BODY, "sim_number_id": 1, "campaign_id": 5})
    assert (told.status, told.body["data"]["sim_number"]) == (200, NUMBER)
    sim = sim_pool.add(NUMBER, {"carrier": "simulator", "daily_limit": 0}, actor="test")
    assert asking.post(SEND, BODY | {"sim_number_id": sim.id}).status == 200
    sim.refresh_from_db()
    assert (sim.used_today, Ledger.objects.get(pk=account.id).balance) == (0, Decimal("100"))


def test_a_quota_composes_with_money(speaker: Speakers, sim: Sim, account: Account) -> None:
    quotas.set_monthly(account.id, 2, actor="test")
    asking = speaker()
    assert [asking.post(SEND, BODY).status for _ in range(2)] == [200, 200]
    refused = asking.post(SEND, BODY)
    assert (refused.status, refused.body) == (
        429,
        {
            "success": False,
            "message": "Quota exceeded",
            "error": "quota_exceeded",
            "data": {
                "service_type": "sms",
                "requested": 1,
                "remaining": 0,
                "total_quota": 2,
                "usage_percentage": 100.0,
            },
        },
    )
    sim.refresh_from_db()
    assert (Message.objects.count(), sim.used_today) == (2, 2)


def test_a_bulk_beyond_the_quota_is_refused_whole(speaker: Speakers, sim: Sim, account: Account) -> None:
    quotas.set_monthly(account.id, 2, actor="test")
    told = speaker().post(BULK, {"messages": [BODY] * 3})
    assert (told.status, told.body["data"]["requested"], told.body["data"]["remaining"]) == (429, 3, 2)
    assert nothing_moved(account)


def test_a_short_balance_says_how_many_it_pays_for(speaker: Speakers, sim: Sim, account: Account) -> None:
    sim_pool.change(sim, {"daily_limit": None}, actor="test")
    told = speaker().post(BULK, {"messages": [BODY] * 100 + [BODY | {"message": "x" * 1600}] * 5})
    assert (told.status, told.body["error"]) == (429, "quota_exceeded")
    assert told.body["data"] == {
        "service_type": "sms",
        "requested": 105,
        "remaining": 129,
        "total_quota": 129,
        "usage_percentage": 100.0,
    }
    assert nothing_moved(account)


def test_the_documented_bulk(speaker: Speakers, sim: Sim) -> None:
    messages = [
        {"recipient": "+22370123456", "message": "Message 1"},
        {"recipient": "+22370987654", "message": "Message 2"},
    ]
    told = speaker().post(BULK, {"messages": messages, "sim_number_id": sim.id, "campaign_id": 5})
    assert (told.status, told.body["message"]) == (200, "Envoi terminé: 2 succès, 0 échecs")
    assert (told.body["success"], told.body["summary"]) == (True, {"total": 2, "success": 2, "failed": 0})
    assert set(told.body) == {"success", "message", "summary", "results"}
    for result, sent in zip(told.body["results"], messages, strict=True):
        assert set(result) == {"recipient", "success", "sms_id", "task_id", "sim_number"}
        assert (result["recipient"], result["success"], result["sim_number"]) == (
            sent["recipient"],
            True,
            NUMBER,
        )
        assert Message.objects.get(pk=UUID(result["sms_id"])).text == sent["message"]


def test_a_bad_item_is_refused_alone_in_its_place(speaker: Speakers, sim: Sim, account: Account) -> None:
    sim_pool.change(sim, {"daily_limit": 3}, actor="test")
    messages = [
        BODY,
        {"recipient": "123", "message": "x"},
        BODY | {"message": "x" * 1601},
        {"recipient": "70123457", "message": "y"},
    ]
    told = speaker().post(BULK, {"messages": messages})
    assert told.body["message"] == "Envoi terminé: 2 succès, 2 échecs"
    results = told.body["results"]
    assert [result["success"] for result in results] == [True, False, False, True]
    assert [result.get("error") for result in results] == [None, "invalid_request", "invalid_request", None]
    assert [result["recipient"] for result in results] == [
        "+22370123456",
        "123",
        "+22370123456",
        "+22370123457",
    ]
    sim.refresh_from_db()
    assert sim.used_today == 2
    batch = Batch.objects.get()
    assert (batch.total, batch.accepted, [item["index"] for item in batch.rejected]) == (4, 2, [1, 2])


def test_a_bulk_fills_the_pool_and_says_what_did_not_fit(speaker: Speakers, sim: Sim) -> None:
    sim_pool.change(sim, {"daily_limit": 2}, actor="test")
    second = sim_pool.add("+22366600001", {"carrier": "simulator", "daily_limit": 1}, actor="test")
    told = speaker().post(BULK, {"messages": [BODY] * 4})
    results = told.body["results"]
    assert [result["sim_number"] for result in results] == [NUMBER, NUMBER, second.number, None]
    assert (results[3]["error"], told.body["summary"]["failed"]) == ("sim_unavailable", 1)
    assert speaker().post(BULK, {"messages": [BODY] * 2}).body["error"] == "sim_unavailable"


@pytest.mark.parametrize(("count", "status"), [(1000, 200), (1001, 400), (0, 400)])
def test_a_bulk_has_a_thousand_items(speaker: Speakers, count: int, status: int) -> None:
    told = speaker(mode="test").post(BULK, {"messages": [BODY] * count})
    assert (told.status, Message.objects.count()) == (status, count if status == 200 else 0)


@pytest.mark.parametrize("messages", [None, "x", {}, ["x"], [None]])
def test_a_bulk_is_a_list_of_objects(speaker: Speakers, messages: object) -> None:
    told = speaker(mode="test").post(BULK, {"messages": messages})
    assert (told.status, told.body["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(("path", "body"), [(SEND, BODY), (BULK, {"messages": [BODY, {"recipient": "1"}]})])
def test_a_repeated_key_gets_the_same_answer(
    speaker: Speakers, sim: Sim, path: str, body: dict[str, Any]
) -> None:
    sim_pool.change(sim, {"daily_limit": 1}, actor="test")
    asking = speaker()
    first = asking.post(path, body, idempotency_key="k1")
    again = asking.post(path, body, idempotency_key="k1")
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = asking.post(path, body | {"campaign_id": 9}, idempotency_key="k1")
    assert (other.status, other.body["error"]) == (409, "idempotency_conflict")
    sim.refresh_from_db()
    assert (Message.objects.count(), sim.used_today) == (1, 1)


def test_a_refused_key_works_when_the_reason_is_gone(speaker: Speakers, sim: Sim) -> None:
    sim_pool.change(sim, {"daily_limit": 0}, actor="test")
    asking = speaker()
    assert asking.post(SEND, BODY, idempotency_key="k2").body["error"] == "sim_unavailable"
    sim_pool.change(sim, {"daily_limit": 1}, actor="test")
    assert asking.post(SEND, BODY, idempotency_key="k2").status == 200


def test_an_answer_lost_in_a_crash_is_found_by_the_key(
    speaker: Speakers, sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the message is accepted and before its answer is: the repeat waits, then tells what came of it."""
    asking = speaker()

    def die(message_id: UUID, *, seconds: float) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(soon, "wait", die)
        lost = asking.post(SEND, BODY, idempotency_key="k3")
    assert (lost.status, lost.body["error"]) == (500, "internal_error")
    early = asking.post(SEND, BODY, idempotency_key="k3")
    assert (early.status, early.body["error"], early.headers["Retry-After"]) == (
        409,
        "idempotency_in_progress",
        "1",
    )
    failed = {"status": "failed", "rank": 90, "final_at": datetime.now(UTC), "error_code": "CARRIER_REFUSED"}
    Message.objects.update(**failed)
    monkeypatch.setattr(sending, "DECIDED_SECONDS", 0.0)
    told = [asking.post(SEND, BODY, idempotency_key="k3") for _ in range(2)]
    assert (told[0].status, told[1].status, told[1].body) == (200, 200, told[0].body)
    assert (told[0].body["success"], told[0].body["error"]) == (False, "sending_failed")
    assert (told[0].body["data"]["status"], Message.objects.count()) == ("failed", 1)


def test_other_addresses_under_api_are_never_pages(speaker: Speakers) -> None:
    for path in ("/api", "/api/", "/api/nothing"):
        told = speaker(mode="test").get(path)
        assert (told.status, told.body["error"]["code"]) == (404, "NOT_FOUND")


def test_large_bulks_are_read(speaker: Speakers) -> None:
    told = speaker(mode="test").post(BULK, {"messages": [BODY | {"message": "x" * 1600}] * 700})
    assert (told.status, told.body["summary"]["success"]) == (200, 700)
