"""Standstills: a campaign of which nothing more may be submitted. `claim.py` looks at the mark, so that it holds from its
commit on, also for what comes back from a carrier; its queue rows are parked, so that they take nobody's turn. A campaign
that was cancelled has its messages cancelled instead, with their refunds. In batches: none takes long."""

from uuid import UUID

from django.db import connection, transaction

from messaging.models import Standstill
from messaging.models.message import RANK, Status
from messaging.sending import final, wake
from messaging.sending.final import Finality

LIMIT = 1000
MOST_ROUNDS = 20
PARKED_UNTIL = "9999-01-01 00:00+00"
PARK = f"""
UPDATE messaging_queuerow SET state = 'waiting', visible_at = '{PARKED_UNTIL}' WHERE message_id IN (
  SELECT message_id FROM messaging_queuerow
   WHERE campaign_id = %s AND (state = 'ready' OR (state = 'waiting' AND visible_at < '{PARKED_UNTIL}'))
   LIMIT {LIMIT} FOR UPDATE SKIP LOCKED)
"""
# What was parked keeps its place among other accounts' messages: its rank moves by as long as it stood still.
UNPARK = f"""
UPDATE messaging_queuerow q SET state = 'ready', visible_at = now(), rank_at = rank_at + (now() - %s::timestamptz)
 WHERE campaign_id = %s AND state = 'waiting' AND visible_at = '{PARKED_UNTIL}'
RETURNING carrier_id, lane
"""
STOPPABLE = f"""
SELECT q.message_id FROM messaging_queuerow q
 WHERE q.campaign_id = %s AND q.state IN ('waiting', 'ready')
   AND NOT EXISTS (SELECT FROM messaging_attempt a
                    WHERE a.message_id = q.message_id AND a.outcome NOT IN ('not_sent', 'retry'))
 ORDER BY q.message_id LIMIT {LIMIT} FOR UPDATE OF q SKIP LOCKED
"""
UNSETTLED = """
SELECT count(*) FROM (SELECT FROM messaging_queuerow WHERE campaign_id = %s AND state <> 'uncertain' LIMIT %s) AS q
"""
STILL_QUEUED = """
SELECT count(*) FROM (SELECT FROM messaging_queuerow WHERE campaign_id = %s AND state IN ('waiting', 'ready') LIMIT %s) q
"""


def unsettled(campaign_id: UUID, *, most: int) -> int:
    """How many messages of a campaign wait or are on their way to a carrier, counted to `most`. Lost answers do not
    count: they take days."""
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED, [campaign_id, most])
        return int(cursor.fetchone()[0])


def still_queued(campaign_id: UUID, *, most: int) -> int:
    """How many messages of a campaign no worker has taken yet, counted to `most`."""
    with connection.cursor() as cursor:
        cursor.execute(STILL_QUEUED, [campaign_id, most])
        return int(cursor.fetchone()[0])


def begin(account_id: UUID, campaign_id: UUID, *, cancels: bool = False) -> None:
    """Let a campaign stand still from the commit of the caller's transaction on."""
    Standstill.objects.update_or_create(
        campaign_id=campaign_id,
        defaults={"cancels": cancels},
        create_defaults={"cancels": cancels, "account_id": account_id},
    )


def end(campaign_id: UUID) -> None:
    """Let a campaign that was paused go on, with what is parked of it, in the caller's transaction."""
    mark = Standstill.objects.filter(campaign_id=campaign_id, cancels=False).first()
    if mark is None:
        return
    mark.delete()
    with connection.cursor() as cursor:
        cursor.execute(UNPARK, [mark.since, campaign_id])
        due = set(cursor.fetchall())
    transaction.on_commit(lambda: wake.up(due))


def enforce(campaign_id: UUID, *, cancels: bool) -> int:
    """Park what waits of a campaign, or cancel it. Returns how many messages that were."""
    done = 0
    for _ in range(MOST_ROUNDS):
        moved, found = _cancel(campaign_id) if cancels else _park(campaign_id)
        done += moved
        if found < LIMIT:
            break
    return done


def _park(campaign_id: UUID) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(PARK, [campaign_id])
        return cursor.rowcount, cursor.rowcount


def _cancel(campaign_id: UUID) -> tuple[int, int]:
    """(cancelled, looked at). What a carrier may have is left alone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(STOPPABLE, [campaign_id])
            found = [row[0] for row in cursor.fetchall()]
        ended = final.settle(
            [Finality(message_id, Status.CANCELLED, "CANCELLED") for message_id in found],
            most_rank=RANK[Status.QUEUED],
        )
    return len(ended), len(found)


def enforce_all() -> int:
    """Look at every standstill, for what came back from carriers since; forget a cancelled campaign of which nothing is
    left to cancel. Returns how many messages were parked or cancelled."""
    done = 0
    for campaign_id, cancels in Standstill.objects.values_list("campaign_id", "cancels"):
        done += enforce(campaign_id, cancels=cancels)
        if cancels and unsettled(campaign_id, most=1) == 0:
            Standstill.objects.filter(campaign_id=campaign_id, cancels=True).delete()
    return done
