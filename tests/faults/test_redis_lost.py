"""Promise P13: Redis may be emptied or vanish; accepting, charging, sending, receipts and webhooks go on, and
limits of speed become approximate."""

import json
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import redis
from pytest_django import DjangoDbBlocker

from config.stack import embedded
from tests.faults.conftest import SHORT
from tests.stand_ins import receiver, running
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.receiver import Receiver
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until


@pytest.fixture(scope="module")
def servers() -> Iterator[embedded.Servers]:
    """A Redis that stays away when it is stopped: it is not the launcher's."""
    with tempfile.TemporaryDirectory(prefix="risala-redis-") as folder:
        var = Path(folder)
        var.chmod(0o755)
        with embedded.start(var, postgres=False) as started:
            yield started


@pytest.fixture(scope="module")
def stack_beside(servers: embedded.Servers) -> Iterator[Stack]:
    """A stack with that Redis."""
    with running.own(**SHORT, REDIS_URL=servers.redis_url) as stack:
        yield stack


def told(receiving: Receiver, message_id: str) -> set[str]:
    """The events that were posted of one message."""
    bodies = [json.loads(request.body) for request in list(receiving.requests)]
    return {body["event"] for body in bodies if body["message_id"] == message_id}


def goes_all_the_way(customer: Customer, receiving: Receiver, *, seconds: float) -> None:
    """A message is accepted at once, charged, delivered, and told of."""
    answer = customer.try_send()
    assert answer.status == 202, answer.raw
    assert answer.seconds < 3.0
    message_id = answer.body["id"]
    assert customer.wait_for(message_id, seconds=seconds)["status"] == "delivered"
    expected = {"message.sent", "message.delivered"}
    until(lambda: told(receiving, message_id) == expected, seconds=seconds, what="the webhooks")


def test_redis_is_emptied_then_gone_then_back(
    stack_beside: Stack, servers: embedded.Servers, django_db_blocker: DjangoDbBlocker
) -> None:
    its_operator = Operator(stack_beside, django_db_blocker)
    with receiver.running() as receiving:
        customer = its_operator.new_account(credit="10")
        limited = its_operator.new_key(customer.account_id, rate_per_minute=10)
        assert customer.post("/v1/webhooks", {"url": receiving.url + "/"}).status == 201
        goes_all_the_way(customer, receiving, seconds=20)

        client = redis.Redis.from_url(stack_beside.redis_url)
        client.flushall()
        goes_all_the_way(customer, receiving, seconds=20)

        assert servers.redis is not None
        servers.redis.stop()
        goes_all_the_way(customer, receiving, seconds=30)
        passed = [limited.get("/v1/account").status for _ in range(30)]
        assert set(passed) == {200, 429}
        assert 5 <= passed.count(200) <= 20
        health = customer.get("/health").body
        assert (health["status"], health["database"]) == ("degraded", "ok")

        servers.redis.start()
        until(lambda: customer.get("/health").body["status"] == "ok", seconds=20, what="health is well")
        began = time.monotonic()
        goes_all_the_way(customer, receiving, seconds=30)
        assert time.monotonic() - began < 30
        assert customer.is_owed_nothing_more() == Decimal("8.88")
        audit = stack_beside.audited()
        assert audit.returncode == 0, audit.stdout
