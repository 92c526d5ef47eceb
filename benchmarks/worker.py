"""A worker process for benchmarks, run as `python -m benchmarks.child worker KIND`: the product's own loops, without Celery
around them, until nothing is left to do. Says `ready`, waits for a line, and prints the seconds it worked."""

import logging
import sys
import time
from collections.abc import Callable, Iterator

from django.db import connection

from benchmarks.table import Row
from messaging.models.message import Lane
from messaging.sending import dispatch, receipt
from webhooks import deliver

LONGEST_SECONDS = 60.0
IDLE_SECONDS = 0.002
QUEUED = "SELECT EXISTS (SELECT 1 FROM messaging_queuerow WHERE carrier_id = %s)"
UNDELIVERED = "SELECT EXISTS (SELECT 1 FROM messaging_message WHERE carrier_id = %s AND final_at IS NULL)"


def send(carrier_id: str) -> None:
    """Claim, submit and record until the carrier's queue is empty."""
    for _ in _until_gone(QUEUED, int(carrier_id)):
        dispatch.run(int(carrier_id), Lane.BULK)


def apply_receipts(carrier_id: str) -> None:
    """Apply stored receipts until every message of the carrier is final."""
    for _ in _until_gone(UNDELIVERED, int(carrier_id)):
        while receipt.apply_due():
            pass


def post_events() -> None:
    """Post deliveries until none is due."""
    deliver.due()


KINDS: dict[str, Callable[..., None]] = {"send": send, "receipts": apply_receipts, "webhooks": post_events}


def measure(kind: str, *arguments: str) -> Iterator[Row]:
    """Work once; yields no row, since who started the worker keeps the time."""
    logging.getLogger("asyncio").setLevel(
        logging.CRITICAL
    )  # connections are left open at the end, as at any exit
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if sys.stdin.readline():
        began = time.perf_counter()
        KINDS[kind](*arguments)
        sys.stdout.write(f"{time.perf_counter() - began}\n")
    return iter(())


def _until_gone(question: str, carrier_id: int) -> Iterator[None]:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        yield
        with connection.cursor() as cursor:
            cursor.execute(question, [carrier_id])
            if cursor.fetchone() == (False,):
                return
        time.sleep(IDLE_SECONDS)
    sys.stderr.write(f"  gave up after {LONGEST_SECONDS:.0f} s\n")
