"""Receiving: texts that people write to us are stored as they came; the carrier may be answered once `receive` returns.
What is made of them is `messaging/inbound.py`, from the table. Called by whatever a carrier speaks to: the SMPP session,
callbacks, the sandbox."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import new_id
from contacts.phone import HOME, InvalidPhone, parse
from messaging.carriers.inbound import Inbound, Part
from messaging.sending import wake

__all__ = ["Inbound", "Part", "number_of", "receive"]

SAME_REFERENCE = timedelta(days=3)
SAME_TEXT = timedelta(minutes=5)
"""For how long a text counts as one that came before: by the carrier's reference, else by all that it says."""
MOST_CHARACTERS = 20_000
MOST_NUMBER = 20
# Whoever stores the same text at the same moment waits here, in one order, and then sees it stored.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(encode(f, 'hex'), 0)) FROM unnest(%s::bytea[]) AS f ORDER BY f"
KEEP = """
WITH c AS (
  SELECT DISTINCT ON (fingerprint) * FROM unnest(
      %(ids)s::uuid[], %(carriers)s::int[], %(channels)s::text[], %(senders)s::text[], %(tos)s::text[], %(texts)s::text[],
      %(references)s::text[], %(part_references)s::int[], %(numbers)s::int[], %(totals)s::int[], %(fingerprints)s::bytea[],
      %(raws)s::bytea[], %(instants)s::timestamptz[], %(windows)s::float8[])
    AS t(id, carrier_id, channel, sender, "to", text, reference, part_reference, part_number, part_total, fingerprint,
         raw, received_at, seconds)
   ORDER BY fingerprint, id)
INSERT INTO messaging_inboundrecord (id, account_id, carrier_id, channel, sender, "to", text, reference, part_reference,
                                     part_number, part_total, fingerprint, raw, received_at)
SELECT id, %(account)s::uuid, carrier_id, channel, sender, "to", text, reference, part_reference, part_number, part_total,
       fingerprint, raw, received_at FROM c
 WHERE NOT EXISTS (SELECT FROM messaging_inboundrecord r WHERE r.fingerprint = c.fingerprint
                      AND abs(extract(epoch FROM r.received_at - c.received_at)) < c.seconds)
RETURNING id
"""


def receive(arrived: Sequence[Inbound], *, account_id: UUID | None = None) -> int:
    """Keep texts as they came, in one transaction, each once. Returns how many were new.

    A text is the same as an earlier one of its carrier if the carrier gives both the same reference within three days; where
    it gives none, if numbers and text are the same within five minutes. `account_id` is whose they are where that is known
    beforehand: they are then of test mode.
    """
    if not arrived:
        return 0
    fingerprints = [_fingerprint(one, account_id) for one in arrived]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(set(fingerprints))])
        cursor.execute(KEEP, {**_columns(arrived), "fingerprints": fingerprints, "account": account_id})
        kept = len(cursor.fetchall())
        transaction.on_commit(wake.inbound)
    return kept


def _columns(arrived: Sequence[Inbound]) -> dict[str, Any]:
    parts = [_part(one) for one in arrived]
    return {
        "ids": [new_id() for _ in arrived],
        "carriers": [one.carrier_id for one in arrived],
        "channels": [one.channel for one in arrived],
        "senders": [number_of(one.from_) for one in arrived],
        "tos": [number_of(one.to) for one in arrived],
        "texts": [one.text.replace("\x00", "")[:MOST_CHARACTERS] for one in arrived],
        "references": [one.carrier_reference.replace("\x00", "")[:120] for one in arrived],
        "part_references": [part.reference if part else None for part in parts],
        "numbers": [part.number if part else 1 for part in parts],
        "totals": [part.total if part else 1 for part in parts],
        "raws": [one.raw or None for one in arrived],
        "instants": [one.received_at for one in arrived],
        "windows": [
            (SAME_REFERENCE if one.carrier_reference else SAME_TEXT).total_seconds() for one in arrived
        ],
    }


def _part(one: Inbound) -> Part | None:
    """The part, if it can be one: a place beyond the total, or a total of one, is a text of its own."""
    part = one.part
    return part if part and part.total > 1 and 1 <= part.number <= part.total <= 255 else None


def _fingerprint(one: Inbound, account_id: UUID | None) -> bytes:
    part = _part(one)
    said = (
        [one.carrier_reference]
        if one.carrier_reference
        else [number_of(one.from_), number_of(one.to), one.text]
    )
    piece = [part.reference, part.number, part.total] if part else []
    return sha256(repr([str(account_id), one.carrier_id, one.channel, said, piece]).encode()).digest()


def number_of(raw: str) -> str:
    """A number as a carrier writes it, in the form that we keep: E.164 with plus, a short code in digits, else as it is."""
    try:
        return parse(raw, HOME).e164
    except InvalidPhone:
        written = "".join(raw.replace("\x00", "").split())
        digits = written.lstrip("+")
        if digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 15:
            return "+" + digits.removeprefix("00")
        return (digits if digits.isascii() and digits.isdigit() else written)[:MOST_NUMBER]
