"""A draft is what a customer wants sent; `prepare` makes it ready to store, or refuses it. Checks the number, country,
channel, sender and text, counts the segments, prices and routes. No database but tables kept for seconds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from accounts import vault
from accounts.caller import AccountFacts
from accounts.freshness import Fresh
from accounts.ids import new_id
from accounts.refusals import Code, Refused
from billing import plans, pricing
from contacts import phone
from messaging import senders, text
from messaging.carriers.contract import ProviderTemplate
from messaging.models.message import Lane
from messaging.sending import route

CHANNELS = ("sms", "whatsapp", "telegram")
MAX_CHARACTERS = 1600
MOST_GIVEN_CHARACTERS = 10 * MAX_CHARACTERS  # before cleaning: one long text to ten thousand numbers is work
ZERO = Decimal(0)
E164_SHAPE = re.compile(r"\+[0-9]{7,15}")


@dataclass(frozen=True, slots=True)
class ChosenSim:
    """A SIM of the operator's pool: it decides the carrier, and its number is the sender id, which needs no approval."""

    id: int
    carrier_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One text to one recipient, as asked. `param` is where it stands in the request, such as `messages[3].`.

    `shown_text` makes the text a secret: it is kept sealed, for the carrier only, and everybody else sees `shown_text` in
    its place. `expires_in_seconds` is the validity, counted from now or from `scheduled_at`; None for the lane's own.
    `country` says that the door has checked `to` already: it is E.164, of that country. `sim` decides carrier and sender.
    `refusal` is what the door found wrong with this item alone. `template` is what WhatsApp sends in place of the text, and
    `code` the one-time code in the text, which goes into the operator's own template.
    """

    to: str
    text: str = field(repr=False)
    sender: str = ""
    channel: str = "sms"
    cascade: bool = False
    truncate: bool = False
    scheduled_at: datetime | None = None
    callback_url: str | None = None
    metadata: Mapping[str, object] | None = None
    buttons: Sequence[Mapping[str, object]] | None = None
    param: str = ""
    shown_text: str | None = None
    expires_in_seconds: int | None = None
    country: str = ""
    sim: ChosenSim | None = None
    refusal: Refused | None = None
    template: ProviderTemplate | None = None
    code: str = field(default="", repr=False)

    def param_of(self, name: str) -> str:
        """A field of this draft in the caller's words; of a list of numbers, only the number is the item's own."""
        if self.param.startswith("to["):
            return self.param.rstrip(".") if name == "to" else name
        return self.param + name


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf drafts are sent: the account, and the key or person that asked."""

    account: AccountFacts
    mode: str
    lane: Lane
    api_key_id: UUID | None = None
    campaign_id: UUID | None = None
    request_id: str | None = None
    actor: str = "api"


@dataclass(slots=True)
class Ready:
    """A draft that may be stored. Prices are of the whole message; `price` is in the account's currency. `sealed_text` is
    what the carrier gets instead of `text`, sealed; None when that is `text` itself. `provider_template` is as it is kept."""

    id: UUID
    draft: Draft
    to: str
    country: str
    sender: str
    text: str
    encoding: str
    segments: int
    carrier_id: int
    price: Decimal
    price_mad: Decimal
    price_eur: Decimal
    refund_undeliverable: bool
    share: int
    visible_at: datetime
    expires_at: datetime
    scheduled: bool
    truncated: bool = False
    duplicate_suspected: bool = False
    sealed_text: bytes | None = None
    provider_template: Mapping[str, object] | None = None
    problems: list[str] = field(default_factory=list)


def _sender_rules(key: tuple[UUID, str]) -> senders.SenderRules:
    account_id, plan = key
    facts = plans.plan(plan)
    return senders.rules_of(account_id, plan_requires_approval=bool(facts and facts.require_sender_approval))


_rules: Fresh[tuple[UUID, str], senders.SenderRules] = Fresh(_sender_rules, seconds=3)


