"""Celery tasks of messaging: each is a loop over rules and nothing else. Losing any of them costs a second."""

import time

import structlog
from celery import shared_task
from celery.signals import worker_process_shutdown, worker_shutdown
from django.db import connection

from messaging import inbound, tally
from messaging.carriers.contract import Accepted
from messaging.sending import by_sim, health, polling, receipt, submit, sweep, wake
from messaging.sending import dispatch as dispatching

log = structlog.get_logger()


@worker_process_shutdown.connect
@worker_shutdown.connect
def close_connections(**_: object) -> None:
    """A worker that ends takes leave of its carriers: in a child of a pool, or where the worker is one process."""
    submit.close()


@shared_task(name="messaging.tasks.dispatch", ignore_result=True)
def dispatch(carrier_id: int, lane: int) -> None:
    """Move what is due for a carrier and lane; a slice at a time, so that lanes share the workers."""
    wake.started(f"{carrier_id}:{lane}")
    if dispatching.run(carrier_id, lane):
        wake.up([(carrier_id, lane)])


@shared_task(name="messaging.tasks.tick", ignore_result=True)
def tick() -> None:
    """Every second: sweep, and wake whatever has something due. One at a time over all workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('messaging.tick'))")
        (held,) = cursor.fetchone()
        if not held:
            return
        try:
            sweep.all_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('messaging.tick'))")
    wake.up(sweep.due())
    wake.receipts()
    wake.inbound()


@shared_task(name="messaging.tasks.apply_receipts", ignore_result=True)
def apply_receipts() -> None:
    """Apply stored receipts until none is due; a slice at a time, like the lanes."""
    wake.started("receipts")
    until = time.monotonic() + dispatching.SLICE_SECONDS
    while receipt.apply_due():
        if time.monotonic() > until:
            wake.receipts()
            return


@shared_task(name="messaging.tasks.apply_inbound", ignore_result=True)
def apply_inbound() -> None:
    """Make inbound messages of stored texts until none is due; a slice at a time, like the lanes."""
    wake.started("inbound")
    until = time.monotonic() + dispatching.SLICE_SECONDS
    while inbound.apply_due():
        if time.monotonic() > until:
            wake.inbound()
            return


@shared_task(name="messaging.tasks.probe_carriers", ignore_result=True)
def probe_carriers() -> None:
    """Ask paused carriers whether they take messages again; those that do go on by themselves."""
    for carrier_id in health.due_for_probe():
        if isinstance(submit.probe(carrier_id), Accepted):
            health.resume(carrier_id, actor="probe")


@shared_task(name="messaging.tasks.fold_tallies", ignore_result=True)
def fold_tallies() -> None:
    """Fold what accept and final added to the statistics; until then analytics do not show it."""
    tally.fold_due()


@shared_task(name="messaging.tasks.attend_sims", ignore_result=True)
def attend_sims() -> None:
    """Look after gateways: tasks they have not told of, SIMs that fail, SIMs that work again. One at a time over all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('messaging.attend_sims'))")
        (held,) = cursor.fetchone()
        if not held:
            return
        try:
            by_sim.look()
            polling.probe_sims()
            polling.all_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('messaging.attend_sims'))")
