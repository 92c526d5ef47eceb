"""Promise P14: PostgreSQL is killed under load. Requests answer 202 or 503, nothing accepted is lost or charged
twice, and all goes on by itself within 15 seconds of its return."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import psycopg
import pytest

from tests.stand_ins.customer import Answer, Customer, or_none, together
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until

RESUME_SECONDS = 15.0
WEB_PROCESSES = 2
TO = "+212612345678"


@dataclass
class Senders:
    """Customers who send as fast as they are answered, each request under a key of its own, until `stop`."""

    customer: Customer
    answers: list[tuple[str, float, Answer | None]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask(self, key: str) -> Answer:
        """The request of a key, for the first time or again."""
        return self.customer.post("/v1/messages", {"to": TO, "message": key}, idempotency_key=key)

    def send(self, name: int) -> None:
        number = 0
        while not self.stop.is_set():
            key = f"{name}-{number}"
            number += 1
            answer = or_none(partial(self.ask, key))
            self.answers.append((key, time.monotonic(), answer))
            self.stop.wait(0.05)

    def accepted(self) -> dict[str, str]:
        """Key and message id of what was accepted."""
        return {key: a.body["id"] for key, _, a in list(self.answers) if a is not None and a.status == 202}

    def accepted_after(self, instant: float) -> Callable[[], bool]:
        """A check whether anything was accepted after an instant."""
        return lambda: any(a and a.status == 202 and at > instant for _, at, a in list(self.answers))


def restarted(stack: Stack, former: int) -> float:
    """Wait until the launcher has started PostgreSQL again and it answers; the instant."""
    until(lambda: stack.pids().get("postgres", former) != former, what="PostgreSQL is started again")

    def answers() -> bool:
        with suppress(psycopg.OperationalError):
            return bool(stack.rows("SELECT 1"))
        return False

    until(answers, what="PostgreSQL answers")
    return time.monotonic()


def test_after_a_quiet_restart_each_process_notices_once(breakable: Stack, its_operator: Operator) -> None:
    """Not once for each connection that it had open."""
    customer = its_operator.new_account()
    together([partial(customer.get, "/v1/messages") for _ in range(40)])  # so that all connections are open
    former = breakable.pids()["postgres"]
    os.kill(former, signal.SIGQUIT)
    restarted(breakable, former)
    statuses = [customer.get("/v1/messages").status for _ in range(60)]
    assert set(statuses) <= {200, 503}
    assert statuses.count(503) <= WEB_PROCESSES, statuses


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGKILL], ids=["immediate", "kill"])
def test_postgres_is_killed_while_sending(
    breakable: Stack, its_operator: Operator, number: signal.Signals
) -> None:
    customer = its_operator.new_account(credit="1000")
    senders = Senders(customer)
    threads = [threading.Thread(target=senders.send, args=(n,), daemon=True) for n in range(6)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(senders.accepted()) >= 20, what="sending goes on")
        former = breakable.pids()["postgres"]
        os.kill(former, number)
        back = restarted(breakable, former)
        until(senders.accepted_after(back), seconds=RESUME_SECONDS, what="messages are accepted again")
        until(lambda: len(senders.accepted()) >= 40, what="sending goes on")
    finally:
        senders.stop.set()
        for thread in threads:
            thread.join(40)
    assert {answer.status for _, _, answer in senders.answers if answer} <= {202, 503}
    for _, _, answer in senders.answers:
        if answer and answer.status == 503:
            assert answer.error["code"] == "SERVICE_UNAVAILABLE"
            assert int(answer.headers["retry-after"]) >= 1
    for message_id in senders.accepted().values():
        assert customer.wait_for(message_id, seconds=40)["status"] == "delivered"
    for key, _, answer in senders.answers:
        if answer is None or answer.status != 202:  # a client that asks again gets one message, not two
            again = senders.ask(key)
            assert again.status == 202
    sent = customer.get("/v1/messages").body["total"]
    assert sent == len({key for key, _, _ in senders.answers})
    customer.is_owed_nothing_more()
    audit = breakable.audited()
    assert audit.returncode == 0, audit.stdout