def _recipient(draft: Draft, sender: Sender) -> tuple[str, str]:
    """The number as E.164 and its country; test keys take any number of E.164 shape."""
    param = draft.param_of("to")
    account = sender.account
    try:
        if draft.country:
            found = phone.Phone(draft.to, draft.country, "mobile")
        elif sender.mode == "test":
            return phone.shape(draft.to, account.country), account.country
        else:
            found = phone.parse(draft.to, account.country)
    except phone.InvalidPhone as error:
        raise Refused(
            Code.INVALID_PHONE,
            f"{param} must be E.164 format, for example +212612345678: {error}",
            param=param,
        ) from None
    if found.country not in account.allowed_countries and sender.mode != "test":
        raise Refused(
            Code.COUNTRY_NOT_ALLOWED,
            f"This account may not send to {found.country}; ask the operator.",
            param=param,
        )
    return found.e164, found.country


def check_channel(channel: str, sender: Sender, param: str = "channel") -> None:
    """Raises `Refused`: unknown channel, one the operator has not configured, one the account may not use, in that order."""
    if channel not in CHANNELS:
        raise Refused(Code.INVALID_CHANNEL, "channel must be sms, whatsapp, or telegram.", param=param)
    if not route.configured(channel, mode=sender.mode):
        raise Refused(
            Code.CHANNEL_NOT_CONFIGURED, f"The channel {channel} is not configured here.", param=param
        )
    if channel not in sender.account.channels:
        raise Refused(
            Code.CHANNEL_NOT_ALLOWED, f"The channel {channel} is not enabled for this account.", param=param
        )


def _checked_name(key: tuple[UUID, str, str]) -> str:
    """A sender id of an account and plan, in its right form and allowed. Raises `Refused`, which is not kept."""
    account_id, plan, given = key
    name = senders.check_form(given)
    _rules.get((account_id, plan)).check(name)
    return name


_names: Fresh[tuple[UUID, str, str], str] = Fresh(_checked_name, seconds=1)


def _sender_id(draft: Draft, sender: Sender) -> str:
    if draft.sim is not None:
        return draft.sim.number
    account = sender.account
    if draft.sender:
        return _names.get((account.id, account.plan, draft.sender))
    name = account.default_sender or settings.BRAND_DEFAULT_SENDER
    _rules.get((account.id, account.plan)).check(name)
    return name


def check_sender(name: str, sender: Sender) -> str:
    """The sender id that messages from `name`, or from nobody in particular, would have. Raises `Refused`."""
    return _sender_id(Draft(to="", text="", sender=name), sender)


def _text(draft: Draft, sender: Sender) -> tuple[str, bool, text.Measure]:
    """The cleaned text, whether it was cut, and its measure."""
    param = draft.param_of("message")
    cleaned = text.clean(draft.text[:MOST_GIVEN_CHARACTERS])
    if not cleaned.strip():
        raise Refused(Code.MISSING_FIELD, f"{param} is required and must hold visible text.", param=param)
    cut = len(cleaned) > MAX_CHARACTERS or len(draft.text) > MOST_GIVEN_CHARACTERS
    if cut and not draft.truncate:
        length = len(draft.text) if len(draft.text) > MOST_GIVEN_CHARACTERS else len(cleaned)
        raise Refused(
            Code.MESSAGE_TOO_LONG,
            f"{param} has {length} characters; at most {MAX_CHARACTERS} are taken.",
            param=param,
        )
    cleaned = cleaned[:MAX_CHARACTERS]
    measure = text.measure(cleaned)
    most = sender.account.max_segments
    if most and measure.segments > most:
        raise Refused(
            Code.MESSAGE_TOO_LONG,
            f"{param} needs {measure.segments} segments; this account allows {most}.",
            param=param,
        )
    return cleaned, cut, measure


