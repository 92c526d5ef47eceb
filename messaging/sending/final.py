"""What a final state brings, whatever brought it about: status, event and deliveries, the end of the queue row, the statistics,
and the refund where one is due (promise P3). Part of `outcome`; called by it, by receipts, by sweeps and by cancel."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection

from billing import ledger, quotas
from messaging.models.message import FINAL_RANK, Status
from messaging.sending import facts, tally
from webhooks import publish


class Finality(NamedTuple):
    """The end of a message: one of the final statuses, our stable reason and the carrier's words."""

    message_id: UUID
    status: Status
    reason: str | None = None
    detail: str | None = None


LOCK = "SELECT 1 FROM messaging_message WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE"
END = f"""
WITH moved AS (
  UPDATE messaging_message m
     SET status = r.status, rank = {FINAL_RANK}, error_code = r.reason, error_detail = left(r.detail, 200), final_at = now(),
         sealed_text = NULL, delivered_at = CASE WHEN r.status = 'delivered' THEN now() END,
         sent_at = CASE WHEN r.status IN ('delivered', 'undeliverable') THEN coalesce(m.sent_at, now()) ELSE m.sent_at END
    FROM unnest(%(ids)s::uuid[], %(statuses)s::text[], %(reasons)s::text[], %(details)s::text[])
         AS r(id, status, reason, detail)
   WHERE m.id = r.id AND m.id = ANY(%(ids)s::uuid[]) AND m.rank < {FINAL_RANK} AND m.rank <= %(most_rank)s
  RETURNING {facts.COLUMNS}),
counted AS ({tally.ENDED})
SELECT * FROM moved
"""
UNQUEUE = "DELETE FROM messaging_queuerow WHERE message_id = ANY(%s::uuid[])"


def settle(ends: Sequence[Finality], *, most_rank: int = FINAL_RANK) -> list[UUID]:
    """End messages, in the caller's transaction, in a few statements for all.

    Returns the ids that did end here; one that is final already, or further than `most_rank`, is left alone.
    """
    if not ends:
        return []
    ids = [end.message_id for end in ends]
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [ids])
        cursor.execute(
            END,
            {
                "ids": ids,
                "statuses": [str(end.status) for end in ends],
                "reasons": [end.reason for end in ends],
                "details": [end.detail for end in ends],
                "most_rank": most_rank,
            },
        )
        moved = [facts.of(row) for row in cursor.fetchall()]
        ended = [row.id for row in moved]
        if not ended:
            return []
        cursor.execute(UNQUEUE, [ended])
    publish.events([facts.happening(row, row.status, FINAL_RANK) for row in moved])  # type: ignore[arg-type]
    refunded = [row for row in moved if refundable(row)]
    quotas.give_back((row.account_id, row.created_at) for row in refunded)
    ledger.refund([_refund(row) for row in refunded])
    return ended


class Ended(Protocol):
    """A message, however it was read."""

    @property
    def price(self) -> Decimal: ...
    @property
    def mode(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def error_code(self) -> str | None: ...
    @property
    def refund_undeliverable(self) -> bool: ...


def refundable(moved: Ended) -> bool:
    """Whether the price goes back: our failures and what was never submitted do, what a carrier took does not, unless the
    plan says otherwise (promise P3)."""
    if moved.price <= 0 or moved.mode != "live":
        return False
    if moved.status in (Status.FAILED, Status.CANCELLED):
        return True
    if moved.status == Status.EXPIRED:
        return moved.error_code == "EXPIRED_BEFORE_SUBMIT"
    return moved.status == Status.UNDELIVERABLE and moved.refund_undeliverable


def _refund(moved: facts.Moved) -> ledger.Movement:
    return ledger.Movement(moved.account_id, moved.price, moved.id, "message", "final")
