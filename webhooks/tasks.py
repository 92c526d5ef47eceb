"""Celery task of webhooks: a loop over one rule. Losing it costs a second."""

from celery import shared_task
from django.db import connection

from webhooks import deliver as delivering

MOST_AT_ONCE = 5_000


@shared_task(name="webhooks.tasks.deliver", ignore_result=True)
def deliver() -> None:
    """Post what is due. One run at a time is enough (it posts to all endpoints side by side), and leaves the other
    workers to the messages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('webhooks.deliver'))")
        if not cursor.fetchone()[0]:
            return
    try:
        delivering.due(MOST_AT_ONCE)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('webhooks.deliver'))")
