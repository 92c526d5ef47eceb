"""The shapes that documents A and B print, and the fields they name."""

from collections.abc import Callable

import pytest

from tests.campaigns.conftest import PRICE, Shop, advanced, row

BODY_B = {
    "name": "Soldes d'été 2026",
    "body": "Bonjour {{name}}, profitez de -50% avec le code ETE50 !",
    "channel": "sms",
    "sender_id": "SOLDES",
}
ROW_B = (
    *("id", "name", "channel", "list_id", "template_id", "body", "sender_id", "status"),
    *("scheduled_at", "created_at"),
)


@pytest.mark.parametrize("compat", ["native", "smsmaroc", "envoisms"])
def test_created_listed_sent_and_shown_as_documents_a_and_b_print(shop: Shop, compat: str) -> None:
    given = BODY_B | {"list_id": shop.list_of(3)}
    created = shop.call("POST", "campaigns", given, compat=compat)
    assert created.status == 201
    assert created.body["status"] == "draft"
    campaign = created.body["id"]
    assert campaign.startswith("cmp_")

    (listed,) = shop.get("campaigns", compat=compat)["data"]
    assert {name: listed[name] for name in given} == given
    assert listed["template_id"] is None
    assert listed["scheduled_at"] is None
    assert set(ROW_B) <= set(listed)

    answer = shop.sent(campaign, compat=compat)
    assert {name: answer[name] for name in ("id", "queued", "total")} == {
        "id": campaign,
        "queued": 3,
        "total": 3,
    }
    advanced(campaign)
    shown = shop.detail(campaign, compat=compat)
    assert (shown["status"], shown["total_count"], shown["sent_count"]) == ("running", 3, 0)
    assert shown["started_at"] is not None
    assert [m.text for m in shop.messages(campaign)] == [
        f"Bonjour Nr {n}, profitez de -50% avec le code ETE50 !" for n in (1, 2, 3)
    ]
    assert {m.sender for m in shop.messages(campaign)} == {"SOLDES"}


