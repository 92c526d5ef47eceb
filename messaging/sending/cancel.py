"""Cancel: stop what no carrier can have: not taken by a worker, and every attempt so far was certainly not taken by a carrier.
Cancel and send can't both win: both need the same queue row."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from accounts.refusals import Code, Refused
from messaging.models.message import Message, Status
from messaging.sending import final
from messaging.sending.final import Finality

TAKE = """
SELECT q.message_id FROM messaging_queuerow q
 WHERE q.message_id = ANY(%s::uuid[]) AND q.account_id = %s AND q.state IN ('waiting', 'ready')
   AND NOT EXISTS (SELECT FROM messaging_attempt a
                    WHERE a.message_id = q.message_id AND a.outcome NOT IN ('not_sent', 'retry'))
 ORDER BY q.message_id FOR UPDATE SKIP LOCKED
"""
STOPPABLE_RANK = 10


def many(account_id: UUID, message_ids: Sequence[UUID]) -> list[UUID]:
    """Cancel those that can still be stopped, with their refunds. Returns their ids."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [list(message_ids), account_id])
            stoppable = [row[0] for row in cursor.fetchall()]
        return final.settle(
            [Finality(message_id, Status.CANCELLED, "CANCELLED") for message_id in stoppable],
            most_rank=STOPPABLE_RANK,
        )


def one(account_id: UUID, mode: str, message_id: UUID) -> Message:
    """Cancel one message and return it as it is now.

    Raises `Refused(NOT_FOUND)` for an id of nobody or of another account, `Refused(INVALID_STATE)` when a carrier may
    have it already or it is final.
    """
    found = Message.objects.filter(id=message_id, account_id=account_id, mode=mode)
    if not found.exists():
        raise Refused(Code.NOT_FOUND, "No such message.")
    if not many(account_id, [message_id]):
        raise Refused(
            Code.INVALID_STATE,
            "This message is with a carrier already, or has ended; it cannot be cancelled.",
        )
    return found.get()
