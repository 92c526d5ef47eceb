"""Upkeep of the database: partitions for the months ahead, old idempotency keys, and what is kept long enough."""

from celery import shared_task
from django.db import connection

from accounts import partitions
from config import retention

FORGET_KEYS = """
DELETE FROM accounts_idempotencykey WHERE (account_id, mode, key) IN (
  SELECT account_id, mode, key FROM accounts_idempotencykey WHERE created_at < now() - interval '48 hours' LIMIT 5000)
"""


@shared_task(name="config.tasks.upkeep", ignore_result=True)
def upkeep() -> None:
    """Hourly: harmless to run twice, or not at all for a month."""
    partitions.ensure()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_KEYS)
        while cursor.rowcount:
            cursor.execute(FORGET_KEYS)


@shared_task(name="config.tasks.retain", ignore_result=True)
def retain() -> None:
    """Daily: what one run does not come to, the next one does."""
    retention.run()
