"""What the inbound tests share: accounts with an API client, texts as carriers hand them in, and what came of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.ids import new_id
from messaging import inbound, receiving
from messaging.carriers.inbound import Inbound, Part
from messaging.models import Carrier, InboundNumber, Message
from messaging.models.message import RANK, Status
from tests.contacts.conftest import Api, new_account
from webhooks.models import Endpoint, Event

LINE = "+212520000000"
WRITER = "+212612345678"
AT = datetime(2026, 5, 15, 10, 30, tzinfo=UTC)
Write = Callable[..., int]


@pytest.fixture
def carrier(db: None) -> Carrier:
    return Carrier.objects.create(name="iam-1", kind="simulator")


@pytest.fixture
def write(carrier: Carrier) -> Write:
    """A carrier hands in a text, and it is applied: `write("STOP", from_=…, reference=…, part=Part(7, 1, 2))`."""

    def hand_in(text: str, *, apply: bool = True, reference: str = "", **more: Any) -> int:
        values = {"channel": "sms", "from_": WRITER, "to": LINE, "received_at": AT, "raw": b"raw", **more}
        kept = receiving.receive([Inbound(carrier.pk, text=text, carrier_reference=reference, **values)])
        if apply:
            inbound.apply_due()
        return kept

    return hand_in


@pytest.fixture
def api(db: None) -> Api:
    """A live key of an account that has the line, and an endpoint for everything."""
    account = new_account(country="MA")
    InboundNumber.objects.create(number=LINE, account=account)
    Endpoint.objects.create(account=account, url="https://a.example/", events=["*"], secrets=[b"x"])
    return Api(account)


def sent(api: Api, *, sender: str = LINE, to: str = WRITER) -> Message:
    """A message that a carrier has of the account."""
    now = datetime.now(UTC)
    return Message.objects.create(
        account=api.account,
        mode="live",
        lane=2,
        channel="sms",
        charge_reference=new_id(),
        to=to,
        country="MA",
        sender=sender,
        text="Bonjour",
        encoding="gsm7",
        segments=1,
        price=0,
        currency="MAD",
        price_mad=0,
        price_eur=0,
        status=Status.SENT,
        rank=RANK[Status.SENT],
        expires_at=now,
        submitted_at=now,
        sent_at=now,
    )


def told(api: Api) -> list[tuple[str, dict[str, Any]]]:
    """Type and facts of the account's events, in order."""
    rows = Event.objects.filter(account=api.account).order_by("id")
    return [(row.type, row.payload) for row in rows]


__all__ = ["LINE", "WRITER", "Api", "Part", "Write", "new_account", "sent", "told"]
