"""Sending a code: the shapes of documents A and B, what a request may say, and that the code is nowhere but at the carrier."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts import keys
from accounts.ids import new_id, read
from accounts.models import Account, AuditEntry
from billing.models import Ledger
from contacts import optouts
from messaging.models import Message, QueueRow
from messaging.models.message import Status
from messaging.sending import claim, dispatch, final, outcome, submit
from messaging.sending.final import Finality
from tests.verify.conftest import PHONE, URGENT, Shop, carried, code_in
from verify.models import Session


def _message(answer_body: dict[str, Any]) -> Message:
    return Message.objects.get(pk=read("message", answer_body["message_id"]))


def test_the_answer_is_that_of_document_a(shop: Shop) -> None:
    answer = shop.send(brand="MonApp", channel="sms", code_length=6, expiry=600, compat="smsmaroc")
    assert answer.status == 202
    assert set(answer.body) == {"session_id", "message_id", "to", "channel", "expires_at", "status"}
    assert re.fullmatch(r"vrf_[0-9a-f]{32}", answer.body["session_id"])
    assert re.fullmatch(r"msg_[0-9a-f]{32}", answer.body["message_id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer.body["expires_at"])
    assert (answer.body["to"], answer.body["channel"], answer.body["status"]) == (PHONE, "sms", "sent")


def test_document_b_sends_by_whatsapp_with_a_button(shop: Shop) -> None:
    answer = shop.send(brand="MonApp", channel="whatsapp", otp_button_text="Copier", compat="envoisms")
    assert (answer.status, answer.body["channel"]) == (202, "whatsapp")
    message = _message(answer.body)
    assert (message.channel, message.buttons) == ("whatsapp", [{"type": "copy", "text": "Copier"}])


def test_a_sandbox_answer_carries_the_code_that_works(shop: Shop) -> None:
    answer = shop.send("+15005550006", mode="test", code_length=8)
    assert re.fullmatch(r"\d{8}", answer.body["sandbox_code"])
    done = shop.check(answer.body["session_id"], answer.body["sandbox_code"], mode="test")
    assert (done.status, done.body["verified"]) == (200, True)


def test_it_goes_in_the_urgent_lane_valid_for_the_session_and_is_charged(shop: Shop) -> None:
    answer = shop.send(expiry=60)
    message = _message(answer.body)
    row = QueueRow.objects.get(pk=message.pk)
    assert (message.lane, row.lane, row.state) == (URGENT, URGENT, "ready")
    ends = datetime.fromisoformat(answer.body["expires_at"])
    assert abs(message.expires_at - ends) < timedelta(seconds=5)
    assert Ledger.objects.get(account=shop.account).balance == 550 - message.price
    assert message.price > 0


def test_the_text_is_in_the_account_s_language_and_fits_one_segment(shop: Shop) -> None:
    answer = shop.send(brand="MonApp")
    text = carried(answer.body["message_id"])
    assert re.fullmatch(r"MonApp : votre code est \d{6}\. Ne le communiquez à personne\.", text)
    assert _message(answer.body).segments == 1
    arabic = shop.send("+212661000001", language="ar", brand="MonApp")
    assert _message(arabic.body).segments == 1


def test_everybody_but_the_carrier_sees_stars(shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    answer = shop.send(code_length=8, template="{{brand}}: {{ code }}", brand="MonApp", domain="Example.com")
    message = _message(answer.body)
    text = carried(answer.body["message_id"])
    code = code_in(text)
    assert text == f"MonApp: {code}\n\n@example.com #{code}"
    assert message.text == "MonApp: ********\n\n@example.com #********"
    assert message.encoding == "gsm7"
    held = submit.line(message.carrier_id or 0)
    assert held is not None
    page = shop.ask(f"/v1/messages/{answer.body['message_id']}")
    assert page.body["body"] == message.text
    assert _tables_with(code) == []
    assert dispatch.once(message.carrier_id or 0, URGENT, message.id, held)
    message.refresh_from_db()
    assert (message.status, message.sealed_text) == ("sent", None)
    assert shop.check(answer.body["session_id"], code).status == 200
    assert _tables_with(code) == []
    for path in (
        f"/v1/messages/{answer.body['message_id']}",
        "/v1/messages",
        f"/v1/verify/{answer.body['session_id']}",
    ):
        assert code not in shop.ask(path).text
    out, err = capfd.readouterr()
    assert code not in out + err


def _tables_with(code: str) -> list[str]:
    """Tables of the database that hold the code, as text or as bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{code}%", f"%{code.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_a_message_that_ends_before_the_carrier_had_it_keeps_no_text(shop: Shop) -> None:
    message = _message(shop.send().body)
    assert message.sealed_text
    final.settle([Finality(message.id, Status.EXPIRED, "EXPIRED_BEFORE_SUBMIT")])
    message.refresh_from_db()
    assert message.status == "expired"
    assert message.sealed_text is None
    assert Ledger.objects.get(account=shop.account).balance == 550


def test_a_text_sealed_under_a_lost_key_waits_and_holds_nobody_up(shop: Shop) -> None:
    lost, fine = shop.send(), shop.send("+212661000001")
    Message.objects.filter(pk=read("message", lost.body["message_id"])).update(sealed_text=b"gAAAAABnonsense")
    assert code_in(carried(fine.body["message_id"]))
    message = _message(lost.body)
    held = submit.line(message.carrier_id or 0)
    assert held is not None
    dispatch.once(message.carrier_id or 0, URGENT, message.id, held)
    assert QueueRow.objects.get(pk=message.pk).state == "waiting"
    message.refresh_from_db()
    assert message.status == "queued"


def test_someone_who_opted_out_still_gets_the_code_they_ask_for(shop: Shop, settings: Any) -> None:
    optouts.add(shop.account.id, PHONE, source="reply")
    _, code = shop.sent()
    assert code
    settings.OTP_TO_OPTED_OUT = False
    optouts.add(shop.account.id, "+212661000001", source="reply")
    refused = shop.send("+212661000001")
    assert (refused.status, refused.code) == (403, "OPTED_OUT")
    assert shop.ask("/v1/messages", {"to": PHONE, "message": "Promo"}).code == "OPTED_OUT"


def test_an_account_may_forbid_codes_to_those_who_opted_out(shops: Callable[..., Shop]) -> None:
    strict, other = shops("Atlas"), shops("Rif")
    Account.objects.filter(pk=strict.account.pk).update(codes_to_opted_out=False)
    strict.sent()
    sent_before = strict.send("+212661000001").body["message_id"]
    for shop in (strict, other):
        optouts.add(shop.account.id, PHONE, source="reply")
        optouts.add(shop.account.id, "+212661000001", source="reply")
    Session.objects.all().delete()
    refused = strict.send()
    assert (refused.status, refused.code) == (403, "OPTED_OUT")
    assert not Session.objects.exists()
    taken = other.send("+212661000001")
    assert taken.status == 202
    carrier_id = _message(taken.body).carrier_id or 0
    claimed = claim.due(carrier_id, URGENT, new_id(), 10)
    assert [one.id for one in claimed.submissions] == [_message(taken.body).id]
    assert len(claimed.opted_out) == 2
    outcome.refuse_opted_out(carrier_id, claimed.opted_out)
    ended = _message({"message_id": sent_before})
    assert (ended.status, ended.error_code, ended.attempts) == ("failed", "OPTED_OUT", 0)
    assert strict.account.ledger.balance == Decimal(550)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"to": ""}, "MISSING_FIELD", "to"),
    ({"to": "0522123456"}, "INVALID_PHONE", "to"),
    ({"to": "+33612345678"}, "COUNTRY_NOT_ALLOWED", "to"),
    ({"channel": "pigeon"}, "INVALID_CHANNEL", "channel"),
    ({"channel": "telegram"}, "CHANNEL_NOT_CONFIGURED", "channel"),
    ({"code_length": 3}, "INVALID_FIELD", "code_length"),
    ({"code_length": 9}, "INVALID_FIELD", "code_length"),
    ({"code_length": True}, "INVALID_FIELD", "code_length"),
    ({"expiry": 59}, "INVALID_FIELD", "expiry"),
    ({"expiry": 1801}, "INVALID_FIELD", "expiry"),
    ({"brand": "x" * 33}, "INVALID_FIELD", "brand"),
    ({"otp_button_text": "x" * 26}, "INVALID_FIELD", "otp_button_text"),
    ({"template": "no code here"}, "INVALID_FIELD", "template"),
    ({"template": "{{code}} {{name}}"}, "INVALID_FIELD", "template"),
    ({"template": "{{code}}" + "x" * 1000}, "MESSAGE_TOO_LONG", "template"),
    ({"language": "de"}, "INVALID_FIELD", "language"),
    ({"domain": "https://example.com"}, "INVALID_FIELD", "domain"),
    ({"end_user_ip": "300.1.1.1"}, "INVALID_FIELD", "end_user_ip"),
]


