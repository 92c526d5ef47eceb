"""Leases on the real database: one owner at a time, everybody's first before anybody's second, nothing lost
by a death."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.ids import new_id
from tests.stand_ins import receiver
from tests.webhooks.conftest import Customer
from webhooks import claim, deliver
from webhooks.models import Delivery, Endpoint

URL = "http://127.0.0.1:9/"


def due(
    *, most: int = 100, each: int = 10, allowances: dict[object, int] | None = None
) -> list[claim.Claimed]:
    return claim.due(new_id(), most=most, each=each, allowances=allowances or {})  # type: ignore[arg-type]


def test_a_claimed_delivery_is_nobody_elses_until_its_lease_runs_out(customer: Customer) -> None:
    endpoint = customer.endpoint(URL)
    customer.happen(3)
    assert len(due()) == 3
    assert due() == []
    assert not claim.any_due()
    Delivery.objects.filter(endpoint=endpoint).update(next_at=datetime.now(UTC) - timedelta(seconds=1))
    assert claim.any_due()
    assert len(due()) == 3


def test_a_great_backlog_of_one_endpoint_does_not_delay_another(customers: Callable[[], Customer]) -> None:
    big, small = customers(), customers()
    crowded, quiet = big.endpoint(URL), small.endpoint(URL)
    big.happen(500)
    small.happen(1)
    found = Counter(one.endpoint_id for one in due(most=10, each=100))
    assert found == {crowded.id: 9, quiet.id: 1}


def test_while_failing_one_delivery_is_claimed_by_all_workers_together(customer: Customer) -> None:
    endpoint = customer.endpoint(URL, failing_since=datetime.now(UTC), consecutive_failures=7)
    customer.happen(20)
    assert len(due()) == 1
    assert due() == []
    endpoint.refresh_from_db()
    assert endpoint.not_before is not None
    assert endpoint.not_before > datetime.now(UTC) + timedelta(seconds=50)


def test_before_the_breakers_instant_nothing_is_claimed(customer: Customer) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    customer.endpoint(URL, failing_since=datetime.now(UTC), not_before=soon)
    customer.happen()
    assert due() == []
    assert not claim.any_due()


def test_an_allowance_bounds_what_is_taken_more_of_an_endpoint(customer: Customer) -> None:
    endpoint = customer.endpoint(URL)
    customer.happen(20)
    assert due(allowances={endpoint.id: 0}) == []
    assert len(due(allowances={endpoint.id: 3})) == 3
    assert len(due(each=4)) == 4


def test_what_is_given_back_is_due_at_once_and_only_its_owner_can_give_it(customer: Customer) -> None:
    customer.endpoint(URL)
    customer.happen(4)
    owner = new_id()
    mine = claim.due(owner, most=10, each=10, allowances={})
    pairs = [(one.event_id, one.endpoint_id) for one in mine]
    claim.give_back(new_id(), pairs)
    assert due() == []
    claim.give_back(owner, pairs[:3])
    assert len(due()) == 3


def test_the_search_touches_few_rows_however_many_are_owed(customer: Customer) -> None:
    """A hundred thousand deliveries owed to an endpoint that rests cost the claim nothing."""
    resting = customer.endpoint(
        URL, failing_since=datetime.now(UTC), not_before=datetime.now(UTC) + timedelta(hours=1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_delivery (event_id, endpoint_id, subject_id, type) "
            "SELECT (substr(%s::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, %s, %s, 'message.sent' "
            "FROM generate_series(1, 100000) n",
            [str(new_id()), resting.id, new_id()],
        )
    customer.endpoint(URL)
    customer.happen(5)
    assert pages_of_search() < 300
    assert len(due()) == 5
    Endpoint.objects.filter(pk=resting.pk).update(not_before=None)
    assert pages_of_search() < 300
    assert len(due()) == 1


def pages_of_search() -> int:
    """How many pages of the database one search looks at; a hundred thousand deliveries lie on thousands."""
    parameters: dict[str, Any] = {"known": [], "allowances": [], "each": 16, "most": 512, **claim._bounds()}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {claim.DUE}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


WORKER = """
import os, django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
settings.WEBHOOK_ALLOW_PRIVATE = True
from webhooks import deliver
deliver.due()
"""


def test_a_worker_killed_in_the_middle_loses_nothing(customer: Customer) -> None:
    """kill -9 while posts are under way: whatever it had leased is posted by the next when the leases are
    over."""
    with receiver.running() as there:
        there.answer(receiver.slow(0.02))
        endpoint = customer.endpoint(there.url)
        customer.happen(150)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        }
        for share in (20, 60):
            worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
            there.wait_for(share, timeout_seconds=20)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
            customer.hurry(endpoint)
        deliver.due()
    assert customer.states(endpoint) == {"done": 150}
    posted = Counter(request.headers["webhook-id"] for request in there.requests)
    assert len(posted) == 150
    # Only what was under way or not yet stored when it died may come twice.
    assert sum(posted.values()) - 150 <= 2 * 64
    assert max(posted.values()) <= 3
