"""Rules that the documents state in words: headers, forms of numbers, words for statuses, permissions, defaults; and that each of
document E's addresses answers."""

import random
from collections.abc import Mapping

import pytest

from tests.contract.conftest import NewWorld
from tests.stand_ins.customer import Customer

READS = {
    "a": "messages contacts contacts/lists optouts webhooks api-keys billing/balance balance billing/transactions billing/plans",
    "b": "messages contacts contacts/lists webhooks api-keys billing/balance",
    "c": "account messages webhooks",
}
VERSION = {"a": "x-smsmaroc-version", "b": "x-envoisms.ma-version"}


@pytest.mark.parametrize("document", READS)
def test_every_answer_has_the_headers(world: NewWorld, document: str) -> None:
    customer = world(document).account()
    for path in READS[document].split():
        answer = customer.get(f"/v1/{path}")
        assert answer.status == 200, (path, answer.raw)
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= set(answer.headers)
        if document in VERSION:
            assert answer.headers[VERSION[document]] == "1.0"
    refused = customer.post("/v1/messages", {})
    assert {"x-ratelimit-limit", "x-ratelimit-remaining"} <= set(refused.headers)


@pytest.mark.parametrize(
    "name",
    ["Content-Type", "Authorization", "X-SMSMaroc-Signature", "X-SMSMaroc-Version", "X-EnvoiSMS.ma-Signature",
     "X-EnvoiSMS.ma-Version"],
)  # fmt: skip
def test_a_browser_may_send_the_headers_of_a_and_b(world: NewWorld, name: str) -> None:
    customer = world("a").account()
    asked = {"origin": "https://shop.example", "access_control_request_method": "POST", "authorization": ""}
    answer = customer.call("OPTIONS", "/v1/messages", **asked, access_control_request_headers=name.lower())
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = {one.strip().lower() for one in answer.headers["access-control-allow-headers"].split(",")}
    assert name.lower() in allowed


@pytest.mark.parametrize(
    "written", ["0612345678", "0712345678", "212612345678", "+212612345678", "+212 6 12 34 56 78"]
)
def test_document_a_s_numbers_become_e164(world: NewWorld, written: str) -> None:
    customer = world("a").account(mode="test")
    digits = written.replace(" ", "")
    assert customer.send(written)["to"] == "+212" + digits[-9:]


@pytest.mark.parametrize(
    ("written", "taken"),
    [("+22370123456", True), ("22370987654", True), ("70123456", True), ("70987654", True),
     ("223701234567", False), ("2631234567", False), ("22350123456", False)],
)  # fmt: skip
def test_document_d_s_valid_and_invalid_examples(world: NewWorld, written: str, taken: bool) -> None:
    """As it lists them; its rule does not take the second, which it lists as valid, and we do."""
    customer = world("d").account(mode="test")
    answer = customer.post("/api/sms/send", {"recipient": written, "message": "x"})
    assert answer.status == (200 if taken else 400)


# By document: what the simulator's number ends in, and the word for what becomes of the message.
WORDS = {
    "a": {"0": "delivered", "1": "failed", "2": "undeliverable", "3": "undeliverable"},
    "b": {"0": "delivered", "1": "failed", "2": "failed", "3": "failed"},
    "c": {"0": "delivered", "1": "failed", "2": "failed", "3": "expired"},
    "e": {"0": "delivered", "1": "failed", "2": "failed", "3": "failed"},
}
FILTERS = {
    "a": "queued sent delivered failed undeliverable",
    "b": "queued sent delivered failed",
    "c": "queued sent delivered failed expired",
    "e": "delivered sent pending failed",
}


@pytest.mark.parametrize("document", WORDS)
def test_statuses_have_the_document_s_words_and_can_be_filtered_by_them(
    world: NewWorld, document: str
) -> None:
    customer = world(document).account()
    native = world(document).key(customer, compat="native")
    ids = {native.send(f"+21260000000{digit}")["id"]: digit for digit in WORDS[document]}
    for message_id in ids:
        native.wait_for(message_id)
    found = {word: shown(customer, document, word) for word in FILTERS[document].split()}
    expected: dict[str, int] = dict.fromkeys(found, 0)
    for word in WORDS[document].values():
        expected[word] += 1
    assert found == expected
    if document != "e":
        words = {digit: customer.message(message_id)["status"] for message_id, digit in ids.items()}
        assert words == WORDS[document]


