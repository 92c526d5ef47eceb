"""Every magic number of the simulator ends in its documented state, at its documented price."""

from decimal import Decimal

import pytest

from tests.conftest import NewAccount

PRICE = Decimal("0.28")
FREE = Decimal(0)
# last digit: final status, its code, what it cost in the end, how many attempts
QUICK = {
    0: ("delivered", None, PRICE, 1),
    1: ("failed", "CARRIER_REFUSED", FREE, 1),
    2: ("undeliverable", "UNREACHABLE", PRICE, 1),
    3: ("expired", "HANDSET_EXPIRED", PRICE, 1),
    6: ("delivered", None, PRICE, 1),
    7: ("delivered", None, PRICE, 1),
    8: ("delivered", None, PRICE, 3),
}
SLOW = {
    4: ("delivered", None, PRICE, 1),
    5: ("expired", "NO_DLR", PRICE, 1),
    9: ("failed", "SUBMIT_UNCONFIRMED", FREE, 5),
}


def attempts(message: dict[str, object]) -> int:
    steps = message["timeline"]
    assert isinstance(steps, list)
    return sum(step["event"] == "submitting" for step in steps)


@pytest.mark.parametrize(("numbers", "seconds"), [(QUICK, 20), (SLOW, 90)])
def test_each_number_does_what_is_written(
    new_account: NewAccount, numbers: dict[int, tuple[str, str | None, Decimal, int]], seconds: float
) -> None:
    customer = new_account(credit="10")
    sent = {digit: customer.send(f"+21260000000{digit}")["id"] for digit in numbers}
    ends = {digit: customer.wait_for(message_id, seconds=seconds) for digit, message_id in sent.items()}
    assert {digit: (m["status"], m["error_code"]) for digit, m in ends.items()} == {
        digit: expected[:2] for digit, expected in numbers.items()
    }
    assert {digit: attempts(m) for digit, m in ends.items()} == {d: e[3] for d, e in numbers.items()}
    assert customer.is_owed_nothing_more() == 10 - sum((e[2] for e in numbers.values()), FREE)


def test_no_answer_is_shown_as_sent_but_not_confirmed(new_account: NewAccount) -> None:
    customer = new_account()
    message_id = customer.send("+212600000009")["id"]
    shown = customer.wait_for(message_id, "sent")
    assert (shown["status"], shown["confirmed"], shown["final_at"]) == ("sent", False, None)


def test_three_equal_receipts_make_one_change(new_account: NewAccount) -> None:
    customer = new_account()
    message_id = customer.send("+212600000007")["id"]
    customer.wait_for(message_id)
    stack_rows = customer.message(message_id)["timeline"]
    assert [step["event"] for step in stack_rows].count("delivered") == 1


def test_any_other_number_is_delivered(new_account: NewAccount) -> None:
    customer = new_account(mode="test")
    assert customer.wait_for(customer.send("+22370123456")["id"])["status"] == "delivered"


@pytest.mark.parametrize(
    ("wish", "status", "kept"),
    [
        ("INVALID_NUMBER", "failed", "10"),
        ("CONTENT_REFUSED", "failed", "10"),
        ("BLOCKED", "undeliverable", "9.72"),
        ("UNKNOWN", "failed", "10"),
    ],
)
def test_a_failure_can_be_asked_for(new_account: NewAccount, wish: str, status: str, kept: str) -> None:
    customer = new_account(credit="10")
    message_id = customer.send(metadata={"simulate": wish})["id"]
    ended = customer.wait_for(message_id)
    assert (ended["status"], ended["error_code"]) == (status, wish)
    assert customer.balance() == Decimal(kept)
