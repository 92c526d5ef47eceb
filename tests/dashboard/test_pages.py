"""The pages keep to rights, accounts and modes, ask the database a bounded number of questions, and send once."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import ids
from accounts.models import Account, ApiKey, Membership, User
from messaging.models import Message
from tests.dashboard.conftest import SignIn
from tests.ops.worlds import message, opened

pytestmark = pytest.mark.django_db
Role = Membership.Role
PAGES = {
    "/dashboard/": set(Role),
    "/dashboard/messages/": set(Role),
    "/dashboard/send/": {Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.SENDER},
    "/dashboard/developers/": {Role.OWNER, Role.ADMIN, Role.DEVELOPER},
}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_may_and_nothing_else(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    opened_pages = {path for path in PAGES if client.get(path).status_code == 200}
    assert opened_pages == {path for path, roles in PAGES.items() if role in roles}
    assert {client.get(path).status_code for path in set(PAGES) - opened_pages} <= {403}


@pytest.mark.parametrize("path", list(PAGES))
def test_strangers_are_led_to_the_sign_in_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


def test_who_belongs_to_no_account_is_led_to_opening_one(client: Client) -> None:
    client.force_login(User.objects.create_user("new@example.test", "a long password"))
    assert client.get("/dashboard/")["Location"] == "/dashboard/welcome"
    form = {"name": "Atlas Shop", "country": "MA", "currency": "MAD"}
    assert client.post("/dashboard/welcome", form)["Location"] == "/dashboard/"
    membership = Membership.objects.get(user__email="new@example.test")
    assert (membership.role, membership.account.name) == (Role.OWNER, "Atlas Shop")
    assert client.post("/dashboard/welcome", form)["Location"] == "/dashboard/"
    assert Membership.objects.filter(user=membership.user).count() == 1


def test_a_strangers_message_answers_like_one_that_is_not_there(sign_in: SignIn) -> None:
    client = sign_in()
    foreign = message(opened().account, mode="test")
    assert client.get(f"/dashboard/messages/{ids.show('message', foreign.id)}").status_code == 404
    assert client.post(f"/dashboard/messages/{ids.show('message', foreign.id)}/cancel").status_code == 404


def test_live_messages_do_not_show_in_the_sandbox(sign_in: SignIn, account: Account) -> None:
    live = message(account, mode="live")
    assert client_sees(sign_in(), live) is False


def client_sees(client: Client, row: Message) -> bool:
    """Whether the list names a message."""
    return ids.show("message", row.id) in client.get("/dashboard/messages/").content.decode()


@pytest.mark.parametrize("path", ["/dashboard/", "/dashboard/messages/", "/dashboard/developers/"])
def test_more_rows_ask_no_more_questions(sign_in: SignIn, account: Account, path: str) -> None:
    client = sign_in()
    message(account, mode="test")
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for _ in range(20):
        message(account, mode="test")
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) < 30


def test_a_form_pressed_twice_sends_once(sign_in: SignIn, account: Account) -> None:
    client = sign_in()
    found = re.search(r'name="key" value="([^"]+)"', client.get("/dashboard/send/").content.decode())
    assert found is not None
    form = {"to": "+212600000000", "sender": "", "text": "Bonjour", "key": found.group(1)}
    answers = {client.post("/dashboard/send/", form)["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert Message.objects.filter(account=account).count() == 1


def test_a_bad_number_is_said_beside_its_field(sign_in: SignIn, account: Account) -> None:
    form = {"to": "0612", "sender": "", "text": "Bonjour", "key": "k"}
    answer = sign_in().post("/dashboard/send/", form)
    assert answer.status_code == 200
    assert 'id="id_to-error"' in answer.content.decode()
    assert not Message.objects.filter(account=account).exists()


def test_a_key_is_shown_once_and_ended_for_good(sign_in: SignIn, account: Account) -> None:
    client = sign_in()
    made = client.post("/dashboard/developers/", {"name": "Shop", "compat": "native", "networks": ""})
    key = ApiKey.objects.get(account=account, name="Shop")
    assert made.content.decode().count(key.prefix) > 1
    assert re.search(r"rsl_test_[A-Za-z0-9_-]{43}", made.content.decode())
    assert not re.search(r"rsl_test_[A-Za-z0-9_-]{43}", client.get("/dashboard/developers/").content.decode())
    client.post(f"/dashboard/developers/keys/key_{key.id.hex}/revoke")
    key.refresh_from_db()
    assert key.active is False


def test_nobody_looks_into_an_account_they_do_not_belong_to(sign_in: SignIn, account: Account) -> None:
    client = sign_in()
    other = opened().account
    client.post("/dashboard/switch", {"account": str(other.id)})
    assert client.session.get("account") is None
    moved = client.post("/dashboard/switch", {"mode": "live", "next": "https://example.test/"})
    assert moved["Location"] == "/dashboard/"
    assert client.session["mode"] == "live"


def test_mails_lead_to_our_own_address_whatever_the_request_calls_us(
    account: Account, client: Client
) -> None:
    user = User.objects.create_user("amal@example.test", "a long password")
    client.post("/account/password/reset/", {"email": user.email}, headers={"host": "evil.test"})
    (sent,) = mail.outbox
    assert "evil.test" not in sent.subject + str(sent.body)
    assert f"{settings.PUBLIC_URL}/account/password/reset/key/" in str(sent.body)
