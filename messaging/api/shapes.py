"""What messages look like in answers: one superset of documents A, B and C, and per dialect the few values that differ."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from accounts.api.codes import shown
from accounts.api.rendering import instant, number
from accounts.caller import Caller
from accounts.ids import created_at, show
from accounts.models import Compat
from billing import pricing
from messaging import text
from messaging.carriers.advice import advice
from messaging.carriers.reasons import EXPLANATIONS, Language, Reason
from messaging.models.message import Message, Status
from messaging.sending.accept import Rejected
from messaging.sending.draft import Ready
from messaging.sending.final import refundable

MOST_ECHOED = 40  # characters of a refused number, as a batch keeps them: a replay is the same to the byte
NATIVE = {Status.UNCERTAIN.value: "sent"}
WORDS: Mapping[str, Mapping[str, str]] = {
    Compat.SMSMAROC: NATIVE | {"scheduled": "queued", "expired": "undeliverable", "cancelled": "failed"},
    Compat.ENVOISMS: NATIVE
    | {"scheduled": "queued", "expired": "failed", "undeliverable": "failed", "cancelled": "failed"},
    Compat.SMSPROVIDER: NATIVE | {"scheduled": "queued", "undeliverable": "failed", "cancelled": "failed"},
}


def status_word(status: str, compat: str) -> str:
    """The public word for an internal status, in the dialect of the key (contract of the API, status maps)."""
    return WORDS.get(compat, NATIVE).get(status, status)


def statuses_of(word: str, compat: str) -> list[str]:
    """The internal statuses that show as `word`; empty if none does."""
    return [status.value for status in Status if status_word(status.value, compat) == word]


def credits_left(caller: Caller, balance: Decimal | None) -> int | None:
    """Document C: how many home SMS of one segment the balance still buys."""
    unit = pricing.price_of(caller.account.plan, caller.account.country, "sms")
    if unit is None or balance is None:
        return None
    price = unit.mad if caller.account.currency == "MAD" else unit.eur
    return int((balance / price).to_integral_value(ROUND_FLOOR))


def money(mad: Decimal, eur: Decimal, compat: str = Compat.NATIVE) -> dict[str, int | float]:
    """An amount in both currencies."""
    return {"eur": number(eur), "mad": number(mad)}


def accepted(ready: Ready, caller: Caller, balance: Decimal | None) -> dict[str, object]:
    """The answer to one message."""
    shown = show("message", ready.id)
    answer: dict[str, object] = {
        "success": True,
        "id": shown,
        "message_id": shown,
        "to": ready.to,
        "from": ready.sender,
        "channel": ready.draft.channel,
        "cascade": ready.draft.cascade,
        "status": status_word("scheduled" if ready.scheduled else "queued", caller.compat),
        "cost": money(ready.price_mad, ready.price_eur),
        "segments": ready.segments,
        "encoding": ready.encoding,
        "credits_used": ready.segments,
        "credits_remaining": credits_left(caller, balance),
        "created_at": instant(created_at(ready.id)),
    }
    if ready.encoding == "ucs2":
        answer["unicode_characters"] = list(text.measure(ready.text).costly[:10])
    if ready.scheduled:
        answer["scheduled_at"] = instant(ready.visible_at)
    if ready.truncated:
        answer["truncated"] = True
    if ready.duplicate_suspected:
        answer["duplicate_suspected"] = True
    return answer


def batch_item(message_id: Any, to: str, status: str, *, flagged: bool = False) -> dict[str, object]:
    """One accepted item of a batch."""
    shown: dict[str, object] = {"id": show("message", message_id), "to": to, "status": status}
    if flagged:
        shown["duplicate_suspected"] = True
    return shown


def rejected_item(rejected: Rejected, compat: str) -> dict[str, object]:
    """One refused item of a batch, in its place."""
    return {
        "id": None,
        "to": rejected.to[:MOST_ECHOED],
        "status": "rejected",
        "error": {"code": shown(rejected.refusal.code, compat)[1], "message": rejected.refusal.detail},
    }


def merged(
    total: int, rejected: Mapping[int, Mapping[str, object]], taken: Sequence[Mapping[str, object]]
) -> list[object]:
    """The items of a batch in the order they were sent."""
    rest = iter(taken)
    return [rejected[index] if index in rejected else next(rest) for index in range(total)]


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def row(message: Message, caller: Caller) -> dict[str, object]:
    """A message in lists and as the beginning of its own page."""
    shown = show("message", message.id)
    metadata: object = message.metadata
    if caller.compat == Compat.ENVOISMS and metadata is not None:
        metadata = json.dumps(metadata, ensure_ascii=False)
    return {
        "id": shown,
        "message_id": shown,
        "account_id": show("account", message.account_id),
        "api_key_id": show("api_key", message.api_key_id) if message.api_key_id else None,
        "campaign_id": show("campaign", message.campaign_id) if message.campaign_id else None,
        "batch_id": show("batch", message.batch_id) if message.batch_id else None,
        "to": message.to,
        "from": message.sender,
        "sender_id": message.sender,
        "channel": message.channel,
        "cascade": message.cascade,
        "body": message.text,
        "message": message.text,
        "status": status_word(message.status, caller.compat),
        "confirmed": message.status != Status.UNCERTAIN,
        "error_code": message.error_code,
        "segments": message.segments,
        "encoding": message.encoding,
        "unicode": int(message.encoding == "ucs2"),
        "cost": money(message.price_mad, message.price_eur),
        "cost_eur": number(message.price_eur),
        "cost_mad": number(message.price_mad),
        "refunded": refundable(message),
        "metadata": metadata,
        "scheduled_at": _maybe(message.scheduled_at),
        "created_at": instant(created_at(message.id)),
        "sent_at": _maybe(message.sent_at),
        "delivered_at": _maybe(message.delivered_at),
        "final_at": _maybe(message.final_at),
    }


def explained(error_code: str | None, language: str) -> dict[str, object] | None:
    """A failure in words, what to do about it, whether sending again may help, and who pays."""
    if error_code is None:
        return None
    if error_code not in Reason.__members__:
        return {"code": error_code, "message": None, "advice": None, "retryable": None, "who_pays": None}
    meaning = EXPLANATIONS[Reason(error_code)]
    spoken: Language = language if language in ("en", "fr", "ar") else "en"  # type: ignore[assignment]
    return {
        "code": error_code,
        "message": meaning.sentence(spoken),
        "advice": advice(Reason(error_code), spoken),
        "retryable": meaning.retryable,
        "who_pays": meaning.who_pays,
    }


def failure(message: Message, language: str, carrier_code: str | None) -> dict[str, object] | None:
    """Why a message failed, with who pays for this one and the carrier's own code; None for one that did not."""
    told = explained(message.error_code, language)
    if told is None:
        return None
    if message.price > 0 and message.mode == "live":
        told["who_pays"] = "nobody" if refundable(message) else "customer"
    return told | {"carrier_code": carrier_code}
