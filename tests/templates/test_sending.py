"""Sending by `template_id`: the approved text, filled; a missing value is the caller's or the item's own error, and moves
nothing."""

from typing import Any

import pytest

from accounts.models import Account
from messaging.models import Message
from tests.contacts.conftest import Api
from tests.templates.conftest import approved, made, submitted

TO = "+212612345678"
VARIABLES = {"name": "Sara", "day": 12}


def texts() -> list[str]:
    return list(Message.objects.order_by("id").values_list("text", flat=True))


def test_a_message_has_the_text_of_its_template(api: Api) -> None:
    shown = approved(api)
    sent = api.post("messages", {"to": TO, "template_id": shown, "variables": VARIABLES}, 202)
    assert (sent["segments"], sent["cost"]["mad"]) == (1, 0.28)
    assert texts() == ["Bonjour Sara, votre colis arrive 12."]


def test_a_text_of_many_segments_is_counted_after_it_is_filled(api: Api) -> None:
    shown = approved(api, body="{{text}}")
    sent = api.post("messages", {"to": TO, "template_id": shown, "variables": {"text": "x" * 161}}, 202)
    assert sent["segments"] == 2
    refusal = api.refused(
        "POST",
        "messages",
        {"to": TO, "template_id": shown, "variables": {"text": "x" * 1600 + "y"}},
    )
    assert refusal == (400, "INVALID_FIELD", "variables.text")


def test_braces_in_a_value_stay_as_they_are(api: Api) -> None:
    shown = approved(api, body="Code {{a}}")
    api.post("messages", {"to": TO, "template_id": shown, "variables": {"a": "{{a}} {{b}}"}}, 202)
    assert texts() == ["Code {{a}} {{b}}"]


def test_a_batch_is_filled_item_by_item(api: Api) -> None:
    shown = approved(api)
    items = [
        {"to": "+212612345601", "variables": {"name": "Sara"}},
        {"to": "+212612345602", "variables": {"name": "Omar", "day": "mardi"}},
        {"to": "+212612345603"},
    ]
    answer = api.post(
        "messages/bulk", {"messages": items, "template_id": shown, "variables": {"day": "lundi"}}, 202
    )
    assert (answer["accepted"], answer["rejected"]) == (2, 1)
    assert texts() == ["Bonjour Sara, votre colis arrive lundi.", "Bonjour Omar, votre colis arrive mardi."]
    assert answer["messages"][2] == {
        "id": None,
        "to": "+212612345603",
        "status": "rejected",
        "error": {"code": "MISSING_FIELD", "message": "messages[2].variables must also hold name."},
    }


def test_a_list_of_numbers_gets_one_text(api: Api) -> None:
    shown = approved(api)
    api.post(
        "messages",
        {"to": ["+212612345601", "+212612345602"], "template_id": shown, "variables": VARIABLES},
        202,
    )
    assert texts() == ["Bonjour Sara, votre colis arrive 12."] * 2


def test_a_missing_value_is_named_and_moves_nothing(api: Api) -> None:
    shown = approved(api)
    status, answer = api.send("POST", "messages", {"to": TO, "template_id": shown})
    assert (status, answer["error"]["code"], answer["error"]["param"]) == (
        400,
        "MISSING_FIELD",
        "variables.name",
    )
    assert answer["error"]["missing"] == ["name", "day"]
    assert not Message.objects.exists()
    assert api.get("balance")["balance_mad"] == 100


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"message": "Hello"}, (400, "CONFLICTING_FIELDS", "message")),
        ({"body": "Hello"}, (400, "CONFLICTING_FIELDS", "body")),
        ({"channel": "whatsapp"}, (400, "CONFLICTING_FIELDS", "channel")),
        ({"variables": ["Sara"]}, (400, "INVALID_FIELD", "variables")),
        ({"variables": {"name": True, "day": "x"}}, (400, "INVALID_FIELD", "variables.name")),
        ({"template_id": 5}, (400, "INVALID_FIELD", "template_id")),
        ({"template_id": "tpl_nonsense"}, (404, "TEMPLATE_NOT_FOUND", "template_id")),
    ],
)
def test_what_does_not_fit_is_refused(api: Api, fields: dict[str, Any], refusal: Any) -> None:
    shown = approved(api)
    body = {"to": TO, "template_id": shown, "variables": VARIABLES, **fields}
    assert api.refused("POST", "messages", body) == refusal
    assert not Message.objects.exists()


def test_live_keys_wait_for_the_approval_and_test_keys_do_not(api: Api, account: Account) -> None:
    shown = submitted(api)
    body = {"to": TO, "template_id": shown, "variables": VARIABLES}
    assert api.refused("POST", "messages", body) == (403, "TEMPLATE_NOT_APPROVED", "template_id")
    assert not Message.objects.exists()
    Api(account, mode="test").post("messages", body, 202)
    assert list(Message.objects.values_list("mode", "text")) == [
        ("test", "Bonjour Sara, votre colis arrive 12.")
    ]


def test_a_deleted_template_is_sent_no_more(api: Api) -> None:
    shown = approved(api)
    api.send("DELETE", f"templates/{shown}")
    body = {"to": TO, "template_id": shown, "variables": VARIABLES}
    assert api.refused("POST", "messages", body) == (404, "TEMPLATE_NOT_FOUND", "template_id")
    assert api.refused("POST", "messages/bulk", {"messages": [body], "template_id": shown}) == (
        404,
        "TEMPLATE_NOT_FOUND",
        "template_id",
    )
    made(api)
    assert not Message.objects.exists()
