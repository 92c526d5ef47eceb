"""Inbound messages are made here of the texts that `receiving.py` stored: long ones put together, their account found, STOP
and START obeyed, and the account told; all in one transaction. One process does it at a time, so that two parts that come
at the same moment meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.ids import created_at, new_id, show
from accounts.models import Account
from contacts import optouts
from messaging import keywords, owners
from messaging.models.inbound import Inbound, InboundRecord
from messaging.sending.facts import instant
from webhooks import publish
from webhooks.event_names import OPTED_IN, OPTED_OUT, RECEIVED
from webhooks.publish import Happening

MOST_AT_ONCE = 200
GAP = "[…]"
"""What stands in the place of parts that never came."""
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('messaging.inbound'))"
DUE = """
SELECT id FROM messaging_inboundrecord WHERE state IN ('new', 'waiting') AND next_at <= statement_timestamp() ORDER BY next_at LIMIT %s
"""
# The other parts that wait, of the texts that the given ones are parts of.
SIBLINGS = """
SELECT r.id FROM messaging_inboundrecord r
  JOIN unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::int[]) AS t(carrier_id, sender, "to", reference, total)
    ON r.carrier_id = t.carrier_id AND r.sender = t.sender AND r."to" = t."to"
   AND r.part_reference = t.reference AND r.part_total = t.total
 WHERE r.state IN ('new', 'waiting')
"""
DONE = """
UPDATE messaging_inboundrecord r SET state = 'done', inbound_id = c.inbound_id
  FROM unnest(%s::uuid[], %s::uuid[]) AS c(id, inbound_id) WHERE r.id = c.id
"""
Key = tuple[int, UUID | None, str, str, str, int | None, int]
"""What parts of one text have in common."""


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text, or what came of it in time: its records by place."""

    parts: dict[int, InboundRecord]

    @property
    def first(self) -> InboundRecord:
        return self.parts[min(self.parts)]

    @property
    def missing(self) -> int:
        return self.first.part_total - len(self.parts)

    @property
    def said(self) -> str:
        """The text; a gap where parts are missing."""
        told, gap = [], False
        for place in range(1, self.first.part_total + 1):
            if place in self.parts:
                told.append(self.parts[place].text)
            elif not gap:
                told.append(GAP)
            gap = place not in self.parts
        return "".join(told)


def apply_due(limit: int = MOST_AT_ONCE) -> int:
    """Make inbound messages of what is due. Returns how many stored texts were looked at; 0 while another does it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ALONE)
            if not cursor.fetchone()[0]:
                return 0
        due = _due(limit)
        texts, waiting = _put_together(due)
        _wait(waiting)
        made = _make(texts)
        _tell(made)
        Inbound.objects.bulk_create(made)
        _done(texts, made)
    return len(due)


def give(inbound: Sequence[UUID], account: Account, *, actor: str) -> int:
    """Give inbound messages that nobody's account could be told of to an account: it is told, and STOP and START count from
    now on. Those that have an account stay as they are. Returns how many were given."""
    with transaction.atomic():
        rows = list(
            Inbound.objects.select_for_update().filter(pk__in=inbound, account__isnull=True).order_by("id")
        )
        for row in rows:
            row.account_id = account.id
        _tell(rows)
        Inbound.objects.bulk_update(rows, ["account", "effect", "reply_to"])
        for row in rows:
            audit.record(account, actor=actor, action="inbound.given", subject=show("inbound", row.id))
    return len(rows)


def _due(limit: int) -> list[InboundRecord]:
    """What is due, and the parts that belong to it, in the order they came."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [limit])
        ids = {row[0] for row in cursor.fetchall()}
        found = list(InboundRecord.objects.filter(pk__in=ids)) if ids else []
        keys = sorted(
            {(r.carrier_id, r.sender, r.to, r.part_reference, r.part_total) for r in found if _is_part(r)}
        )
        if keys:
            cursor.execute(SIBLINGS, [[key[place] for key in keys] for place in range(5)])
            others = {row[0] for row in cursor.fetchall()} - ids
            found += InboundRecord.objects.filter(pk__in=others)
    return sorted(found, key=lambda record: record.id)


def _is_part(record: InboundRecord) -> bool:
    return record.part_total > 1


def _put_together(records: Iterable[InboundRecord]) -> tuple[list[Text], list[InboundRecord]]:
    """The texts that are whole or have waited long enough, and the parts that wait."""
    texts: list[Text] = []
    groups: dict[Key, list[InboundRecord]] = {}
    for record in records:
        if _is_part(record):
            groups.setdefault(_key(record), []).append(record)
        else:
            texts.append(Text({1: record}))
    waiting: list[InboundRecord] = []
    for group in groups.values():
        chosen: dict[int, InboundRecord] = {}
        for record in group:
            chosen.setdefault(record.part_number, record)
        text = Text(chosen)
        if text.missing and _until(group[0]) > datetime.now(UTC):
            waiting += group
        else:
            texts.append(text)
            waiting += [record for record in group if chosen[record.part_number] is not record]
    return sorted(texts, key=lambda text: text.first.id), waiting