def _price(
    sender: Sender, country: str, channel: str, segments: int, param: str
) -> tuple[Decimal, Decimal, Decimal]:
    """(booked, MAD, EUR) of the whole message. Test messages cost nothing."""
    if sender.mode == "test":
        return ZERO, ZERO, ZERO
    unit = pricing.price_of(sender.account.plan, country, channel)
    if unit is None:
        raise Refused(
            Code.NO_PRICE, f"There is no price for {channel} to {country} in this plan.", param=param
        )
    mad, eur = unit.mad * segments, unit.eur * segments
    return (mad if sender.account.currency == "MAD" else eur), mad, eur


def _times(draft: Draft, sender: Sender, now: datetime) -> tuple[datetime, datetime, bool]:
    """(visible at, expires at, is scheduled)."""
    seconds = draft.expires_in_seconds
    if seconds is None:
        seconds = settings.BULK_VALIDITY_SECONDS if sender.lane == Lane.BULK else settings.VALIDITY_SECONDS
    due = draft.scheduled_at
    if due is None or due <= now:
        return now, now + timedelta(seconds=seconds), False
    if due > now + timedelta(days=settings.MAX_SCHEDULE_DAYS):
        raise Refused(
            Code.INVALID_FIELD,
            f"scheduled_at may be at most {settings.MAX_SCHEDULE_DAYS} days ahead.",
            param=draft.param_of("scheduled_at"),
        )
    return due, due + timedelta(seconds=seconds), True


def _carrier(draft: Draft, sender: Sender, to: str) -> int:
    """The carrier of the draft's SIM, or of the best route. Test messages know no SIMs."""
    if draft.sim is not None and sender.mode != "test":
        return draft.sim.carrier_id
    carriers = route.candidates(sender.account.id, draft.channel, to, mode=sender.mode)
    if not carriers:
        raise Refused(
            Code.NO_ROUTE, f"No carrier takes {draft.channel} to this number.", param=draft.param_of("to")
        )
    return carriers[0].carrier_id


def _provider_template(draft: Draft, cleaned: str) -> Mapping[str, object] | None:
    """What is kept for a provider with templates of its own. Of a code, only its place in the text: that is sealed."""
    if draft.channel != "whatsapp":
        return None
    if draft.template is not None:
        kept = draft.template
        return {
            "name": kept.name,
            "language": kept.language,
            "values": list(kept.values),
            "one_time_code": kept.one_time_code,
        }
    start = cleaned.find(draft.code) if draft.code else -1
    return None if start < 0 else {"code": [start, start + len(draft.code)]}


def prepare(draft: Draft, sender: Sender, now: datetime | None = None) -> Ready:
    """The draft, ready to be stored.

    Raises `Refused` with the first thing that is wrong, named by the caller's own field.
    """
    if not sender.account.active:
        raise Refused(Code.ACCOUNT_INACTIVE, "This account is suspended.")
    if draft.refusal is not None:
        raise draft.refusal
    to, country = _recipient(draft, sender)
    name = _sender_id(draft, sender)
    cleaned, cut, measure = _text(draft, sender)
    price, mad, eur = _price(sender, country, draft.channel, measure.segments, draft.param_of("to"))
    carrier_id = _carrier(draft, sender, to)
    visible_at, expires_at, scheduled = _times(draft, sender, now or datetime.now(UTC))
    plan = plans.plan(sender.account.plan)
    return Ready(
        id=new_id(),
        draft=draft,
        to=to,
        country=country,
        sender=name,
        text=cleaned if draft.shown_text is None else text.clean(draft.shown_text),
        encoding=measure.encoding,
        segments=measure.segments,
        carrier_id=carrier_id,
        price=price,
        price_mad=mad,
        price_eur=eur,
        refund_undeliverable=bool(plan and plan.refund_undeliverable),
        share=plan.share if plan else 50,
        visible_at=visible_at,
        expires_at=expires_at,
        scheduled=scheduled,
        truncated=cut,
        sealed_text=None if draft.shown_text is None else vault.seal(cleaned),
        provider_template=_provider_template(draft, cleaned),
    )