@pytest.mark.parametrize(("body", "code", "param"), BAD)
def test_a_wrong_field_is_named_and_nothing_moves(
    shop: Shop, body: dict[str, Any], code: str, param: str
) -> None:
    answer = shop.ask("/v1/verify/send", {"to": PHONE, **body})
    assert (answer.code, answer.body["error"]["param"]) == (code, param)
    assert not Session.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("edge", [{"code_length": 4}, {"code_length": 8}, {"expiry": 60}, {"expiry": 1800}])
def test_the_edges_are_allowed(shop: Shop, edge: dict[str, Any]) -> None:
    _, code = shop.sent(**edge)
    assert len(code) == edge.get("code_length", 6)


def test_a_long_brand_is_cut_for_clients_of_document_a(shop: Shop) -> None:
    answer = shop.send(brand="x" * 40, compat="smsmaroc")
    assert carried(answer.body["message_id"]).startswith("x" * 32 + " :")


def test_a_brand_is_never_read_as_a_template(shop: Shop) -> None:
    answer = shop.send(brand="{{code}}")
    assert carried(answer.body["message_id"]).startswith("{{code}} : votre code est ")


def test_without_money_there_is_no_session(shop: Shop) -> None:
    Ledger.objects.filter(account=shop.account).update(balance=0)
    answer = shop.send()
    assert (answer.status, answer.code) == (402, "INSUFFICIENT_BALANCE")
    assert not Session.objects.exists()
    assert not Message.objects.exists()


