"""Whether answers stay as quick as an account grows: list, detail, balance, transactions, analytics and claim, at 50,000
stored messages and at a million (or what `--messages` says). The messages are made by SQL, spread over the last thirty days."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection

from accounts.ids import floor_of, new_id, show
from benchmarks import load
from benchmarks.customers import Customer, customers, only_carrier
from benchmarks.processes import granian
from benchmarks.table import Row, median
from messaging import tally
from messaging.models.message import Lane
from messaging.sending import claim

SMALL = 50_000
STEP = 250_000
SHARE_WAITING = 20  # one message in so many still waits in the queue
ASKED = 60
CLAIMS = 15
CLAIM_LIMIT = 100
MOST_RATIO = 1.5
SPREAD_DAYS = 25
ANALYTICS = "/v1/analytics?days=30&group_by=country"
LOGS = Path(os.environ["BENCHMARK_LOGS"])

# The id is a UUIDv7 of the instant: 48 bits of milliseconds, version 7, the row's number, and a variant.
IDS = """
CREATE TEMPORARY TABLE made AS
SELECT n, (lpad(to_hex(%(start)s + n * %(span)s / %(total)s), 12, '0') || '7000a' || lpad(to_hex(n), 15, '0'))::uuid AS id
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""
MESSAGES = """
INSERT INTO messaging_message (id, account_id, mode, lane, channel, charge_reference, "to", country, sender, text, encoding,
  segments, price, currency, price_mad, price_eur, status, rank, carrier_id, attempts, expires_at, final_at, sent_at,
  delivered_at, created_at)
SELECT id, %(account)s, 'live', 3, 'sms', id, '+2126' || lpad((n %% 100000000)::text, 8, '0'), 'MA', 'RISALA',
  'Your order 4711 has left our shop today. Thank you for your trust.', 'gsm7', 1, 0.28, 'MAD', 0.28, 0.0255,
  CASE WHEN n %% %(share)s = 0 THEN 'queued' ELSE 'delivered' END, CASE WHEN n %% %(share)s = 0 THEN 10 ELSE 90 END,
  %(carrier)s, 1, now() + interval '12 h', CASE WHEN n %% %(share)s <> 0 THEN now() END, now(), now(), now()
  FROM made
"""
QUEUE = """
INSERT INTO messaging_queuerow (message_id, account_id, carrier_id, lane, expires_at)
SELECT id, %(account)s, %(carrier)s, 3, now() + interval '12 h' FROM made WHERE n %% %(share)s = 0
"""
ATTEMPTS = """
INSERT INTO messaging_attempt (message_id, number, carrier_id, owner, outcome, reference, ended_at)
SELECT id, 1, %(carrier)s, id, 'accepted', 'c' || n, now() FROM made WHERE n %% %(share)s <> 0
"""
ENTRIES = """
INSERT INTO billing_entry (id, account_id, seq, kind, debit, credit, amount, currency, mad_per_eur, reference, subject,
  balance_after, held_after, actor, reason)
SELECT id, %(account)s, n + 1, 'charge', 'wallet', 'revenue', 0.28, 'MAD', 11, id, 'message', 100000000 - n * 0.28, 0,
  'benchmark', '' FROM made
"""
VACUUM = "VACUUM (ANALYZE) messaging_message, messaging_queuerow, messaging_attempt, billing_entry, messaging_tally"


class Growth:
    """One account's messages, grown in steps."""

    def __init__(self, customer: Customer, carrier_id: int, total: int) -> None:
        self.customer = customer
        self.start = datetime.now(UTC) - timedelta(days=SPREAD_DAYS)
        self.carrier_id = carrier_id
        self.total = total
        self.have = 0

    def to(self, count: int) -> None:
        """Grow to so many messages."""
        while self.have < count:
            last = min(count, self.have + STEP)
            self._add(self.have + 1, last)
            self.have = last
        tally.rebuild()  # the messages came by SQL, past accept
        with connection.cursor() as cursor:
            cursor.execute(VACUUM)  # as autovacuum would have done by then

    def _add(self, first: int, last: int) -> None:
        account_id = self.customer.account.id
        values: dict[str, int | UUID] = {
            "first": first,
            "last": last,
            "start": int(self.start.timestamp() * 1000),
            "span": int(timedelta(days=SPREAD_DAYS).total_seconds() * 1000),
            "total": self.total,
            "account": account_id,
            "carrier": self.carrier_id,
            "share": SHARE_WAITING,
        }
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS made")
            for statement in (IDS, MESSAGES, QUEUE, ATTEMPTS, ENTRIES):
                cursor.execute(statement, values)
            cursor.execute("UPDATE billing_ledger SET seq = %s WHERE account_id = %s", [last + 1, account_id])

    def some_message(self) -> UUID:
        """A message in the middle of what there is."""
        middle = self.start + timedelta(days=SPREAD_DAYS) * (self.have / 2 / self.total)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM messaging_message WHERE account_id = %s AND mode = 'live' AND id >= %s ORDER BY id LIMIT 1",
                [self.customer.account.id, floor_of(middle)],
            )
            found: UUID = cursor.fetchone()[0]
            return found


def claim_milliseconds(carrier_id: int) -> float:
    """The median of claiming 100 messages of the queue."""
    owner = new_id()
    taken = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        claim.due(carrier_id, Lane.BULK, owner, CLAIM_LIMIT)
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def asked(customer: Customer, port: int, path: str) -> float:
    """The median milliseconds of an answer."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {customer.key_text}"
    result = load.run(load.Plan(port, 1, seconds=4.0, heads=[head], warm_seconds=0.3, least=ASKED))
    return result.p50_ms if set(result.statuses) == {"200"} else float("nan")


def times(growth: Growth, port: int) -> dict[str, float]:
    """Milliseconds by what was asked."""
    paths = {
        "list": "/v1/messages?limit=50",
        "list of one status": "/v1/messages?limit=50&status=queued",
        "message with timeline": f"/v1/messages/{show('message', growth.some_message())}",
        "balance": "/v1/billing/balance",
        "transactions": "/v1/billing/transactions?limit=50",
    }
    found = {}
    for name, path in paths.items():
        found[name] = asked(growth.customer, port, path)
    found[f"claim of {CLAIM_LIMIT}"] = claim_milliseconds(growth.carrier_id)
    return found


def measure(most: str = "1000000") -> Iterator[Row]:
    """The rows of the goal for growth."""
    carrier_id = only_carrier("scale", "http://127.0.0.1:9", window=50)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_queuerow")
    growth = Growth(customers(1)[0], carrier_id, int(most))
    quiet = {"RISALA_ROLE": "web", "LOG_LEVEL": "ERROR", "STATEMENT_TIMEOUT_SECONDS": "10"}
    with granian("config.wsgi:application", log=LOGS / "web.log", env=quiet, path="/livez") as port:
        found = []
        for count in (SMALL, int(most)):
            growth.to(count)
            found.append(times(growth, port))
        # As many days for both, so that only the number of messages differs.
        other = Growth(customers(1)[0], carrier_id, SMALL)
        other.to(SMALL)
        for place, customer in enumerate((other.customer, growth.customer)):
            found[place]["analytics of 30 days"] = asked(customer, port, ANALYTICS)
    for name, small in found[0].items():
        what = f"{name} at {int(most):,} messages, p50"
        yield Row(what, found[1][name], "ms", small, f"at {SMALL:,}", MOST_RATIO, at_most=True)
