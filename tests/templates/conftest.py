"""What the tests of templates share: a client of the API in this process, and an operator's approval."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts import ids
from accounts.models import Account
from billing import pricing
from messaging import routing, templates
from messaging.models import Template
from messaging.sending import route
from tests.contacts.conftest import Api
from tests.ops.worlds import opened

BODY = "Bonjour {{name}}, votre colis arrive {{ day }}."


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No routes and prices of former tests."""
    route.forget()
    pricing.forget()
    yield
    route.forget()


@pytest.fixture
def account(db: None) -> Account:
    routing.add(carrier="simulator", prefix="", channel="sms", priority=9, actor="test")
    route.forget()
    return opened().account


@pytest.fixture
def api(account: Account) -> Api:
    return Api(account)


def made(api: Api, **fields: Any) -> dict[str, Any]:
    """A draft."""
    answer: dict[str, Any] = api.post("templates", {"name": "Parcel", "body": BODY, **fields})
    return answer


def submitted(api: Api, **fields: Any) -> str:
    """The id of a template that waits."""
    shown: str = made(api, **fields)["id"]
    assert api.post(f"templates/{shown}/submit", {}, 200)["status"] == "pending"
    return shown


def decide(shown: str, *, reason: str = "") -> None:
    """The operator approves the newest version, or rejects it for a reason."""
    version = templates.newest(Template.objects.get(pk=ids.read("template", shown)))
    if reason:
        templates.reject(version.id, actor="boss@risala.test", reason=reason)
    else:
        templates.approve(version.id, actor="boss@risala.test")


def approved(api: Api, **fields: Any) -> str:
    """The id of a template that may be sent."""
    shown = submitted(api, **fields)
    decide(shown)
    return shown
