"""How fast messages go from PostgreSQL to an HTTP carrier and back into PostgreSQL, by one and by two worker processes,
without receipts and with receipts recorded, against a bare client that makes the same posts at the same window."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from django.db import connection

from benchmarks import bare_client
from benchmarks.bulk import TEXT, number, sender_of
from benchmarks.crowd import together
from benchmarks.customers import Customer, customers, only_carrier
from benchmarks.processes import Helper, free_port, granian, running, wait_for_port
from benchmarks.table import Row, median
from messaging.sending import accept
from messaging.sending.draft import Draft

MESSAGES = 2_000
WITH_RECEIPTS = 1_000
AT_ONCE = 1_000
WINDOW = 100
ROUNDS = 2
LOGS = Path(os.environ["BENCHMARK_LOGS"])
HEADERS = {
    "Authorization": "Bearer " + "k" * 32,
    "Content-Type": "application/json",
    "Accept": "application/json",
}


def fill(customer: Customer, count: int) -> None:
    """So many accepted messages, and statistics as a running system has them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_queuerow")
    for start in range(0, count, AT_ONCE):
        drafts = [Draft(to=number(start + n), text=TEXT) for n in range(AT_ONCE)]
        accept.batch([accept.order(sender_of(customer), drafts, batch=True)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_queuerow, messaging_message, messaging_attempt")


def workers(kind: str, count: int, env: dict[str, str], *arguments: str) -> list[Helper]:
    """So many worker processes, ready."""
    env = {"RISALA_ROLE": "worker", "LOG_LEVEL": "ERROR", **env}
    return [Helper("benchmarks.child", "worker", kind, *arguments, env=env) for _ in range(count)]


def bare(url: str, count: int, processes: int) -> float:
    """Posts per second of the bare client, shared by so many processes."""
    body = f'{{"message":"{TEXT}","to":"+212612345678","sender_id":"RISALA","callback_url":"{url}/x?ref={"0" * 32}"}}'
    clients = [bare_client.start() for _ in range(processes)]
    order = bare_client.order(
        url + "/sms/send", body=body, headers=HEADERS, count=count // processes, window=WINDOW
    )
    return count / together(clients, [order] * processes)


def carrier_process(stack: ExitStack, *options: str) -> str:
    """The stand-in for SMS.to in a process of its own; its base address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.stand_ins.sms_to_server", "--port", str(port), *options]
    stack.enter_context(running(command, log=LOGS / "carrier.log"))
    wait_for_port(port, log=LOGS / "carrier.log")
    return f"http://127.0.0.1:{port}"


def plain(customer: Customer, processes: int) -> Iterator[Row]:
    """Submitted and recorded, no receipts."""
    rates, limits = [], []
    with ExitStack() as stack:
        url = carrier_process(stack)
        carrier_id = only_carrier("dispatch", url, window=WINDOW)
        for _ in range(ROUNDS):
            fill(customer, MESSAGES)
            limits.append(bare(url, MESSAGES, processes))
            crowd = workers("send", processes, {}, str(carrier_id))
            rates.append(MESSAGES / together(crowd, ["go"] * processes))
    name = f"PostgreSQL → HTTP carrier → PostgreSQL, {processes} process{'es' if processes > 1 else ''}"
    limit_name = f"bare client, window {WINDOW}, {processes} process{'es' if processes > 1 else ''}"
    yield Row(name, median(rates), "/s", median(limits), limit_name, 0.6)


def with_receipts(customer: Customer) -> Iterator[Row]:
    """Until every message is `delivered`: one process sends, one applies, the web server takes the receipts."""
    with ExitStack() as stack:
        quiet = {"RISALA_ROLE": "web", "LOG_LEVEL": "ERROR"}
        web = stack.enter_context(
            granian("config.wsgi:application", log=LOGS / "web.log", env=quiet, path="/livez")
        )
        url = carrier_process(stack)
        limit = bare(url, WITH_RECEIPTS, 1)
        carrier_id = only_carrier("receipts", carrier_process(stack, "--receipts"), window=WINDOW)
        fill(customer, WITH_RECEIPTS)
        env = {"PUBLIC_URL": f"http://127.0.0.1:{web}"}
        crowd = [helper for kind in ("send", "receipts") for helper in workers(kind, 1, env, str(carrier_id))]
        rate = WITH_RECEIPTS / together(crowd, ["go"] * 2)
    yield Row(
        "the same until the receipt is applied, 1 process", rate, "/s", limit, "bare client without receipts"
    )


def measure() -> Iterator[Row]:
    """The rows of the goal for HTTP carriers."""
    customer = customers(1)[0]
    yield from plain(customer, 1)
    yield from plain(customer, 2)
    yield from with_receipts(customer)
