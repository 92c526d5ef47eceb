"""What documents A and B say of campaigns and analytics, beyond the answers they print."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.conftest import NewWorld
from tests.contract.examples_campaigns import audience, draft
from tests.stand_ins.customer import Customer
from tests.stand_ins.waiting import until


def ended(customer: Customer, campaign_id: str) -> None:
    """Wait until everything that a campaign sends is delivered."""

    def there() -> bool:
        shown = customer.get(f"/v1/campaigns/{campaign_id}").body
        return bool(
            shown["status"] == "completed" and shown["delivered"] == shown["total_count"] - shown["skipped"]
        )

    until(there, seconds=20, what="the campaign is delivered")


@pytest.mark.parametrize("document", "ab")
def test_each_member_who_did_not_opt_out_gets_the_text_with_the_name(world: NewWorld, document: str) -> None:
    asked = world(document)
    customer = asked.account()
    made = draft(customer, document, list_id=audience(customer, 4, opted_out=1), body="Bonjour {{name}} !")
    assert customer.post(f"/v1/campaigns/{made}/send").body["queued"] == 3
    ended(customer, made)
    rows = customer.get("/v1/messages").body["data"]
    assert sorted((row["to"], row["body"]) for row in rows) == [
        (f"+21261234{index:04d}", f"Bonjour Client {index} !") for index in (1, 2, 3)
    ]
    assert {(row["campaign_id"], row["status"]) for row in rows} == {(made, "delivered")}
    again = customer.post(f"/v1/campaigns/{made}/send")
    assert again.refusal == (409, "INVALID_STATE")
    assert customer.get("/v1/messages").body["total"] == 3


@pytest.mark.parametrize("document", "ab")
def test_a_campaign_without_a_list_is_not_sent(world: NewWorld, document: str) -> None:
    asked = world(document)
    customer = asked.account()
    answer = customer.post(f"/v1/campaigns/{draft(customer, document)}/send")
    assert (answer.status, answer.error["param"]) == (400, "list_id")
    assert asked.nothing_moved()


@pytest.mark.parametrize("document", "ab")
@pytest.mark.parametrize(
    ("body", "param"),
    [({"body": "x"}, "name"), ({"name": "Promo"}, "body"), ({"name": "", "body": "x"}, "name")],
)
def test_a_campaign_has_a_name_and_a_text_or_a_template(
    world: NewWorld, document: str, body: dict[str, str], param: str
) -> None:
    customer = world(document).account()
    answer = customer.post("/v1/campaigns", body)
    assert (answer.refusal, answer.error["param"]) == ((400, "MISSING_FIELD"), param)
    assert customer.get("/v1/campaigns").body["data"] == []


def test_a_campaign_may_take_an_approved_template(world: NewWorld) -> None:
    """Templates of test keys approve themselves."""
    customer = world("b").account(mode="test")
    made = customer.post("/v1/templates", {"name": "soldes", "body": "Bonjour {{name}}", "channel": "sms"})
    assert made.status == 201, made.raw
    template_id = made.body["id"]
    customer.post(f"/v1/templates/{template_id}/submit")
    body = {"name": "Soldes", "template_id": template_id, "list_id": audience(customer, 1)}
    answer = customer.post("/v1/campaigns", body)
    assert (answer.status, answer.body["template_id"], answer.body["status"]) == (201, template_id, "draft")
    assert customer.post(f"/v1/campaigns/{answer.body['id']}/send").body["queued"] == 1


def test_a_scheduled_campaign_waits(world: NewWorld) -> None:
    customer = world("b").account()
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    made = draft(customer, "b", list_id=audience(customer, 1), scheduled_at=later)
    shown = customer.get(f"/v1/campaigns/{made}").body
    assert (shown["status"], shown["started_at"], shown["sent_count"]) == ("scheduled", None, 0)
    assert datetime.fromisoformat(shown["scheduled_at"]) == datetime.fromisoformat(later)


def test_campaigns_are_in_the_order_they_were_made(world: NewWorld) -> None:
    customer = world("a").account()
    ids = [draft(customer, "a") for _ in range(3)]
    assert [row["id"] for row in customer.get("/v1/campaigns").body["data"]] == ids[::-1]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("a", {"delivered", "undeliverable", "failed"}),
        ("b", {"delivered", "failed"}),
    ],
)
def test_analytics_count_by_the_document_s_words(world: NewWorld, document: str, words: set[str]) -> None:
    customer = world(document).account()
    summary = customer.get("/v1/analytics?days=1").body["summary"]
    assert {"delivered", "undeliverable", "failed", "expired", "cancelled"} & set(summary) == words
