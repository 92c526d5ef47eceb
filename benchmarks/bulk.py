"""How long `POST /v1/messages/bulk` takes for 10,000 messages, validated, priced, charged and stored, against a bare COPY
of the same rows: into tables with the same columns and only their primary keys, and into the product's own tables."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from accounts.ids import new_id
from benchmarks import load
from benchmarks.accept import heads
from benchmarks.customers import Customer, customers, only_carrier
from benchmarks.processes import granian
from benchmarks.table import Row, median
from messaging.models.message import Lane
from messaging.sending import accept, fair, store
from messaging.sending.draft import Draft, Sender

MESSAGES = 10_000
REQUESTS = 7
COPIES = 5
LOGS = Path(os.environ["BENCHMARK_LOGS"])
TEXT = "Your order 4711 has left our shop today. Thank you for your trust."
BARE = (
    ("messaging_message", "benchmark_message", "id"),
    ("messaging_queuerow", "benchmark_queuerow", "message_id"),
)


def number(position: int) -> str:
    """A Moroccan mobile number."""
    return f"+2126{position:08d}"


def sender_of(customer: Customer, lane: Lane = Lane.BULK) -> Sender:
    """The customer as the rules of sending have it."""
    return Sender(
        account=customer.facts,
        mode="live",
        lane=lane,
        api_key_id=customer.key.id,
        request_id=None,
        actor="benchmark",
    )


def lines(sender: Sender) -> tuple[list[str], list[str]]:
    """New rows for COPY: (messages, queue rows)."""
    order = accept.order(sender, [Draft(to=number(n), text=TEXT) for n in range(MESSAGES)], batch=True)
    reference = new_id()
    messages = store.message_lines(sender, order.ready, charge_reference=reference, batch_id=reference)
    return messages, store.queue_lines(sender, order.ready, fair.Turns())


def bare_copy(sender: Sender) -> float:
    """The median of the seconds that COPY takes into tables with a primary key and nothing else."""
    with connection.cursor() as cursor:
        for table, bare, key in BARE:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {bare} (LIKE {table} INCLUDING DEFAULTS, PRIMARY KEY ({key}))"
            )
    taken = []
    for _ in range(COPIES):
        texts = ["".join(part) for part in lines(sender)]
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, (table, bare, _key), text in zip(
                (store.COPY_MESSAGES, store.COPY_QUEUE), BARE, texts, strict=True
            ):
                with cursor.copy(statement.replace(table, bare)) as stream:
                    stream.write(text)
        taken.append(time.perf_counter() - began)
    return median(taken)


def own_copy(sender: Sender) -> float:
    """The same into the product's own tables, with their partitions, indexes and checks."""
    taken = []
    for _ in range(COPIES):
        messages, queue = lines(sender)
        began = time.perf_counter()
        with transaction.atomic():
            store.copy(messages, queue)
        taken.append(time.perf_counter() - began)
    return median(taken)


def measure() -> Iterator[Row]:
    """The rows of the goal for bulk."""
    only_carrier("bulk", "http://127.0.0.1:9", window=50)
    customer = customers(1)[0]
    items = ",".join(f'{{"to":"+2126{{k}}{n:05d}","message":"{TEXT}"}}' for n in range(MESSAGES))
    plan_of = heads("/v1/messages/bulk", [customer], idempotent=True)
    quiet = {"RISALA_ROLE": "web", "LOG_LEVEL": "ERROR"}
    sender = sender_of(customer)
    bare = bare_copy(sender)
    with granian("config.wsgi:application", log=LOGS / "web.log", env=quiet, path="/livez") as port:
        plan = load.Plan(
            port, 1, seconds=30.0, heads=plan_of, body=f'{{"messages":[{items}]}}', least=REQUESTS
        )
        found = load.run(plan)
    bare = median([bare, bare_copy(sender)])
    if set(found.statuses) != {"202"}:
        sys.stderr.write(f"  answers: {found.statuses} {found.sample!r}\n")
    what = "bulk of 10,000, p50"
    yield Row(
        what, found.p50_ms, "ms", bare * 1000, "COPY of the same rows, primary keys only", 5.0, at_most=True
    )
    yield Row(
        what, found.p50_ms, "ms", own_copy(sender) * 1000, "COPY into the product's own tables and indexes"
    )
