"""What every carrier adapter is: configuration in, results out. No ORM, no settings, no Celery here or in any adapter.

An adapter answers a submit with one of four types, and the difference between them is money: `Accepted` (the carrier
has it), `Rejected` (it will never take it), `TryLater` (it certainly did not take it this time), `Unknown` (the
answer was lost, so it may have). `docs/promises.md` says what follows from each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

Channel = Literal["sms", "whatsapp", "telegram"]
ReceiptStatus = Literal["buffered", "sent", "delivered", "undeliverable", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class CarrierConfig:
    """One carrier row as an adapter sees it.

    `settings` are the row's public settings and `secrets` its decrypted credentials, both text to text.
    `timeout_seconds` bounds one submit by wall clock; `window` is how many submits may be in flight at once;
    `callback_url` is where this carrier should post receipts ("" when the public address is unknown).
    """

    id: int
    name: str
    kind: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    timeout_seconds: float
    window: int
    callback_url: str


@dataclass(frozen=True, slots=True)
class ProviderTemplate:
    """A template that the channel's provider knows, in place of the text. `values` fill its slots in their order; `one_time_code`
    says that it is one for codes, whose first value is the code."""

    name: str
    language: str
    values: tuple[str, ...] = field(default=(), repr=False)
    one_time_code: bool = False


@dataclass(frozen=True, slots=True)
class SimLine:
    """A SIM of the operator's own in a gateway: our id of it, its number in E.164, and where it sits."""

    id: int
    number: str
    port: int | None
    slot: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt at one message. `to` is E.164 with `+`; `segments` at least 1; `reference` is ours, unique per
    attempt's message, and is echoed by carriers that can. A `secret` text holds a code: it is never logged. `buttons` are
    the customer's (type copy, url or call); `code` is the one-time code in the text, "" if there is none. `sim` is by which SIM it
    goes, at a carrier that is a gateway."""

    id: UUID
    attempt: int
    to: str
    sender: str
    text: str = field(repr=False)
    encoding: Literal["gsm7", "ucs2"]
    segments: int
    channel: Channel
    expires_at: datetime
    metadata: Mapping[str, object] = field(default_factory=dict)
    secret: bool = False
    buttons: tuple[Mapping[str, object], ...] = ()
    template: ProviderTemplate | None = None
    code: str = field(default="", repr=False)
    sim: SimLine | None = None

    @property
    def reference(self) -> str:
        """Our reference at the carrier: the message id as 32 hexadecimal digits."""
        return self.id.hex


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has the message. `reference` is the carrier's id, "" if it gave none; `parts` its ids per segment."""

    reference: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """The carrier refused the message for good. `code` is the carrier's own code, `reason` our stable one."""

    code: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TryLater:
    """The carrier certainly did not take the message this time.

    `cause`: `unreachable` (connect, DNS, TLS, not bound), `throttled` (slow down; costs no attempt), `queue_full`,
    or `denied` (credentials or credit: the whole carrier is paused). `after_seconds` is the carrier's own wish.
    """

    code: str
    cause: Literal["unreachable", "throttled", "queue_full", "denied"]
    detail: str = ""
    after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost after the request may have been read: the message may or may not be on its way. `unlisted`: it
    was not lost but could not be understood; `code` is the carrier's own word that no setting lists."""

    code: str
    detail: str = ""
    unlisted: bool = False


Result = Accepted | Rejected | TryLater | Unknown


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery report, as parsed. At least one of `reference` (the carrier's id) and `our_id` is known.
    `code` is the carrier's own status or error code, `reason` our stable one for failures."""

    reference: str
    status: ReceiptStatus
    code: str = ""
    reason: str = ""
    our_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedReceipt:
    """A receipt known at submit time, by a carrier that has no network of its own to send it over.

    Due `delay_seconds` after the submit. `before_answer` says that it arrives before the submit's answer
    does, so it is to be recorded before the outcome. Stored in the outcome's transaction, so that a crash
    loses none.
    """

    delay_seconds: float
    receipt: Receipt
    before_answer: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """A carrier's HTTP call to us, as received. Header names are lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class BadCallback(Exception):
    """The callback is not one of this carrier's: forged, or of a form that was never documented."""


class Carrier(Protocol):
    """An adapter. Built once per process and carrier row; `submit` is called concurrently, at most `window` at once."""

    kind: str
    channels: frozenset[Channel]
    deduplicates: bool
    """True if a repeated `reference` is never sent twice by this carrier (so an unknown outcome may be resent)."""

    def __init__(self, config: CarrierConfig) -> None: ...

    async def submit(self, submission: Submission) -> Result:
        """Hand one message over. Never raises for what a carrier or a network can do: that is a `Result`."""
        ...

    async def probe(self) -> Result:
        """Ask whether the carrier would take messages now, without sending one."""
        ...

    async def close(self) -> None:
        """Release sockets."""
        ...

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """The receipts in a callback, in order. Raises `BadCallback`."""
        ...

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each; empty when it can be used."""
        ...


@runtime_checkable
class PlansReceipts(Protocol):
    """A carrier that says at submit time which receipts will follow, instead of sending them by itself."""

    def planned_receipts(self, submission: Submission, result: Result) -> Sequence[PlannedReceipt]:
        """The receipts that follow this answer to this submission, earliest first. The same answer for the
        same arguments, so it may be asked again after a crash."""
        ...


@runtime_checkable
class AnswersChallenges(Protocol):
    """A carrier that asks by GET, before it posts anything, whether an address is ours."""

    @classmethod
    def challenge(cls, config: CarrierConfig, callback: Callback) -> str | None:
        """The plain text to answer with; None if the call is no challenge. Raises `BadCallback` for a wrong one."""
        ...


@runtime_checkable
class Rehearses(Protocol):
    """A carrier whose request can be shown without sending it, and that can be asked what an answer would mean."""

    def preview(self, submission: Submission) -> str:
        """The request of a submission as text, credentials masked. Raises ValueError when it cannot be written."""
        ...

    def judge(self, status: int, body: bytes) -> Result:
        """What an answer of this HTTP status and body would be taken for."""
        ...


@runtime_checkable
class PollsReceipts(Protocol):
    """A carrier that can be asked what became of messages; it is, while `polls` is true."""

    polls: bool

    async def poll(self, references: Sequence[str]) -> Sequence[Receipt]:
        """What is known by now of messages, by the carrier's own ids of them; nothing for what it does not say."""
        ...


@runtime_checkable
class ProbesSims(Protocol):
    """A gateway that can be asked about one of its SIMs."""

    async def probe_sim(self, sim: SimLine) -> Result:
        """Whether this SIM would take messages now."""
        ...