def _key(r: InboundRecord) -> Key:
    return (r.carrier_id, r.account_id, r.channel, r.sender, r.to, r.part_reference, r.part_total)


def _until(record: InboundRecord) -> datetime:
    """How long a part waits for the others."""
    return created_at(record.id) + timedelta(seconds=settings.INBOUND_PARTS_SECONDS)


def _wait(records: Sequence[InboundRecord]) -> None:
    for record in records:
        record.state = InboundRecord.State.WAITING
        record.next_at = _until(record)
    if records:
        InboundRecord.objects.bulk_update(records, ["state", "next_at"])


def _make(texts: Sequence[Text]) -> list[Inbound]:
    """The inbound messages of texts, each with its account where that can be told."""
    known = owners.among((t.first.sender, t.first.to) for t in texts if t.first.account_id is None)
    made = []
    for text in texts:
        first, said = text.first, text.said
        made.append(
            Inbound(
                id=new_id(),
                account_id=first.account_id or known.get((first.sender, first.to)),
                mode="test" if first.account_id else "live",
                carrier_id=first.carrier_id,
                channel=first.channel,
                sender=first.sender,
                to=first.to,
                text=said,
                parts=first.part_total,
                parts_missing=text.missing,
                keyword=keywords.meaning(said),
                effect=Inbound.Effect.NONE,
                carrier_reference=first.reference,
                received_at=first.received_at,
            )
        )
    return made


def _done(texts: Sequence[Text], made: Sequence[Inbound]) -> None:
    pairs = [
        (record.id, row.id) for text, row in zip(texts, made, strict=True) for record in text.parts.values()
    ]
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(DONE, [[pair[0] for pair in pairs], [pair[1] for pair in pairs]])


def _tell(rows: Sequence[Inbound]) -> None:
    """Obey the keywords, in the order they came, and tell the accounts: events in the caller's transaction."""
    owned = [row for row in rows if row.account_id is not None]
    answered = owners.last_messages((_owner(row), row.mode, row.sender) for row in owned)
    for row in owned:
        row.reply_to = answered.get((_owner(row), row.mode, row.sender))
    _obey(owned)
    publish.events([happening for row in owned for happening in _happenings(row)])


def _owner(row: Inbound) -> UUID:
    if row.account_id is None:
        raise ValueError(f"{row} has no account")
    return row.account_id


def _obey(rows: Sequence[Inbound]) -> None:
    """Opt senders out and in. A wish that changes nothing has no effect and no event."""
    wishes = [row for row in rows if row.keyword in (Inbound.Keyword.STOP, Inbound.Keyword.START)]
    before = optouts.among([(_owner(row), row.sender) for row in wishes])
    after = set(before)
    for row in wishes:
        pair = (_owner(row), row.sender)
        if row.keyword == Inbound.Keyword.STOP and pair not in after:
            after.add(pair)
            row.effect = Inbound.Effect.OPTED_OUT
        elif row.keyword == Inbound.Keyword.START and pair in after:
            after.remove(pair)
            row.effect = Inbound.Effect.OPTED_IN
        if row.effect:
            # Not the number: the trail is kept for good, and numbers are forgotten.
            audit.record(
                pair[0],
                actor="reply",
                action=f"contact.{row.effect}",
                subject=show("inbound", row.id),
                detail={"keyword": row.keyword},
            )
    optouts.put_all(after - before, source="reply")
    optouts.remove_all(before - after)


def _happenings(row: Inbound) -> list[Happening]:
    told = [_happening(row, RECEIVED, facts(row))]
    if row.effect:
        out = row.effect == Inbound.Effect.OPTED_OUT
        told.append(
            _happening(
                row,
                OPTED_OUT if out else OPTED_IN,
                {
                    "phone": row.sender,
                    "opted_out": out,
                    "source": "reply",
                    "keyword": row.keyword,
                    "inbound_id": show("inbound", row.id),
                    "channel": row.channel,
                },
            )
        )
    return told


def _happening(row: Inbound, kind: str, payload: dict[str, object]) -> Happening:
    return Happening(row.id, _owner(row), row.mode, 0, payload, type=kind)


def facts(row: Inbound) -> dict[str, object]:
    """An inbound message as answers and events tell of it."""
    return {
        "id": show("inbound", row.id),
        "from": row.sender,
        "to": row.to,
        "channel": row.channel,
        "text": row.text,
        "status": "received",
        "parts": row.parts,
        "parts_missing": row.parts_missing,
        "keyword": row.keyword or None,
        "effect": row.effect or None,
        "reply_to": show("message", row.reply_to) if row.reply_to else None,
        "received_at": instant(row.received_at),
    }
