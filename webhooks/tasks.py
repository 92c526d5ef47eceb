"""Celery task of webhooks: a loop over one rule. Losing it costs a second."""

from contextlib import suppress
from multiprocessing.sharedctypes import RawValue

from celery import shared_task
from celery.signals import worker_shutting_down
from django.db import InterfaceError, OperationalError, connection

from webhooks import deliver as delivering

# Made before the workers are forked, so that all of them see it: under constant load a run does not end by
# itself.
_stopping = RawValue("b", 0)


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    _stopping.value = 1


@shared_task(name="webhooks.tasks.deliver", ignore_result=True)
def deliver() -> None:
    """Post what is due, until nothing is or the worker stops. One run at a time is enough (it posts to all
    endpoints side by side), and leaves the other workers to the messages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('webhooks.deliver'))")
        (held,) = cursor.fetchone()
    if not held:
        return
    try:
        delivering.due(stopping=lambda: bool(_stopping.value))
    finally:
        # A connection that broke took the lock with it.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('webhooks.deliver'))")
