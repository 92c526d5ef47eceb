"""Celery tasks of campaigns: each is a loop over rules and nothing else. Losing any of them costs a second."""

from uuid import UUID

from celery import shared_task
from django.db import connection

from campaigns import advance as advancing
from campaigns import alarm, start
from messaging.sending import wake


@shared_task(name="campaigns.tasks.tick", ignore_result=True)
def tick() -> None:
    """Every second: begin what is due, look at what stands still, wake what runs. One at a time over all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('campaigns.tick'))")
        (held,) = cursor.fetchone()
        if not held:
            return
        try:
            advancing.look_after()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('campaigns.tick'))")
    for campaign_id in advancing.running():
        start.wake_up(campaign_id)


@shared_task(name="campaigns.tasks.advance", ignore_result=True)
def advance(campaign: str) -> None:
    """Move one campaign on; a slice at a time, so that campaigns share the workers with what they send."""
    wake.started(f"campaign:{campaign}")
    if advancing.run(UUID(campaign)):
        start.wake_up(UUID(campaign))


@shared_task(name="campaigns.tasks.upkeep", ignore_result=True)
def upkeep() -> None:
    """Every minute: mail about campaigns that could not be sent."""
    alarm.tell_due()