def test_the_same_key_gets_the_same_answer_and_sends_once(shop: Shop) -> None:
    body = {"to": PHONE}
    first = shop.ask("/v1/verify/send", body, **{"idempotency-key": "k1"})
    again = shop.ask("/v1/verify/send", body, **{"idempotency-key": "k1"})
    assert (first.status, again.status) == (202, 202)
    assert again.body == first.body
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert Message.objects.count() == 1
    other = shop.ask("/v1/verify/send", {"to": "+212661000001"}, **{"idempotency-key": "k1"})
    assert (other.status, other.code) == (409, "IDEMPOTENCY_CONFLICT")


def test_a_refused_send_leaves_its_key_free(shop: Shop) -> None:
    shop.send()
    refused = shop.ask("/v1/verify/send", {"to": PHONE}, **{"idempotency-key": "k2"})
    assert refused.code == "RESEND_COOLDOWN"
    Session.objects.all().delete()
    assert shop.ask("/v1/verify/send", {"to": PHONE}, **{"idempotency-key": "k2"}).status == 202


def test_a_key_without_the_permission_may_not(shop: Shop) -> None:
    shop.made["live", "native"] = _limited(shop)
    assert shop.send().code == "FORBIDDEN"
    assert AuditEntry.objects.filter(account=shop.account).exists()


def _limited(shop: Shop) -> str:
    return keys.issue(shop.account, scopes=["send"], rate_per_minute=0)[1]
