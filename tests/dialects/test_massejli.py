"""Document E: sending, history, prices and the index; integer ids, times of the account's zone, every error."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Account
from billing import ledger
from billing.models import Entry, Ledger
from contacts import optouts
from messaging import routing, serials
from messaging.models import Message, SerialCounter, Status, UnknownPath
from tests.dialects.conftest import Speaker, Speakers

SEND, BULK = "/api/v1/send", "/api/v1/send-bulk"
BODY = {"to": "+961123456789", "message": "Hello"}
LIVE = {"to": "+96171123456", "message": "Hello"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _routed(db: None) -> None:
    routing.add(carrier="simulator", prefix="", channel="sms", priority=1, actor="test")


def test_the_documented_send(speaker: Speakers, account: Account) -> None:
    told = speaker().post(SEND, LIVE)
    assert (told.status, told.body["success"], told.body["message"]) == (201, True, "SMS sent successfully")
    data = told.body["data"]
    assert (data["message_id"], data["cost"], data["balance"]) == (1, 0.77, 99.23)
    assert type(data["message_id"]) is int
    message = Message.objects.get()
    assert (message.to, message.sender, message.price) == ("+96171123456", "RISALA", Decimal("0.77"))
    assert Ledger.objects.get(pk=account.id).balance == Decimal("99.23")


def test_a_test_key_sends_the_printed_number(speaker: Speakers) -> None:
    data = speaker(mode="test").post(SEND, BODY).body["data"]
    assert (data["to"], data["cost"], data["balance"]) == ("+961123456789", 0, 100)


def test_ids_count_up_in_each_account_alone(speaker: Speakers, account: Account) -> None:
    other = Account.objects.create(name="Other", callback_secret=b"sealed", country="LB")
    ledger.open(other.id, "MAD")
    first, second = speaker(mode="test"), speaker(mode="test", account=other)
    seen = [asking.post(SEND, BODY).body["data"]["message_id"] for asking in (first, second, first, second)]
    assert seen == [1, 1, 2, 2]
    bulk = first.post(BULK, {"recipients": [BODY["to"]] * 3, "message": "x"}).body["data"]
    assert [one["message_id"] for one in bulk["messages"]] == [3, 4, 5]


@pytest.mark.parametrize(
    ("kind", "text", "shown"), [(1, "Hello", 1), (1, "مرحبا", 2), (4, "مرحبا", 2), ("2", "Hi", 1)]
)
def test_the_kind_of_text_is_a_hint(speaker: Speakers, kind: object, text: str, shown: int) -> None:
    data = speaker(mode="test").post(SEND, BODY | {"message": text, "message_type": kind}).body["data"]
    assert data["message_type"] == shown
    assert Message.objects.get().encoding == ("gsm7" if shown == 1 else "ucs2")


def test_a_schedule_is_meant_in_the_account_s_zone(speaker: Speakers, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(time_zone="Asia/Beirut")
    local = (datetime.now(ZoneInfo("Asia/Beirut")) + timedelta(days=2)).replace(microsecond=0)
    written = local.strftime("%Y-%m-%d %H:%M:%S")
    data = speaker(mode="test").post(SEND, BODY | {"schedule_time": written}).body["data"]
    assert (data["schedule_time"], data["status"]) == (written, "pending")
    assert Message.objects.get().scheduled_at == local.astimezone(UTC)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": None}, "missing_field"),
        ({"message": ""}, "missing_field"),
        ({"to": "123"}, "invalid_phone_number"),
        ({"sender_id": "TwelveLetter"}, "invalid_field"),
        ({"sender_id": "1234567890123"}, "invalid_field"),
        ({"sender_id": "é!"}, "invalid_field"),
        ({"sender_id": "Orange"}, "sender_not_approved"),
        ({"message_type": 3}, "invalid_field"),
        ({"schedule_time": "2026-05-15T10:30:00Z"}, "invalid_field"),
        ({"schedule_time": "2026-13-15 10:30:00"}, "invalid_field"),
        ({"message": "x" * 1601}, "message_too_long"),
        ({"to": "+33612345678"}, "country_not_allowed"),
    ],
)
def test_bad_fields_are_400(speaker: Speakers, account: Account, change: dict[str, Any], code: str) -> None:
    told = speaker().post(SEND, LIVE | change)
    assert (told.status, told.body["error"]["code"]) == (400, code)
    assert set(told.body) == {"success", "message", "error"}
    assert told.body["error"]["message"] == told.body["message"]
    assert (Message.objects.count(), Entry.objects.filter(account=account).count()) == (0, 1)


def test_edges_are_taken(speaker: Speakers) -> None:
    told = speaker().post(SEND, LIVE | {"sender_id": "ElevenChars", "message": "x" * 1600})
    assert (told.status, told.body["data"]["sender_id"], told.body["data"]["segments"]) == (
        201,
        "ElevenChars",
        11,
    )


def test_a_short_balance_is_400(speaker: Speakers, account: Account) -> None:
    told = speaker().post(BULK, {"recipients": [LIVE["to"]] * 130, "message": "x"})
    assert (told.status, told.body) == (
        400,
        {
            "success": False,
            "message": "Insufficient balance",
            "error": {"code": "insufficient_balance", "message": "Insufficient balance"},
        },
    )
    assert (Message.objects.count(), Ledger.objects.get(pk=account.id).balance) == (0, Decimal("100"))


def test_a_recipient_who_opted_out_is_400(speaker: Speakers, account: Account) -> None:
    optouts.add(account.id, LIVE["to"], source="api")
    told = speaker().post(SEND, LIVE)
    assert (told.status, told.body["error"]["code"]) == (400, "opted_out")


def test_bulk_refuses_a_bad_number_alone(speaker: Speakers) -> None:
    told = speaker().post(BULK, {"recipients": [LIVE["to"], "123", "+96171123457"], "message": "x"})
    data = told.body["data"]
    assert (told.status, data["total"], data["sent"], data["failed"], data["cost"]) == (201, 3, 2, 1, 1.54)
    assert [one["to"] for one in data["messages"]] == [LIVE["to"], "+96171123457"]
    assert [(one["index"], one["to"], one["error"]["code"]) for one in data["errors"]] == [
        (1, "123", "invalid_phone_number")
    ]


@pytest.mark.parametrize(("count", "status"), [(1000, 201), (1001, 400), (0, 400)])
def test_bulk_takes_a_thousand(speaker: Speakers, count: int, status: int) -> None:
    body = {"recipients": [BODY["to"]] * count, "message": "x"}
    told = speaker(mode="test").post(BULK, body)
    assert (told.status, Message.objects.count()) == (status, count if status == 201 else 0)
    if count > 1000:
        assert told.body["error"]["code"] == "too_many_recipients"


@pytest.mark.parametrize(
    ("path", "body"), [(SEND, LIVE), (BULK, {"recipients": ["1", LIVE["to"]], "message": "x"})]
)
def test_a_repeated_key_gets_the_same_answer(speaker: Speakers, path: str, body: dict[str, Any]) -> None:
    asking = speaker()
    first = asking.post(path, body, idempotency_key="k")
    again = asking.post(path, body, idempotency_key="k")
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert (again.headers["Idempotent-Replayed"], Message.objects.count()) == ("true", 1)
    other = asking.post(path, body | {"message": "other"}, idempotency_key="k")
    assert (other.status, other.body["error"]["code"]) == (409, "idempotency_conflict")


def test_a_form_is_read_too(speaker: Speakers, client: Client) -> None:
    key = speaker(mode="test").key
    form = {"to": "+961123456789", "message": "Hello form"}
    told = client.post(SEND, form, headers={"x-api-key": key})
    assert (told.status_code, Message.objects.get().text) == (201, "Hello form")
    many = {"recipients[]": ["+961123456789", "+961123456788"], "message": "Two"}
    assert client.post(BULK, many, headers={"x-api-key": key}).json()["data"]["sent"] == 2


def test_the_balance(speaker: Speakers) -> None:
    asking = speaker()
    expected = {"success": True, "data": {"balance": 100, "currency": "MAD"}}
    assert asking.get("/api/v1/balance").body == expected
    assert asking.get("/api/v1/balance", x_api_key="", authorization=f"Bearer {asking.key}").body == expected


STATUSES = [
    (Status.QUEUED, 10, "pending"),
    (Status.QUEUED, 10, "pending"),
    (Status.UNCERTAIN, 25, "sent"),
    (Status.SENT, 30, "sent"),
    (Status.DELIVERED, 90, "delivered"),
    (Status.UNDELIVERABLE, 90, "failed"),
    (Status.EXPIRED, 90, "failed"),
    (Status.CANCELLED, 90, "failed"),
]


def test_the_history_in_pages_and_by_status(speaker: Speakers) -> None:
    asking = speaker(mode="test")
    asking.post(BULK, {"recipients": [BODY["to"]] * len(STATUSES), "message": "x"})
    for message, (status, rank, _) in zip(Message.objects.order_by("id"), STATUSES, strict=True):
        final = datetime.now(UTC) if rank == 90 else None
        Message.objects.filter(pk=message.pk).update(status=status, rank=rank, final_at=final)
    told = asking.get("/api/v1/logs?per_page=3&page=2").body["data"]
    assert [row["message_id"] for row in told["logs"]] == [5, 4, 3]
    assert told["pagination"] == {"page": 2, "per_page": 3, "total": 8, "total_pages": 3}
    assert set(told["logs"][0]) == {
        *("message_id", "to", "message", "sender_id", "status", "segments", "cost", "currency"),
        *("schedule_time", "created_at", "sent_at", "delivered_at"),
    }
    for word in ("delivered", "sent", "pending", "failed"):
        rows = asking.get(f"/api/v1/history?status={word}").body["data"]["logs"]
        assert len(rows) == sum(1 for _, _, shown in STATUSES if shown == word)
        assert {row["status"] for row in rows} == {word}


def test_the_history_between_days(speaker: Speakers) -> None:
    asking = speaker(mode="test")
    asking.post(SEND, BODY)
    zone = ZoneInfo(Account.objects.get().time_zone)
    today = datetime.now(zone).date()
    days = [str(today + timedelta(days=offset)) for offset in (-1, 0, 1)]
    counts = [
        asking.get(f"/api/v1/logs?{query}").body["data"]["pagination"]["total"]
        for query in (
            f"date_from={days[1]}&date_to={days[1]}",
            f"date_to={days[0]}",
            f"date_from={days[2]}",
            f"date_from={days[0]}&date_to={days[2]}",
        )
    ]
    assert counts == [1, 0, 0, 1]


@pytest.mark.parametrize(
    "query",
    [
        "per_page=0",
        "per_page=101",
        "page=0",
        "page=x",
        "status=queued",
        "date_from=15-05-2026",
        "date_to=2026-02-30",
    ],
)
def test_bad_filters_are_400(speaker: Speakers, query: str) -> None:
    told = speaker(mode="test").get(f"/api/v1/logs?{query}")
    assert (told.status, told.body["error"]["code"]) == (400, "invalid_field")


def test_a_hundred_rows_are_the_most(speaker: Speakers) -> None:
    assert speaker(mode="test").get("/api/v1/logs?per_page=100").status == 200


def test_messages_of_other_doors_have_a_steady_integer_too(speaker: Speakers, account: Account) -> None:
    asking = speaker(mode="test")
    sent = asking.post("/v1/messages", {"to": "+961123456789", "message": "x"})
    rows = [asking.get("/api/v1/logs").body["data"]["logs"] for _ in range(2)]
    assert (sent.status, rows[0]) == (202, rows[1])
    assert 0 < rows[0][0]["message_id"] <= serials.MOST
    assert not SerialCounter.objects.filter(account=account).exists()


def test_prices_are_those_of_the_plan(speaker: Speakers) -> None:
    prices = speaker().get("/api/v1/pricing").body["data"]["pricing"]
    lebanon = next(price for price in prices if price["country_code"] == "LB")
    assert lebanon == {
        "country": "Lebanon",
        "country_code": "LB",
        "prefix": "+961",
        "price": 0.77,
        "currency": "MAD",
        "allowed": True,
    }
    assert len(prices) == 22


@pytest.mark.parametrize("path", ["/api/v1/calculate", "/api/v1/calculate-cost"])
def test_the_calculator_sends_nothing(speaker: Speakers, account: Account, path: str) -> None:
    asking = speaker()
    told = asking.post(path, {"recipients": [LIVE["to"], "123"], "message": "x" * 161})
    data = told.body["data"]
    assert (told.status, data["cost"], data["segments"], data["valid"], data["invalid"]) == (
        200,
        1.54,
        2,
        1,
        1,
    )
    assert (data["balance"], data["sufficient_balance"], data["currency"]) == (100, True, "MAD")
    by_get = asking.get(f"{path}?to=%2B96171123456&message=Hello").body["data"]
    assert (by_get["cost"], by_get["recipients"]) == (0.77, 1)
    assert asking.post(path, {"to": "123", "message": "x"}).status == 400
    assert (Message.objects.count(), Ledger.objects.get(pk=account.id).balance) == (0, Decimal("100"))


@pytest.mark.parametrize("path", ["/api/v1/account", "/api/v1/me"])
def test_the_account_with_its_figures(speaker: Speakers, path: str) -> None:
    asking = speaker()
    asking.post(SEND, LIVE)
    data = asking.get(path).body["data"]
    assert (data["name"], data["balance"], data["currency"], data["rate_limit"]) == (
        "Orange Mali",
        99.23,
        "MAD",
        0,
    )
    assert data["statistics"] == {
        "days": 30,
        "total": 1,
        "delivered": 0,
        "sent": 0,
        "pending": 1,
        "failed": 0,
        "delivery_rate": 0,
    }


def test_the_index_and_an_unknown_path(speaker: Speakers, client: Client) -> None:
    stranger = Speaker("", client)
    for path in ("/api/v1", "/api/v1/"):
        index = stranger.get(path)
        names = [known["url"].rpartition("/")[2] for known in index.body["data"]["endpoints"]]
        assert (index.status, names) == (
            200,
            ["send", "send-bulk", "balance", "logs", "pricing", "calculate", "account"],
        )
        assert all(
            set(known) == {"name", "method", "url", "example"} for known in index.body["data"]["endpoints"]
        )
    missed = stranger.post("/api/v1/sms/send", {})
    assert (missed.status, missed.body["error"]["code"]) == (404, "not_found")
    assert (missed.body["did_you_mean"], len(missed.body["endpoints"])) == ("/api/v1/send", 7)
    assert UnknownPath.objects.count() == 0
    asking = speaker(mode="test")
    meant = {
        "send_sms": "/api/v1/send",
        "history/7": "/api/v1/logs",
        "bulk": "/api/v1/send-bulk",
        "credits": "/api/v1/balance",
        "zzzz": None,
    }
    for path, wanted in meant.items():
        assert asking.get(f"/api/v1/{path}").body["did_you_mean"] == wanted
    asking.get("/api/v1/history/8")
    counted = dict(UnknownPath.objects.values_list("path", "calls"))
    assert counted == {
        "/api/v1/send_sms": 1,
        "/api/v1/history/#": 2,
        "/api/v1/bulk": 1,
        "/api/v1/credits": 1,
        "/api/v1/zzzz": 1,
    }


def test_who_may_not_come_in(speaker: Speakers, client: Client, account: Account) -> None:
    for key in ("", "nobody's", "rsl_live_" + "x" * 43):
        told = Speaker(key, client).get("/api/v1/balance")
        assert (told.status, told.body) == (
            401,
            {
                "success": False,
                "message": "Invalid or missing API key",
                "error": {"code": "unauthorized", "message": "Invalid or missing API key"},
            },
        )
    narrow = speaker(scopes=["status"]).post(SEND, BODY)
    assert (narrow.status, narrow.body["error"]["code"]) == (403, "forbidden")
    asking = speaker()
    Account.objects.filter(pk=account.pk).update(status="suspended")
    told = asking.get("/api/v1/balance")
    assert (told.status, told.body["message"]) == (403, "Account not active")


def test_a_hundred_a_minute(speaker: Speakers) -> None:
    asking = speaker(rate_per_minute=100)
    assert [asking.get("/api/v1/balance").status for _ in range(100)] == [200] * 100
    # While the hundred were answered a few more may have become due.
    more = (asking.get("/api/v1/balance") for _ in range(1000))
    refused = next(told for told in more if told.status != 200)
    assert refused.status == 429
    assert refused.body["error"]["code"] == "rate_limit_exceeded"
    assert (refused.headers["X-RateLimit-Limit"], refused.headers["Retry-After"]) == ("100", "1")


def test_a_wrong_method_is_told(speaker: Speakers) -> None:
    told = speaker(mode="test").get(SEND)
    assert (told.status, told.body["error"]["code"]) == (405, "method_not_allowed")