def shown(customer: Customer, document: str, word: str) -> int:
    """How many messages a list shows that is filtered by a status; all of them have it."""
    if document == "e":
        rows = customer.get(f"/api/v1/logs?status={word}").body["data"]["logs"]
    else:
        rows = customer.get(f"/v1/messages?status={word}").body["data"]
    assert {row["status"] for row in rows} <= {word}
    return len(rows)


def test_document_a_s_filters_by_date_and_channel(world: NewWorld) -> None:
    customer = world("a").account(mode="test")
    made = customer.send()
    at = made["created_at"]
    counts = {
        query: customer.get(f"/v1/messages?{query}").body["total"]
        for query in (f"from_date={at}", f"to_date={at}", "from_date=2100-01-01T00:00:00Z", "to_date=2020-01-01",
                      "channel=sms", "channel=whatsapp", "limit=1&offset=1")
    }  # fmt: skip
    assert list(counts.values()) == [1, 1, 0, 0, 1, 0, 1]


PERMISSIONS = {
    "send": ("POST", "/v1/messages"),
    "verify": ("POST", "/v1/verify/check"),
    "status": ("GET", "/v1/messages"),
    "balance": ("GET", "/v1/billing/balance"),
    "contacts": ("GET", "/v1/contacts"),
    "campaigns": ("GET", "/v1/campaigns"),
    "webhooks": ("GET", "/v1/webhooks"),
    "billing": ("GET", "/v1/billing/plans"),
    "analytics": ("GET", "/v1/analytics"),
    "api_keys": ("GET", "/v1/api-keys"),
    "optouts": ("GET", "/v1/optouts"),
}


def test_a_permission_of_document_b_opens_what_it_names_and_nothing_else(world: NewWorld) -> None:
    maker = world("b").account()
    opened = {}
    for permission in PERMISSIONS:
        made = maker.post("/v1/api-keys", {"permissions": [permission]}).body
        assert made["permissions"] == [permission]
        answers = {
            name: maker.call(
                method, path, {} if method == "POST" else None, authorization=f"Bearer {made['api_key']}"
            )
            for name, (method, path) in PERMISSIONS.items()
        }
        opened[permission] = {name for name, answer in answers.items() if answer.status in (200, 400)}
        shut = {answer.refusal for name, answer in answers.items() if name not in opened[permission]}
        assert shut == {(403, "FORBIDDEN")}
    # Settled between the documents: who may see all of the money may see what is left of it.
    assert opened == {name: {name} for name in PERMISSIONS} | {"billing": {"billing", "balance"}}


def test_keys_are_known_by_their_sums_alone(world: NewWorld) -> None:
    """Shown once; what is kept is a digest."""
    asked = world("a")
    customer = asked.account()
    made = customer.post("/v1/api-keys", {}).body
    listed = customer.get("/v1/api-keys").raw.decode()
    assert made["api_key"] not in listed
    rows = asked.sql(
        "SELECT t::text AS row FROM accounts_apikey t WHERE account_id = %s", customer.account_id
    )
    assert len(rows) == 2
    assert not any(made["api_key"][16:] in row["row"] for row in rows)


def test_a_code_in_the_sandbox_alone_is_shown(world: NewWorld) -> None:
    for document in "ab":
        asked = world(document)
        customer = asked.account()
        to = f"+21266{random.randint(0, 9_999_999):07d}"
        sent = customer.post(
            "/v1/verify/send", {"to": to, "brand": "MonApp", "template": "{{brand}} {{code}}"}
        )
        assert sent.status == 202
        assert "sandbox_code" not in sent.body
        assert customer.message(sent.body["message_id"])["body"] == "MonApp ******"
        sandbox = asked.key(customer, mode="test").post("/v1/verify/send", {"to": to})
        assert len(sandbox.body["sandbox_code"]) == 6


def test_a_name_of_a_field_is_as_good_as_the_other(world: NewWorld) -> None:
    customer = world("b").account(mode="test")
    sent = customer.post(
        "/v1/messages", {"to": "+212612345678", "body": "Bonjour", "from": "NOM_MARQUE"[:11]}
    )
    assert (sent.status, sent.body["from"]) == (202, "NOM_MARQUE")
    assert customer.message(sent.body["id"])["body"] == "Bonjour"


def test_metadata_is_kept(world: NewWorld) -> None:
    customer = world("a").account(mode="test")
    sent = customer.send(metadata={"order": "A-17"})
    assert customer.message(sent["id"])["metadata"] == {"order": "A-17"}


