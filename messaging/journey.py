"""What happened to one message, as tables for the operators' page: attempts, receipts, events, deliveries, money.
Their rows have composite keys or live in other apps, so they are read here by the message's id, each by an index."""

from typing import TypedDict
from uuid import UUID

from accounts import ids
from billing.models import Entry
from messaging.models import Attempt, Carrier, Message, QueueRow, ReceiptRecord
from webhooks.models import Delivery, Event

MOST = 50


class Table(TypedDict):
    """A table of a page: its title, the names of its columns, its rows."""

    title: str
    headers: list[str]
    rows: list[list[object]]


def tables(message_id: UUID) -> list[Table]:
    """Everything known about a message but its text; empty tables for what has not happened."""
    carriers = dict(Carrier.objects.values_list("id", "name"))
    return [
        _queue(message_id, carriers),
        _attempts(message_id, carriers),
        _receipts(message_id, carriers),
        *_told(message_id),
        _money(message_id),
    ]


def _queue(message_id: UUID, carriers: dict[int, str]) -> Table:
    rows = QueueRow.objects.filter(pk=message_id)
    return {
        "title": "Queue",
        "headers": ["Carrier", "State", "Due", "Expires", "Lease until", "Attempt", "Refusals"],
        "rows": [
            [
                carriers.get(q.carrier_id, q.carrier_id),
                q.get_state_display(),
                q.visible_at,
                q.expires_at,
                q.lease_until or "-",
                q.attempt,
                q.retries,
            ]
            for q in rows
        ],
    }


def _attempts(message_id: UUID, carriers: dict[int, str]) -> Table:
    rows = Attempt.objects.filter(message_id=message_id).order_by("number")[:MOST]
    return {
        "title": "Attempts",
        "headers": ["No.", "Carrier", "Outcome", "Carrier's id", "Code", "Detail", "Started", "Ended"],
        "rows": [
            [
                a.number,
                carriers.get(a.carrier_id, a.carrier_id),
                a.get_outcome_display(),
                a.reference or "-",
                a.code or "-",
                a.detail or "-",
                a.started_at,
                a.ended_at or "-",
            ]
            for a in rows
        ],
    }


def _receipts(message_id: UUID, carriers: dict[int, str]) -> Table:
    rows = ReceiptRecord.objects.filter(message_id=message_id).order_by("id")[:MOST]
    return {
        "title": "Receipts",
        "headers": ["Received", "Carrier", "Status", "Code", "Reason", "What became of it"],
        "rows": [
            [
                r.received_at,
                carriers.get(r.carrier_id, r.carrier_id),
                r.status,
                r.code or "-",
                r.reason or "-",
                r.get_state_display(),
            ]
            for r in rows
        ],
    }


def _told(message_id: UUID) -> list[Table]:
    events = list(Event.objects.filter(subject_id=message_id).order_by("id")[:MOST])
    deliveries = Delivery.objects.filter(event_id__in=[event.id for event in events]).select_related(
        "endpoint"
    )[:MOST]
    return [
        {
            "title": "Events",
            "headers": ["Event", "Type", "Sequence", "At"],
            "rows": [[ids.show("event", e.id), e.type, e.sequence, e.created_at] for e in events],
        },
        {
            "title": "Webhook deliveries",
            "headers": ["Event", "Type", "To", "State", "Attempts", "Last status", "Last error"],
            "rows": [
                [
                    ids.show("event", d.event_id),
                    d.type,
                    d.url or d.endpoint.url,
                    d.state,
                    d.attempts,
                    d.last_status or "-",
                    d.last_error or "-",
                ]
                for d in deliveries
            ],
        },
    ]


def _money(message_id: UUID) -> Table:
    charge = Message.objects.filter(pk=message_id).values_list("charge_reference", flat=True).first()
    kinds = [Entry.Kind.CHARGE, Entry.Kind.HOLD_CHARGE, Entry.Kind.REFUND]
    references = [message_id, *([charge] if charge else [])]
    rows = Entry.objects.filter(kind__in=kinds, reference__in=references).order_by("seq")
    return {
        "title": "Ledger entries (a charge may be of several messages accepted together)",
        "headers": ["No.", "Kind", "Amount", "Currency", "Balance after", "At"],
        "rows": [
            [e.seq, e.get_kind_display(), e.amount, e.currency, e.balance_after, e.created_at] for e in rows
        ],
    }
