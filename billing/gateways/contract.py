"""What a payment gateway is: it begins a payment, and reads what its callback says into a fact that was checked to be the
gateway's own. Whether the fact fits the top-up is not its business (`billing/settle.py`)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import ClassVar


class GatewayAway(Exception):
    """The gateway did not answer, or said that it cannot now. The same top-up may be begun again."""


class BadCallback(Exception):
    """A callback that the gateway did not sign, or nobody can read. The text is for our log: it holds no secret."""


@dataclass(frozen=True, slots=True)
class Order:
    """What has to be paid: `topup` is the top-up's public id, `amount` in units of `currency` with two decimals.

    `return_url` is where browsers go afterwards, `callback_url` where the gateway reports to. Both are of this host.
    """

    topup: str
    amount: Decimal
    currency: str
    description: str
    language: str
    return_url: str
    callback_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """What came of beginning: the gateway's own reference, and the address at which it is paid."""

    reference: str
    payment_url: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a payer's browser has to post to a gateway that wants to be entered so."""

    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Callback:
    """An HTTP request of a gateway: header names in lower case, the body as it came."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Paid:
    """The gateway says that `topup` was paid by the payment `payment`. `reference` is what `Begun` called it, if given."""

    topup: str
    amount: Decimal
    currency: str
    payment: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """The gateway says that `topup` will not be paid this way; `why` is a short word."""

    topup: str
    why: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reversed:
    """Money of the payment `payment` went back, or may: `kind` is `refund` or `dispute`, `event` names the news."""

    payment: str
    kind: str
    event: str
    amount: Decimal
    currency: str


Fact = Paid | Declined | Reversed


class Verdict(Enum):
    """What we made of a callback: `TAKEN` the payment stands in the ledger (now or since before), `NOTED` nothing to
    book, `REFUSED` a payment that is not what was asked for, `FORGED` not the gateway's."""

    TAKEN = "taken"
    NOTED = "noted"
    REFUSED = "refused"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer that a gateway wants to its callback."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True)
class Gateway(ABC):
    """One way to pay, configured. `name` is its `payment_method`; `life` how long a payment begun may take."""

    name: ClassVar[str]
    life: ClassVar[timedelta] = timedelta(hours=23)
    currency: str = field(default="MAD", kw_only=True)

    def lasts(self) -> timedelta:
        """How long a top-up waits for its payment."""
        return self.life

    def begin(self, order: Order) -> Begun | None:
        """Announce the payment to the gateway, once per top-up however often it is called; None where there is nothing
        to announce. Raises `GatewayAway`."""
        return None

    def form(self, order: Order) -> Form | None:
        """What to post to enter the gateway; None if it is entered by the address of `begin`, or not at all."""
        return None

    @abstractmethod
    def read(self, callback: Callback) -> Fact | None:
        """What a callback says, None for what concerns no top-up. Raises `BadCallback`."""

    @abstractmethod
    def reply(self, verdict: Verdict) -> Reply:
        """The answer to a callback."""
