"""The simulator keeps its word for every magic number, without any memory of what it was asked before."""

import asyncio
from collections.abc import Mapping

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    Carrier,
    PlannedReceipt,
    PlansReceipts,
    Receipt,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.simulator import Simulator
from tests.carriers.rows import MESSAGE, config, submission

REFERENCE = f"sim-{MESSAGE.hex}"
DELIVERED = Receipt(REFERENCE, "delivered", "SIM_DELIVERED", "", MESSAGE)
UNREACHABLE = Receipt(REFERENCE, "undeliverable", "SIM_UNREACHABLE", "UNREACHABLE", MESSAGE)
EXPIRED = Receipt(REFERENCE, "expired", "SIM_HANDSET_EXPIRED", "HANDSET_EXPIRED", MESSAGE)


def simulate(
    asked: Submission, settings: Mapping[str, str] | None = None
) -> tuple[Result, list[PlannedReceipt]]:
    """What the simulator answers, and the receipts it plans."""
    carrier: Carrier = registry.build(config("simulator", settings=settings))
    assert isinstance(carrier, PlansReceipts)
    result = asyncio.run(carrier.submit(asked))
    return result, list(carrier.planned_receipts(asked, result))


@pytest.mark.parametrize(
    ("number", "receipts"),
    [
        ("+212600000000", [PlannedReceipt(0.5, DELIVERED)]),
        ("+212612345678", [PlannedReceipt(0.5, DELIVERED)]),
        ("+33612345678", [PlannedReceipt(0.5, DELIVERED)]),
        ("+212600000002", [PlannedReceipt(0.5, UNREACHABLE)]),
        ("+212600000003", [PlannedReceipt(0.5, EXPIRED)]),
        ("+212600000004", [PlannedReceipt(30.0, DELIVERED)]),
        ("+212600000005", []),
        ("+212600000006", [PlannedReceipt(0.0, DELIVERED, before_answer=True)]),
        ("+212600000007", [PlannedReceipt(s, DELIVERED) for s in (0.5, 0.6, 0.7)]),
    ],
)
def test_an_accepted_number_plans_exactly_its_receipts(number: str, receipts: list[PlannedReceipt]) -> None:
    result, planned = simulate(submission(number))
    assert result == Accepted(REFERENCE)
    assert planned == receipts


def test_the_refused_number_is_refused_for_good_and_has_no_receipt() -> None:
    result, planned = simulate(submission("+212600000001"))
    assert result == Rejected("SIM_CARRIER_REFUSED", "CARRIER_REFUSED", "refused by the simulator")
    assert planned == []


def test_the_throttled_number_is_throttled_twice_then_delivered() -> None:
    outcomes = [simulate(submission("+212600000008", attempt=n)) for n in (1, 2, 3)]
    assert outcomes == [
        (TryLater("SIM_THROTTLED", "throttled", after_seconds=0.2), []),
        (TryLater("SIM_THROTTLED", "throttled", after_seconds=0.2), []),
        (Accepted(REFERENCE), [PlannedReceipt(0.5, DELIVERED)]),
    ]


@pytest.mark.parametrize("attempt", [1, 2, 5])
def test_the_lost_answer_stays_lost_and_no_receipt_follows(attempt: int) -> None:
    result, planned = simulate(submission("+212600000009", attempt=attempt))
    assert result == Unknown("SIM_ANSWER_LOST", "the answer was lost on purpose")
    assert planned == []


def test_a_repeated_attempt_carries_the_same_reference() -> None:
    first, second = (simulate(submission(attempt=n)) for n in (1, 2))
    assert Simulator.deduplicates
    assert first == second


@pytest.mark.parametrize("reason", ["INVALID_NUMBER", "SENDER_REFUSED", "CONTENT_REFUSED", "CARRIER_REFUSED"])
def test_a_refusal_can_be_asked_for_by_its_reason(reason: str) -> None:
    result, planned = simulate(submission(metadata={"simulate": reason}))
    assert result == Rejected(f"SIM_{reason}", reason, "refused by the simulator")
    assert planned == []


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("UNREACHABLE", "undeliverable"),
        ("BLOCKED", "undeliverable"),
        ("HANDSET_EXPIRED", "expired"),
        ("UNKNOWN", "failed"),
    ],
)
def test_a_failure_after_acceptance_can_be_asked_for_by_its_reason(reason: str, status: str) -> None:
    result, (planned,) = simulate(submission(metadata={"simulate": reason}))
    assert result == Accepted(REFERENCE)
    assert (planned.receipt.status, planned.receipt.reason) == (status, reason)


@pytest.mark.parametrize("wish", ["OPTED_OUT", "nonsense", "", 7, None, ["UNREACHABLE"], {"a": 1}])
def test_any_other_wish_is_not_heard(wish: object) -> None:
    assert simulate(submission(metadata={"simulate": wish})) == (
        Accepted(REFERENCE),
        [PlannedReceipt(0.5, DELIVERED)],
    )


def test_the_ordinary_delay_is_a_setting_and_the_slow_number_keeps_its_own() -> None:
    settings = {"delay_seconds": "0"}
    assert simulate(submission(), settings)[1] == [PlannedReceipt(0.0, DELIVERED)]
    assert simulate(submission("+212600000004"), settings)[1] == [PlannedReceipt(30.0, DELIVERED)]


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon", "", "86401"])
def test_a_delay_that_is_no_delay_is_refused(delay: str) -> None:
    assert registry.check("simulator", {"delay_seconds": delay}, {}) == [
        "delay_seconds must be a number from 0 to 86400."
    ]


def test_nobody_can_post_a_receipt_to_the_simulator() -> None:
    with pytest.raises(BadCallback):
        Simulator.receipts(config("simulator"), Callback("POST", {"ref": MESSAGE.hex}, {}, b"{}"))
