"""What the tests of one-time codes share: an account with money and a route, its keys, and the code that the carrier got."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts import keys
from accounts.api import authentication
from accounts.ids import new_id, read
from accounts.models import Account, Membership, User
from accounts.vault import seal
from billing import ledger
from messaging import routing
from messaging.models import Carrier, Message
from messaging.sending import claim, route
from verify import guard
from verify.models import Session

URGENT = 1
PHONE = "+212661234567"


@dataclass
class Answer:
    """An answer as a client sees it."""

    status: int
    body: dict[str, Any]
    headers: Any
    text: str

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])


@dataclass
class Shop:
    """A customer: an account with keys, and a client."""

    account: Account
    client: Client = field(default_factory=Client)
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def key(self, mode: str, compat: str) -> str:
        if (mode, compat) not in self.made:
            made = keys.issue(self.account, mode=mode, compat=compat, rate_per_minute=0)[1]
            self.made[mode, compat] = made
        return self.made[mode, compat]

    def ask(
        self,
        path: str,
        body: object = None,
        *,
        mode: str = "live",
        compat: str = "native",
        **headers: str,
    ) -> Answer:
        headers["authorization"] = f"Bearer {self.key(mode, compat)}"
        if body is None:
            answer: Any = self.client.get(path, headers=headers)
        else:
            answer = self.client.post(
                path, json.dumps(body), content_type="application/json", headers=headers
            )
        return Answer(answer.status_code, json.loads(answer.content), answer.headers, answer.content.decode())

    def send(self, to: str = PHONE, *, mode: str = "live", compat: str = "native", **more: Any) -> Answer:
        return self.ask("/v1/verify/send", {"to": to, **more}, mode=mode, compat=compat)

    def check(self, session_id: str, code: str, *, mode: str = "live") -> Answer:
        return self.ask("/v1/verify/check", {"session_id": session_id, "code": code}, mode=mode)

    def sent(self, to: str = PHONE, **more: Any) -> tuple[str, str]:
        """Send a code that must be taken: (session id, the code that the carrier would get)."""
        answer = self.send(to, **more)
        assert answer.status == 202, answer.text
        return answer.body["session_id"], code_in(carried(answer.body["message_id"]))


def carried(message_id: str) -> str:
    """The text as a carrier is given it. The message goes back into the queue."""
    message = Message.objects.get(pk=read("message", message_id))
    with transaction.atomic():
        claimed = claim.due(message.carrier_id or 0, URGENT, new_id(), 500)
        transaction.set_rollback(True)
    return next(one.text for one in claimed.submissions if one.id == message.id)


def code_in(text: str) -> str:
    """The first run of 4 to 8 digits."""
    found = re.search(r"(?<!\d)\d{4,8}(?!\d)", text)
    assert found, text
    return found[0]


def other_than(code: str) -> str:
    """A wrong code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def age(session_id: str | None = None, *, seconds: float) -> None:
    """Let so much time have passed since a session was made (all of them without one); its end comes nearer too."""
    rows = (
        Session.objects.all()
        if session_id is None
        else Session.objects.filter(pk=read("session", session_id))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE verify_session SET created_at = created_at - make_interval(secs => %s),"
            " expires_at = expires_at - make_interval(secs => %s) WHERE id = ANY(%s::uuid[])",
            [seconds, seconds, [row.pk for row in rows]],
        )


def open_shop(name: str = "Atlas") -> Shop:
    """An account with 550 MAD."""
    account = Account.objects.create(
        name=name,
        currency="MAD",
        plan="business",
        language="fr",
        channels=["whatsapp"],
        callback_secret=seal("x"),
    )
    user = User.objects.create_user(f"{account.id.hex}@atlas.test")
    Membership.objects.create(account=account, user=user, role=Membership.Role.OWNER)
    with transaction.atomic():
        ledger.open(account.id, "MAD")
        ledger.topup(account.id, Decimal("550"), reference=new_id(), actor="test")
    for channel in ("sms", "whatsapp"):
        routing.add(
            carrier="simulator", prefix="", channel=channel, priority=1, account=account, actor="test"
        )
    Carrier.objects.filter(name="simulator").update(enabled=True)
    return Shop(account)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    for forget in (authentication.forget, route.forget, guard.forget):
        forget()
    yield
    for forget in (authentication.forget, route.forget, guard.forget):
        forget()


@pytest.fixture
def shops(db: None) -> Callable[..., Shop]:
    return open_shop


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Shop:
    return shops()
