"""A payment gateway's callback while the web server is killed: before it committed, and after it did but before it answered.
The gateway says it again, and it is booked once."""

import socket
from urllib.parse import urlencode

import psycopg

from tests.faults.conftest import children, kill
from tests.stand_ins.customer import Customer
from tests.stand_ins.operator import Operator
from tests.stand_ins.running import Stack
from tests.stand_ins.waiting import until
from tests.topups.conftest import ask, cmi_fields, cmi_says, cmi_signed, look

WAITS = """
SELECT 1 FROM pg_stat_activity WHERE application_name = 'risala-web' AND wait_event_type = 'Lock' LIMIT 1
"""
PAID = "SELECT 1 FROM billing_topup WHERE account_id = %s AND status = 'paid' AND method = 'cmi'"


def send_only(stack: Stack, body: bytes) -> socket.socket:
    """A callback on a connection that nobody reads the answer from."""
    head = f"POST /callbacks/cmi HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    sender = socket.create_connection(("127.0.0.1", stack.port))
    sender.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
    return sender


def kill_web(stack: Stack) -> int:
    """SIGKILL the web server with all its processes. Returns its pid."""
    main = stack.pids()["web"]
    assert kill(*children(main), main) >= 1
    return main


def is_back(stack: Stack, killed: int) -> bool:
    """Whether the launcher has started another web server, and it answers."""
    return stack.pids().get("web", killed) != killed and stack.alive()


def is_booked_once(customer: Customer, topup_id: str) -> None:
    """The top-up stands in the books, once."""
    assert look(customer, topup_id)["status"] == "paid"
    booked = [row for row in customer.transactions() if row.get("topup_id") == topup_id]
    assert [row["amount_mad"] for row in booked] == [550]


def test_a_callback_that_was_cut_is_booked_once_when_it_comes_again(
    breakable: Stack, its_operator: Operator
) -> None:
    customer = its_operator.new_account()
    before, after = (ask(customer, payment_method="cmi") for _ in range(2))
    cut, unanswered = (cmi_signed(cmi_fields(topup)) for topup in (before, after))

    with psycopg.connect(breakable.database_url) as holding:  # its row is locked: the first callback waits
        topup_id = before["id"].removeprefix("topup_")
        holding.execute("SELECT 1 FROM billing_topup WHERE id = %s FOR UPDATE", [topup_id])
        with (
            send_only(breakable, urlencode(unanswered).encode()),
            send_only(breakable, urlencode(cut).encode()),
        ):
            until(lambda: breakable.rows(PAID, [customer.account_id]), seconds=3, what="one has committed")
            until(lambda: breakable.rows(WAITS), seconds=3, what="the other waits for its row")
            killed = kill_web(breakable)
    until(lambda: is_back(breakable, killed), seconds=60, what="the web is back")
    assert look(customer, before["id"])["status"] == "pending"

    for topup, said in ((before, cut), (after, unanswered)):
        assert cmi_says(customer, said) == "ACTION=POSTAUTH"
        is_booked_once(customer, topup["id"])
    assert customer.is_owed_nothing_more() == 1200
    audit = breakable.audited()
    assert audit.returncode == 0, audit.stdout
