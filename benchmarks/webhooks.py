"""How fast owed webhooks are posted, signed and recorded, by one and by two processes, against a bare client that makes
the same posts to the same receiver. Sixteen endpoints: one endpoint alone is held to eight posts at once."""

import base64
import secrets
from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import new_id, show
from accounts.vault import seal
from benchmarks import bare_client
from benchmarks.crowd import together
from benchmarks.customers import customers
from benchmarks.dispatch import workers
from benchmarks.processes import Helper
from benchmarks.table import Row, median
from webhooks import publish
from webhooks.models import Endpoint
from webhooks.pace import SLOTS

EVENTS = 2_400
ENDPOINTS = 16
ROUNDS = 2
OWED = "SELECT count(*) FROM webhooks_delivery WHERE state = 'pending'"


def endpoint(account_id: UUID, url: str) -> Endpoint:
    """An endpoint that wants everything."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return Endpoint.objects.create(
        account_id=account_id, url=url, events=["message.*"], secrets=[seal(secret)]
    )


def happening(account_id: UUID) -> publish.Happening:
    """A delivered message."""
    message_id = new_id()
    facts = {
        "id": show("message", message_id),
        "to": "+212612345678",
        "from": "RISALA",
        "channel": "sms",
        "status": "delivered",
        "segments": 1,
        "cost": {"eur": 0.0255, "mad": 0.28},
        "error_code": None,
        "metadata": {"order": "4711"},
        "created_at": "2026-01-31T12:00:00.000Z",
        "sent_at": "2026-01-31T12:00:00.100Z",
        "delivered_at": "2026-01-31T12:00:02.000Z",
    }
    return publish.Happening(message_id, account_id, "live", 90, facts, change="delivered")


def fill(accounts: list[UUID]) -> None:
    """Owe every account its share of the events."""
    with transaction.atomic():
        publish.events([happening(accounts[n % len(accounts)]) for n in range(EVENTS)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE webhooks_delivery, webhooks_event")


def bare(url: str, processes: int) -> float:
    """Posts per second of the bare client."""
    body = '{"id":"evt_0","type":"message.delivered","data":{' + '"x":"' + "x" * 420 + '"}}'
    headers = {
        "Content-Type": "application/json",
        "webhook-id": "evt_0",
        "webhook-signature": "v1," + "x" * 44,
    }
    clients = [bare_client.start() for _ in range(processes)]
    order = bare_client.order(url, body=body, headers=headers, count=EVENTS // processes, window=SLOTS)
    return EVENTS / together(clients, [order] * processes)


def measure() -> Iterator[Row]:
    """The rows of the goal for webhooks."""
    receiver = Helper("benchmarks.receive")
    url = receiver.next_line()
    try:
        accounts = [customer.account.id for customer in customers(ENDPOINTS)]
        for account_id in accounts:
            endpoint(account_id, url)
        for processes in (1, 2):
            yield compared(url, accounts, processes)
    finally:
        receiver.stop()


def compared(url: str, accounts: list[UUID], processes: int) -> Row:
    """Our rate and the bare client's."""
    rates, limits = [], []
    for _ in range(ROUNDS):
        limits.append(bare(url, processes))
        fill(accounts)
        crowd = workers("webhooks", processes, {})
        rates.append(EVENTS / together(crowd, ["go"] * processes))
    shown = f"{processes} process{'es' if processes > 1 else ''}"
    return Row(
        f"webhooks, {ENDPOINTS} endpoints, {shown}",
        median(rates),
        "/s",
        median(limits),
        f"bare client, {shown}",
        0.6,
    )