@pytest.mark.parametrize(
    ("channels", "channel"), [([], "sms"), (["whatsapp"], "sms"), (["whatsapp"], "whatsapp")]
)
def test_cascade_goes_by_the_channels_there_are(world: NewWorld, channels: list[str], channel: str) -> None:
    customer = world("b").account(channels=channels)
    sent = customer.send(channel=channel, cascade=True)
    assert (sent["cascade"], sent["channel"], sent["status"]) == (True, channel, "queued")
    assert customer.wait_for(sent["id"])["status"] == "delivered"


def test_a_sender_that_is_not_given_is_the_account_s(world: NewWorld) -> None:
    """The documents name their own brands for it; whose platform this is names its own, or the account's."""
    for document in "abc":
        asked = world(document)
        customer = asked.account(mode="test")
        assert customer.send()["from"] == "RISALA"
        named = asked.account(mode="test")
        asked.sql("UPDATE accounts_account SET default_sender = 'MaMarque' WHERE id = %s", named.account_id)
        assert named.send()["from"] == "MaMarque"


@pytest.mark.parametrize("method", ["stripe", "cmi", "bank_transfer"])
def test_document_a_s_ways_to_pay_are_known(world: NewWorld, method: str) -> None:
    customer = world("a").account(mode="test")
    body = {"amount_eur": 10, "payment_method": method}
    answer = customer.post("/v1/billing/topups", body)
    assert (answer.status, answer.body["status"], answer.body["amount_mad"]) == (201, "pending", 110)
    refused = customer.post("/v1/billing/topups", body | {"payment_method": "gold"})
    assert (refused.status, refused.error["param"]) == (400, "payment_method")


def test_a_top_up_that_nobody_paid_moves_no_money(world: NewWorld) -> None:
    asked = world("a")
    customer = asked.account(credit="5")
    body = {"amount_eur": 50, "payment_method": "bank_transfer"}
    assert customer.post("/v1/billing/topups", body).status == 201
    assert customer.get("/v1/balance").body["balance_eur"] == 5
    assert customer.get("/v1/billing/transactions").body["total"] == 1
    assert asked.nothing_moved()


E_CALLS: Mapping[str, tuple[str, str, object, int]] = {
    "send": ("POST", "/send", {"to": "+961123456789", "message": "Hello"}, 201),
    "send in Arabic": ("POST", "/send", {"to": "+961123456789", "message": "مرحبا", "message_type": 4}, 201),
    "send later": (
        "POST", "/send", {"to": "+961123456789", "message": "x", "schedule_time": "2099-12-31 10:30:00"}, 400,
    ),
    "send many": ("POST", "/send-bulk", {"recipients": ["+961123456789"], "message": "Hello"}, 201),
    "balance": ("GET", "/balance", None, 200),
    "history": ("GET", "/logs?page=1&per_page=20&status=sent&date_from=2026-01-01&date_to=2026-12-31", None, 200),
    "history by its other name": ("GET", "/history", None, 200),
    "pricing": ("GET", "/pricing", None, 200),
    "calculator": ("POST", "/calculate", {"recipients": ["+96171123456"], "message": "Hello"}, 200),
    "calculator for one": ("POST", "/calculate-cost", {"to": "+96171123456", "message": "Hello"}, 200),
    "account": ("GET", "/account", None, 200),
    "account by its other name": ("GET", "/me", None, 200),
    "index": ("GET", "/", None, 200),
}  # fmt: skip


@pytest.mark.parametrize("name", E_CALLS)
def test_document_e_s_addresses_answer_by_either_header(world: NewWorld, name: str) -> None:
    method, path, body, status = E_CALLS[name]
    customer = world("e").account(mode="test")
    for headers in ({"authorization": "", "x_api_key": customer.key}, {}):
        answer = customer.call(method, f"/api/v1{path}", body, **headers)
        assert (answer.status, answer.body["success"]) == (status, status < 400), answer.raw[:300]
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key"])
def test_document_d_s_key_comes_by_either_header(world: NewWorld, name: str) -> None:
    customer = world("d").account(mode="test")
    sent = {"authorization": ""} | ({"x_api_key": customer.key} if name == "X-API-Key" else {})
    if name == "Authorization":
        sent["authorization"] = f"Bearer {customer.key}"
    assert customer.get("/api/sms/sims/available", **sent).status == 200