def test_campaigns_are_listed_newest_first_in_pages(shop: Shop) -> None:
    made = [shop.campaign(None, name=f"Nr {n}") for n in range(3)]
    first = shop.get("campaigns?limit=2")
    assert [one["id"] for one in first["data"]] == [made[2], made[1]]
    rest = shop.get(f"campaigns?limit=2&cursor={first['next_cursor']}")
    assert [one["id"] for one in rest["data"]] == [made[0]]
    assert first["total"] == 3
    assert [one["number"] for one in shop.get("campaigns")["data"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": None}, (400, "MISSING_FIELD", "name")),
        ({"body": None}, (400, "MISSING_FIELD", "body")),
        ({"body": 5}, (400, "INVALID_FIELD", "body")),
        ({"body": "x" * 1601}, (400, "MESSAGE_TOO_LONG", "body")),
        ({"body": "Bonjour {{age}}"}, (400, "INVALID_FIELD", "body")),
        ({"body": "Bonjour {{}}"}, (400, "INVALID_FIELD", "body")),
        ({"channel": "fax"}, (400, "INVALID_CHANNEL", "channel")),
        ({"channel": "telegram"}, (422, "CHANNEL_NOT_CONFIGURED", "channel")),
        ({"list_id": "lst_0"}, (404, "NOT_FOUND", "list_id")),
        ({"body": None, "template_id": "tpl_0"}, (404, "TEMPLATE_NOT_FOUND", "template_id")),
        ({"template_id": "tpl_0"}, (400, "CONFLICTING_FIELDS", "template_id")),
        ({"metadata": {"throttling": "50/min"}}, (400, "INVALID_FIELD", "metadata.throttling")),
        ({"metadata": {"throttling": "0_min"}}, (400, "INVALID_FIELD", "metadata.throttling")),
        ({"metadata": {"throttling": 50}}, (400, "INVALID_FIELD", "metadata.throttling")),
        ({"scheduled_at": "soon"}, (400, "INVALID_FIELD", "scheduled_at")),
        ({"scheduled_at": "2020-01-01T10:00:00Z"}, (400, "INVALID_FIELD", "scheduled_at")),
        ({"buttons": [{"type": "url"}]}, (400, "INVALID_FIELD", "buttons")),
        ({"buttons": [{"type": {}}], "channel": "whatsapp"}, (400, "INVALID_FIELD", "buttons")),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    shop: Shop, given: dict[str, object], refusal: tuple[int, str, str]
) -> None:
    answer = shop.call("POST", "campaigns", {"name": "Soldes", "body": "Bonjour"} | given)
    assert answer.refusal == refusal
    assert shop.get("campaigns")["total"] == 0


def test_document_a_cuts_a_long_text(shop: Shop) -> None:
    campaign = shop.campaign(None, "x" * 1700, compat="smsmaroc")
    assert len(shop.detail(campaign)["body"]) == 1600


def test_a_draft_is_changed_and_deleted_until_it_is_sent(shop: Shop) -> None:
    list_id = shop.list_of(1)
    campaign = shop.campaign(None)
    path = f"campaigns/{campaign}"
    assert shop.do(campaign, "send").refusal == (400, "MISSING_FIELD", "list_id")
    changed = shop.call("PATCH", path, {"list_id": list_id, "name": "Autre", "body": "Salut"}).body
    assert (changed["list_id"], changed["name"], changed["body"]) == (list_id, "Autre", "Salut")
    later = shop.call("PATCH", path, {"scheduled_at": "2099-01-01"})
    assert later.refusal == (400, "INVALID_FIELD", "scheduled_at")
    shop.sent(campaign)
    assert shop.call("PATCH", path, {"name": "Non"}).refusal[:2] == (409, "INVALID_STATE")
    assert shop.call("DELETE", path).refusal[:2] == (409, "INVALID_STATE")
    assert row(campaign).name == "Autre"
    other = shop.campaign(list_id)
    assert shop.call("DELETE", f"campaigns/{other}").body == {"deleted": True, "id": other}
    assert shop.call("GET", f"campaigns/{other}").status == 404


def test_the_estimate_is_what_sending_then_costs_and_writes_nothing(shop: Shop) -> None:
    list_id = shop.list_of(5)
    shop.call("POST", "optouts", {"phone": "+212610000002"})
    campaign = shop.campaign(list_id, "é" * 160 + " {{name}}")
    estimate = shop.do(campaign, "estimate").body
    assert estimate["recipients"] == 4
    assert estimate["skipped_by_reason"] == {"OPTED_OUT": 1}
    assert (estimate["segments"], estimate["cost"]["mad"]) == (8, 8 * PRICE)
    assert estimate["balance_after"] == 100 - 8 * PRICE
    assert (shop.money, row(campaign).total_count) == ((100, 0), 0)
    answer = shop.sent(campaign)
    assert (answer["queued"], answer["total"], answer["skipped"]) == (4, 5, 1)
    assert answer["cost"] == estimate["cost"]
    assert shop.money == (100 - 8 * PRICE, 8 * PRICE)


def test_a_repeated_key_makes_and_sends_one(shop: Shop) -> None:
    given = {"name": "Soldes", "body": "Bonjour", "list_id": shop.list_of(2)}
    first, again = (shop.call("POST", "campaigns", given, idempotency_key="c1") for _ in range(2))
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    campaign = first.body["id"]
    answers = [shop.do(campaign, "send", idempotency_key="s1") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    assert shop.do(campaign, "send", idempotency_key="s2").refusal[:2] == (409, "INVALID_STATE")
    assert shop.money == (100 - 2 * PRICE, 2 * PRICE)


def test_another_account_and_another_mode_see_nothing(shop: Shop, shops: Callable[..., Shop]) -> None:
    campaign = shop.campaign(shop.list_of(1))
    stranger = shops()
    unknown = "cmp_" + "0" * 32
    for method, path in (
        ("GET", "campaigns/{}"),
        ("PATCH", "campaigns/{}"),
        ("DELETE", "campaigns/{}"),
        ("GET", "campaigns/{}/recipients"),
        *(("POST", f"campaigns/{{}}/{verb}") for verb in ("send", "pause", "resume", "cancel", "estimate")),
    ):
        for asking, mode in ((stranger, "live"), (shop, "test")):
            body: dict[str, object] | None = {} if method != "GET" else None
            answers = [asking.call(method, path.format(one), body, mode=mode) for one in (campaign, unknown)]
            assert [one.refusal for one in answers] == [(404, "NOT_FOUND", None)] * 2
            texts = [one.body["error"]["message"] for one in answers]
            assert texts[0] == texts[1]
    assert stranger.get("campaigns")["data"] == []
    foreign = stranger.call(
        "POST", "campaigns", {"name": "x", "body": "y", "list_id": shop.list_of(1, first=9)}
    )
    assert foreign.refusal == (404, "NOT_FOUND", "list_id")
    assert row(campaign).status == "draft"
