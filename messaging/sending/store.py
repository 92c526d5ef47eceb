"""Writes accepted messages and their queue rows by COPY: one round trip for one message or ten thousand."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from messaging.models.message import RANK, Status
from messaging.sending import fair
from messaging.sending.draft import Ready, Sender

MESSAGE_COLUMNS = (
    "id, account_id, mode, lane, channel, cascade, charge_reference, batch_id, campaign_id, api_key_id, request_id,"
    " currency, refund_undeliverable, status, rank, scheduled_at, expires_at, carrier_id, country, sender, encoding,"
    ' segments, price, price_mad, price_eur, truncated, duplicate_suspected, "to", text, buttons, metadata, callback_url,'
    " sealed_text, provider_template"
)
QUEUE_COLUMNS = (
    "message_id, account_id, carrier_id, lane, rank_at, state, visible_at, expires_at, campaign_id"
)
COPY_MESSAGES = f"COPY messaging_message ({MESSAGE_COLUMNS}) FROM STDIN"
COPY_QUEUE = f"COPY messaging_queuerow ({QUEUE_COLUMNS}) FROM STDIN"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def escaped(value: str) -> str:
    """A value of COPY's text format (PostgreSQL, COPY, File Formats)."""
    return value.translate(ESCAPES)


def _optional(value: object) -> str:
    return NULL if value is None else escaped(str(value))


def _json(value: object) -> str:
    return NULL if value is None else escaped(orjson.dumps(value).decode())


def _bytes(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


@lru_cache(maxsize=256)
def _instant(value: datetime) -> str:
    """Kept, since the messages of a batch share theirs."""
    return value.isoformat()


def _flag(value: bool) -> str:
    return "t" if value else "f"


def message_lines(
    sender: Sender, ready: Iterable[Ready], *, charge_reference: Any, batch_id: Any
) -> list[str]:
    """The messages as lines of COPY; what all share is written out once."""
    account = sender.account
    tail = "\t".join(
        (_optional(batch_id), _optional(sender.campaign_id), _optional(sender.api_key_id), _optional(sender.request_id), account.currency)
    )  # fmt: skip
    head = f"{account.id}\t{sender.mode}\t{int(sender.lane)}"
    lines = []
    for r in ready:
        draft = r.draft
        status = Status.SCHEDULED if r.scheduled else Status.QUEUED
        lines.append(
            f"{r.id}\t{head}\t{draft.channel}\t{_flag(draft.cascade)}\t{charge_reference or r.id}\t{tail}\t"
            f"{_flag(r.refund_undeliverable)}\t{status.value}\t{RANK[status]}\t"
            f"{_instant(r.visible_at) if r.scheduled else NULL}\t{_instant(r.expires_at)}\t{r.carrier_id}\t"
            f"{r.country}\t{escaped(r.sender)}\t{r.encoding}\t{r.segments}\t{r.price}\t{r.price_mad}\t{r.price_eur}\t"
            f"{_flag(r.truncated)}\t{_flag(r.duplicate_suspected)}\t{r.to}\t{escaped(r.text)}\t{_json(draft.buttons)}\t"
            f"{_json(draft.metadata)}\t{_optional(draft.callback_url)}\t{_bytes(r.sealed_text)}\t"
            f"{_json(r.provider_template)}\n"
        )
    return lines


def queue_lines(sender: Sender, ready: list[Ready], turns: fair.Turns) -> list[str]:
    """The queue rows as lines of COPY, ranked fairly among accounts."""
    if not ready:
        return []
    lane, account_id, campaign = int(sender.lane), sender.account.id, _optional(sender.campaign_id)
    ranks = turns.ranks(account_id, lane, [r.segments for r in ready], share=ready[0].share)
    return [
        f"{r.id}\t{account_id}\t{r.carrier_id}\t{lane}\t{datetime.fromtimestamp(rank, UTC).isoformat()}\t"
        f"{'waiting' if r.scheduled else 'ready'}\t{_instant(r.visible_at)}\t{_instant(r.expires_at)}\t{campaign}\n"
        for r, rank in zip(ready, ranks, strict=True)
    ]


def write(orders: Iterable[tuple[Sender, list[Ready], UUID | None, bool]]) -> None:
    """Write the messages of orders, each with the id that it is charged by, if not message by message, and whether that is
    also the id of a batch, in the caller's transaction. The accounts' turns (`fair.py`) are used up when it is committed."""
    messages: list[str] = []
    queue: list[str] = []
    turns = fair.Turns()
    for sender, ready, reference, is_batch in orders:
        batch_id = reference if is_batch else None
        messages += message_lines(sender, ready, charge_reference=reference, batch_id=batch_id)
        queue += queue_lines(sender, ready, turns)
    if messages:
        copy(messages, queue)
        transaction.on_commit(turns.keep)


def copy(messages: list[str], queue: list[str]) -> None:
    """Write the lines, in the caller's transaction."""
    with connection.cursor() as cursor:
        with cursor.copy(COPY_MESSAGES) as stream:
            stream.write("".join(messages))
        with cursor.copy(COPY_QUEUE) as stream:
            stream.write("".join(queue))
