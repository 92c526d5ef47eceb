"""A batch of ten thousand is taken whole; one more is refused; a bad number is refused alone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.conftest import NewAccount
from tests.stand_ins.running import Stack

BULK = "/v1/messages/bulk"


def items(count: int) -> list[dict[str, str]]:
    return [{"to": f"+21261{n:07d}", "message": f"Bonjour {n}"} for n in range(count)]


def test_ten_thousand_are_taken_and_one_more_is_not(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account(credit="5000")
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    refused = customer.post(BULK, {"messages": items(10_001), "scheduled_at": later})
    assert refused.refusal == (400, "TOO_MANY_MESSAGES")
    assert customer.balance() == 5000
    answer = customer.post(BULK, {"messages": items(10_000), "scheduled_at": later})
    assert answer.status == 202
    body = answer.body
    assert (body["total"], body["accepted"], body["rejected"]) == (10_000, 10_000, 0)
    assert body["estimated_cost"]["mad"] == 2800
    ids = [item["id"] for item in body["messages"]]
    assert len(set(ids)) == 10_000
    assert [item["to"] for item in body["messages"]] == [item["to"] for item in items(10_000)]
    assert customer.is_owed_nothing_more() == 2200
    (counted,) = stack.rows(
        "SELECT count(*) AS rows, sum(price) AS price, count(DISTINCT charge_ref) AS charges"
        " FROM audit.message WHERE account_id = %s AND status = 'scheduled'",
        [customer.account_id],
    )
    assert counted == {"rows": 10_000, "price": Decimal(2800), "charges": 1}


def test_three_hundred_are_delivered(new_account: NewAccount, stack: Stack) -> None:
    customer = new_account(credit="100")
    sent = customer.post(BULK, {"messages": items(300)}).body
    last = sent["messages"][-1]["id"]
    customer.wait_for(last, seconds=40)
    for item in sent["messages"]:
        if item is not sent["messages"][-1]:
            customer.wait_for(item["id"], seconds=20)
    found = stack.rows(
        "SELECT status, count(*) AS rows FROM audit.message WHERE account_id = %s GROUP BY status",
        [customer.account_id],
    )
    assert found == [{"status": "delivered", "rows": 300}]
    assert customer.is_owed_nothing_more() == 16


def test_a_bad_number_is_refused_alone_or_with_all_by_wish(new_account: NewAccount) -> None:
    customer = new_account(credit="10")
    bulk = {"messages": [*items(1), {"to": "+2125", "message": "x"}, {"to": "+212600000000", "message": ""}]}
    refused = customer.post(BULK, bulk | {"atomic": True})
    assert refused.refusal == (400, "INVALID_PHONE")
    assert refused.error["param"] == "messages[1].to"
    assert customer.balance() == 10
    body = customer.post(BULK, bulk).body
    assert [(m["status"], m.get("error", {}).get("code")) for m in body["messages"]] == [
        ("queued", None),
        ("rejected", "INVALID_PHONE"),
        ("rejected", "MISSING_FIELD"),
    ]
    assert customer.balance() == Decimal("9.72")


def test_an_empty_batch_is_refused(new_account: NewAccount) -> None:
    customer = new_account()
    assert customer.post(BULK, {"messages": []}).refusal == (400, "MISSING_FIELD")


def test_a_body_beyond_its_size_is_refused(new_account: NewAccount) -> None:
    customer = new_account()
    assert customer.post("/v1/messages", b'{"a":"' + b"x" * 1_000_001 + b'"}').refusal == (
        413,
        "PAYLOAD_TOO_LARGE",
    )
