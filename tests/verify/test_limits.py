"""The limits of live keys, each at its edge and one past it; and that none of them touches a test key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from accounts.models import AuditEntry
from messaging.models import Message
from tests.verify.conftest import PHONE, Answer, Shop, age
from verify import alarm, guard
from verify.models import CountryBlock, Session

IP = "41.248.1.1"


def _refused(answer: Answer, code: str, *, least: int, most: int) -> None:
    assert (answer.status, answer.code) == (429, code), answer.text
    assert least <= int(answer.headers["Retry-After"]) <= most


def _number(index: int) -> str:
    """Numbers of different blocks."""
    return f"+2126611{index:03d}00"


def test_a_number_gets_one_code_in_thirty_seconds_whoever_sends(shops: Callable[..., Shop]) -> None:
    one, other = shops("Atlas"), shops("Rif")
    assert one.send().status == 202
    for shop in (one, other):
        _refused(shop.send(), "RESEND_COOLDOWN", least=28, most=30)
    assert Message.objects.count() == 1
    age(seconds=29)
    _refused(other.send(), "RESEND_COOLDOWN", least=1, most=1)
    age(seconds=1)
    assert other.send().status == 202


def test_a_number_gets_five_codes_in_ten_minutes(shop: Shop) -> None:
    for _ in range(5):
        assert shop.send().status == 202
        age(seconds=31)
    _refused(shop.send(), "RATE_LIMITED", least=440, most=446)
    age(seconds=445)
    assert shop.send().status == 202


def test_a_number_gets_ten_codes_a_day(shop: Shop) -> None:
    for _ in range(10):
        assert shop.send().status == 202
        age(seconds=601)
    _refused(shop.send(), "RATE_LIMITED", least=86_400 - 6100, most=86_400 - 6009)
    age(seconds=86_400 - 6010)
    assert shop.send().status == 202


def test_a_number_gets_three_short_codes_an_hour(shop: Shop) -> None:
    for _ in range(3):
        assert shop.send(code_length=4).status == 202
        age(seconds=300)
    _refused(shop.send(code_length=4), "RATE_LIMITED", least=3600 - 910, most=3600 - 899)
    assert shop.send(code_length=6).status == 202
    age(seconds=3600 - 900)
    assert shop.send(code_length=4).status == 202


def test_an_account_sends_twenty_codes_an_hour_to_a_hundred_numbers(shops: Callable[..., Shop]) -> None:
    one, other = shops("Atlas"), shops("Rif")
    for index in range(20):
        assert one.send(f"+2126612345{index % 5:02d}").status == 202
        age(seconds=121 if index % 5 == 4 else 1)
    _refused(one.send("+212661234599"), "RATE_LIMITED", least=3600 - 520, most=3600 - 490)
    assert other.send("+212661234599").status == 202
    assert one.send("+212661234699").status == 202


def test_an_address_asks_for_ten_codes_an_hour(shop: Shop) -> None:
    for index in range(10):
        assert shop.send(_number(index), end_user_ip=IP).status == 202
    _refused(shop.send(_number(10), end_user_ip=f"::ffff:{IP}"), "RATE_LIMITED", least=3590, most=3600)
    assert shop.send(_number(10), end_user_ip="41.248.1.2").status == 202
    assert shop.send(_number(11)).status == 202


def test_the_eleventh_number_in_a_row_closes_the_country_for_an_hour(shop: Shop) -> None:
    for index in range(10):
        assert shop.send(f"+2126612345{index:02d}").status == 202
    sent = Message.objects.count()
    for to in ("+212661234510", "+212700000001"):
        closed = shop.send(to)
        assert (closed.status, closed.code) == (403, "COUNTRY_NOT_ALLOWED")
    assert Message.objects.count() == sent
    assert CountryBlock.objects.get(account=shop.account).reason == "sequential"
    assert AuditEntry.objects.filter(account=shop.account, action="verify.country_closed").count() == 1
    assert (alarm.tell_due(), alarm.tell_due()) == (1, 0)
    assert len(mail.outbox) == 1
    CountryBlock.objects.update(until="2020-01-01T00:00:00Z")
    age(seconds=601)
    assert shop.send("+212661234510").status == 202


@pytest.fixture
def busy(shop: Shop) -> Callable[..., None]:
    """Sessions of so many seconds ago, of which some were verified; as rows, for they are many."""

    def make(count: int, verified: int, *, seconds: int = 301, country: str = "MA") -> None:
        shop_id, start = shop.account.id, Session.objects.count()
        rows = [
            Session(
                account_id=shop_id,
                mode="live",
                phone=_number(start + index),
                block=_number(start + index)[:-2],
                country=country,
                channel="sms",
                message_id=shop_id,
                code_length=6,
                state="verified" if index < verified else "expired",
                verified_at="2026-01-01T00:00:00Z" if index < verified else None,
                expires_at="2026-01-01T00:00:00Z",
            )
            for index in range(count)
        ]
        made = {row.pk for row in Session.objects.bulk_create(rows)}
        for pk in made:
            age(f"vrf_{pk.hex}", seconds=seconds)

    return make


def test_more_than_fifty_an_hour_that_nobody_verifies_close_the_country(
    shop: Shop, busy: Callable[..., None]
) -> None:
    busy(49, 0)
    assert shop.send().status == 202
    age(seconds=301)
    guard.forget()
    closed = shop.send("+212700000001")
    assert (closed.status, closed.code) == (403, "COUNTRY_NOT_ALLOWED")
    assert CountryBlock.objects.get(account=shop.account).reason == "unverified"


def test_a_launch_closes_nothing_until_people_had_their_time(shop: Shop, busy: Callable[..., None]) -> None:
    busy(300, 3, seconds=120)
    assert shop.send().status == 202
    age(seconds=60)
    guard.forget()
    assert shop.send("+212700000001").status == 202
    age(seconds=130)
    guard.forget()
    assert shop.send("+212700000002").code == "COUNTRY_NOT_ALLOWED"


def test_the_time_is_a_minute_where_very_many_are_sent(shop: Shop, busy: Callable[..., None]) -> None:
    busy(501, 0, seconds=5)
    assert shop.send().status == 202
    age(seconds=60)
    guard.forget()
    assert shop.send("+212700000001").code == "COUNTRY_NOT_ALLOWED"


def test_a_few_old_codes_say_nothing_of_many_new_ones(shop: Shop, busy: Callable[..., None]) -> None:
    busy(49, 0)
    busy(100, 0, seconds=30)
    assert shop.send().status == 202


def test_a_fifth_verified_is_enough(shop: Shop, busy: Callable[..., None]) -> None:
    busy(60, 12)
    assert shop.send().status == 202


def test_a_share_that_is_usual_for_the_account_closes_nothing(shop: Shop, busy: Callable[..., None]) -> None:
    busy(100, 20, seconds=2 * 86_400)
    busy(50, 6)
    assert shop.send().status == 202


def test_a_share_below_half_of_the_usual_one_does(shop: Shop, busy: Callable[..., None]) -> None:
    busy(100, 30, seconds=2 * 86_400)
    busy(50, 6)
    assert shop.send().code == "COUNTRY_NOT_ALLOWED"


def test_test_keys_have_no_limit_but_three_tries(shop: Shop) -> None:
    for index in range(12):
        assert shop.send(f"+2126612345{index:02d}", mode="test", code_length=4, end_user_ip=IP).status == 202
        assert shop.send(PHONE, mode="test", code_length=4, end_user_ip=IP).status == 202
    assert shop.send(PHONE, end_user_ip=IP).status == 202


@pytest.mark.parametrize(
    "name",
    ["OTP_COOLDOWN_SECONDS", "OTP_PHONE_PER_TEN_MINUTES", "OTP_SHORT_CODES_PER_HOUR", "OTP_IP_PER_HOUR"],
)
def test_zero_switches_a_limit_off(shop: Shop, settings: Any, name: str) -> None:
    settings.OTP_COOLDOWN_SECONDS = 0
    for other in ("OTP_PHONE_PER_TEN_MINUTES", "OTP_SHORT_CODES_PER_HOUR", "OTP_IP_PER_HOUR"):
        setattr(settings, other, 1)
    setattr(settings, name, 0)
    assert shop.send(code_length=4, end_user_ip=IP).status == 202
    again = shop.send(code_length=4, end_user_ip=IP)
    assert again.status == (429)
    for other in ("OTP_PHONE_PER_TEN_MINUTES", "OTP_SHORT_CODES_PER_HOUR", "OTP_IP_PER_HOUR"):
        setattr(settings, other, 0)
    assert shop.send(code_length=4, end_user_ip=IP).status == 202
