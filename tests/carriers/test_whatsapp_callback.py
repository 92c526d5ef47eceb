"""What Meta posts is read as receipts and texts of this carrier's number; what is not signed by the app's secret is refused."""

from typing import Any

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import BadCallback, Callback, CarrierConfig
from messaging.carriers.whatsapp_cloud.adapter import WhatsAppCloud
from tests.carriers.rows import MESSAGE, config
from tests.stand_ins.cloud_api import CloudApi, notice, signature, status

SENT = {"to": "212612345678", "biz_opaque_callback_data": MESSAGE.hex}


def row() -> CarrierConfig:
    settings, secrets = registry.split("whatsapp_cloud", CloudApi("http://127.0.0.1:9/v23.0").settings())
    return config("whatsapp_cloud", settings=settings, secrets=secrets)


def call(body: bytes, *, signed: str | None = None) -> Callback:
    headers = {"x-hub-signature-256": signature(body) if signed is None else signed}
    return Callback("POST", {}, headers, body)


def subscription(**query: str) -> Callback:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "our-word", "hub.challenge": "1158201444"}
    return Callback("GET", asked | {f"hub.{key}": value for key, value in query.items()}, {}, b"")


@pytest.mark.parametrize(
    ("word", "known", "code", "reason"),
    [
        ("sent", "sent", "sent", ""),
        ("delivered", "delivered", "delivered", ""),
        ("read", "delivered", "read", ""),
        ("failed", "failed", "131026", "NOT_ON_CHANNEL"),
        ("held", "buffered", "held", ""),
    ],
)
def test_every_status_has_its_meaning(word: str, known: str, code: str, reason: str) -> None:
    (found,) = WhatsAppCloud.receipts(row(), call(notice(statuses=[status("wamid.1", word, SENT)])))
    assert (found.reference, found.status, found.code, found.reason) == ("wamid.1", known, code, reason)
    assert found.our_id == MESSAGE


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (131047, "WINDOW_CLOSED"),
        (131049, "BLOCKED"),
        (130429, "CARRIER_REFUSED"),
        (132015, "TEMPLATE_REFUSED"),
        (424242, "UNKNOWN"),
    ],
)
def test_a_failure_is_read_by_its_code(failure: int, reason: str) -> None:
    body = notice(statuses=[status("wamid.1", "failed", SENT, failure=failure)])
    (found,) = WhatsAppCloud.receipts(row(), call(body))
    assert (found.code, found.reason) == (str(failure), reason)


def test_a_status_without_our_reference_is_found_by_metas() -> None:
    (found,) = WhatsAppCloud.receipts(row(), call(notice(statuses=[status("wamid.1", "sent", {})])))
    assert (found.reference, found.our_id) == ("wamid.1", None)


@pytest.mark.parametrize(
    "body",
    [
        notice(number_id="999", statuses=[status("wamid.1", "sent", SENT)]),
        notice(field_name="message_template_status_update", event="APPROVED"),
        notice(messages=[]),
        b'{"entry":[]}',
    ],
)
def test_what_concerns_another_number_or_another_matter_is_no_receipt(body: bytes) -> None:
    assert list(WhatsAppCloud.receipts(row(), call(body))) == []
    assert list(WhatsAppCloud.inbound(row(), call(body))) == []


BODY = notice(statuses=[status("wamid.1", "delivered", SENT)])


@pytest.mark.parametrize(
    "callback",
    [
        call(BODY, signed=""),
        call(BODY, signed="sha256="),
        call(BODY, signed=signature(BODY, "another")),
        call(BODY, signed=signature(BODY + b" ")),
        call(BODY, signed="sha256=é"),
        call(b"[]"),
        call(b'{"entry":'),
        call(b'{"entry":{}}'),
        call(notice(statuses={"id": "x"})),
        call(notice(statuses=[{"status": "sent"}])),
        call(notice(statuses=[{"id": "w", "status": "sent"}] * 1001)),
        Callback("GET", {}, {}, b""),
    ],
)
def test_what_is_not_signed_or_no_report_is_refused(callback: Callback) -> None:
    with pytest.raises(BadCallback):
        WhatsAppCloud.receipts(row(), callback)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"type": "text", "text": {"body": "STOP"}}, "STOP"),
        ({"type": "button", "button": {"text": "Oui", "payload": "yes"}}, "Oui"),
        (
            {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Non"}},
            },
            "Non",
        ),
        (
            {
                "type": "interactive",
                "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Fès"}},
            },
            "Fès",
        ),
    ],
)
def test_a_text_or_a_pressed_button_is_a_text(item: dict[str, Any], text: str) -> None:
    written = {"from": "212612345678", "id": "wamid.in1", "timestamp": "1700000000", **item}
    (found,) = WhatsAppCloud.inbound(row(), call(notice(messages=[written])))
    assert (found.carrier_id, found.channel, found.from_, found.to) == (
        1,
        "whatsapp",
        "+212612345678",
        "+212522000111",
    )
    assert (found.text, found.carrier_reference, found.part) == (text, "wamid.in1", None)


def test_a_picture_is_no_text() -> None:
    written = {"from": "212612345678", "id": "wamid.in1", "type": "image", "image": {"id": "1"}}
    assert list(WhatsAppCloud.inbound(row(), call(notice(messages=[written])))) == []


def test_an_unsigned_text_is_refused() -> None:
    written = {"from": "212612345678", "id": "w", "type": "text", "text": {"body": "STOP"}}
    with pytest.raises(BadCallback):
        WhatsAppCloud.inbound(row(), call(notice(messages=[written]), signed="sha256=0"))


def test_the_question_whether_the_address_is_ours_is_answered_with_its_own_words() -> None:
    assert WhatsAppCloud.challenge(row(), subscription()) == "1158201444"
    assert WhatsAppCloud.challenge(row(), call(BODY)) is None


@pytest.mark.parametrize(
    "wrong", [{"verify_token": "other"}, {"verify_token": ""}, {"mode": "x"}, {"challenge": ""}]
)
def test_the_question_with_a_wrong_word_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadCallback):
        WhatsAppCloud.challenge(row(), subscription(**wrong))
