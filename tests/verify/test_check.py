"""Checking a code (promise P10): right once, three tries, and one answer for every session that is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.ids import read
from accounts.vault import seal
from tests.verify.conftest import PHONE, Shop, age, carried, code_in, other_than
from verify.models import Session
from webhooks.models import Delivery, Endpoint, Event


def test_the_right_code_verifies_once(shop: Shop) -> None:
    session_id, code = shop.sent()
    done = shop.check(session_id, code)
    assert done.status == 200
    assert set(done.body) == {"session_id", "verified", "verified_at"}
    assert (done.body["session_id"], done.body["verified"]) == (session_id, True)
    again = shop.check(session_id, code)
    assert (again.status, again.code) == (404, "SESSION_NOT_FOUND")
    page = shop.ask(f"/v1/verify/{session_id}").body
    assert page["verified_at"] == done.body["verified_at"]
    assert (page["id"], page["to"], page["channel"], page["status"]) == (session_id, PHONE, "sms", "verified")
    assert {"expires_at", "created_at"} <= set(page)
    assert "code" not in page


def test_three_wrong_tries_and_then_not_even_the_right_one(shop: Shop) -> None:
    session_id, code = shop.sent()
    remaining = []
    for _ in range(3):
        wrong = shop.check(session_id, other_than(code))
        assert (wrong.status, wrong.code) == (422, "INVALID_CODE")
        remaining.append(wrong.body["error"]["attempts_remaining"])
    assert remaining == [2, 1, 0]
    for guess in (other_than(code), code):
        over = shop.check(session_id, guess)
        assert (over.status, over.code) == (429, "MAX_ATTEMPTS")
        assert 1 <= int(over.headers["Retry-After"]) <= 30
    row = Session.objects.get(pk=read("session", session_id))
    assert (row.state, row.attempts, row.mac, row.verified_at) == ("failed", 3, None, None)


def test_the_third_try_may_be_right(shop: Shop) -> None:
    session_id, code = shop.sent()
    shop.check(session_id, other_than(code))
    shop.check(session_id, other_than(code))
    assert shop.check(session_id, code).status == 200


def test_sandbox_sessions_have_three_tries_too(shop: Shop) -> None:
    answer = shop.send(mode="test").body
    for _ in range(3):
        assert shop.check(answer["session_id"], other_than(answer["sandbox_code"]), mode="test").status == 422
    assert shop.check(answer["session_id"], answer["sandbox_code"], mode="test").status == 429


def test_a_session_that_is_none_of_yours_answers_like_one_that_is_none(shops: Callable[..., Shop]) -> None:
    mine, theirs = shops("Atlas"), shops("Rif")
    foreign, foreign_code = theirs.sent()
    expired, expired_code = mine.sent("+212661000001")
    age(expired, seconds=601)
    replaced, replaced_code = mine.sent("+212661000002")
    age(replaced, seconds=31)
    mine.sent("+212661000002")
    used, used_code = mine.sent("+212661000003")
    assert mine.check(used, used_code).status == 200
    asked = [
        (foreign, foreign_code),
        (expired, expired_code),
        (replaced, replaced_code),
        (used, used_code),
        ("vrf_" + "0" * 32, "123456"),
        ("nonsense", "123456"),
        ("msg_" + "0" * 32, "123456"),
    ]
    answers = [mine.check(*one) for one in asked]
    shown = {(a.status, a.code, a.body["error"]["message"], tuple(sorted(a.body["error"]))) for a in answers}
    assert len(shown) == 1
    assert (answers[0].status, answers[0].code) == (404, "SESSION_NOT_FOUND")
    assert theirs.check(foreign, foreign_code).status == 200
    for session_id in (foreign, "vrf_" + "0" * 32, "nonsense"):
        page = mine.ask(f"/v1/verify/{session_id}")
        assert (page.status, page.code) == (404, "SESSION_NOT_FOUND")


def test_a_test_key_sees_no_live_session(shop: Shop) -> None:
    session_id, code = shop.sent()
    assert shop.check(session_id, code, mode="test").status == 404
    assert shop.ask(f"/v1/verify/{session_id}", mode="test").status == 404
    assert shop.check(session_id, code).status == 200


def test_a_code_lives_until_its_expiry_and_no_longer(shop: Shop) -> None:
    session_id, code = shop.sent(expiry=60)
    age(session_id, seconds=55)
    assert shop.ask(f"/v1/verify/{session_id}").body["status"] == "pending"
    age(session_id, seconds=5)
    assert shop.check(session_id, code).code == "SESSION_NOT_FOUND"
    page = shop.ask(f"/v1/verify/{session_id}").body
    assert (page["status"], page["verified_at"]) == ("expired", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, attempts, max_attempts FROM audit.otp WHERE id = %s", [read("session", session_id)]
        )
        assert cursor.fetchone() == ("expired", 0, 3)


def test_a_code_may_be_typed_as_people_do(shop: Shop) -> None:
    session_id, code = shop.sent()
    typed = f" {code[:3]}-{code[3:]} ".translate({ord(d): chr(0x660 + int(d)) for d in "0123456789"})
    assert shop.check(session_id, typed).status == 200


@pytest.mark.parametrize(
    ("body", "param"), [({"code": "123456"}, "session_id"), ({"session_id": "vrf_1"}, "code")]
)
def test_a_missing_field_is_named(shop: Shop, body: dict[str, str], param: str) -> None:
    answer = shop.ask("/v1/verify/check", body)
    assert (answer.status, answer.code, answer.body["error"]["param"]) == (400, "MISSING_FIELD", param)


def test_success_is_told_once_in_the_same_transaction(shop: Shop) -> None:
    endpoint = Endpoint.objects.create(
        account=shop.account,
        url="https://example.com/h",
        events=["verify.success"],
        secrets=[seal("whsec_x")],
    )
    session_id, code = shop.sent()
    shop.check(session_id, other_than(code))
    assert not Event.objects.filter(type="verify.success").exists()
    done = shop.check(session_id, code).body
    event = Event.objects.get(subject_id=read("session", session_id))
    assert (event.type, event.account_id, event.mode) == ("verify.success", shop.account.id, "live")
    assert event.payload["session_id"] == session_id
    assert (event.payload["to"], event.payload["verified_at"]) == (PHONE, done["verified_at"])
    assert code not in str(event.payload)
    assert Delivery.objects.get(endpoint=endpoint).type == "verify.success"


def test_the_database_itself_refuses_a_fourth_try_and_a_second_open_code(shop: Shop) -> None:
    session_id, _ = shop.sent()
    row = Session.objects.get(pk=read("session", session_id))
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=row.pk).update(attempts=4)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_new_code_replaces_the_old_and_both_are_other_messages(shop: Shop) -> None:
    first, old = shop.sent()
    age(seconds=31)
    answer = shop.send().body
    assert shop.check(first, old).code == "SESSION_NOT_FOUND"
    assert shop.check(answer["session_id"], code_in(carried(answer["message_id"]))).status == 200
