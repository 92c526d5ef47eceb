"""The simulator: a carrier inside the process, for test keys, for the first hour and for tests. The last
digits of the number choose what happens (`docs/carriers.md`); it keeps no state, so every worker gives the
same answer."""

import math
from collections.abc import Callable, Mapping, Sequence

from messaging.carriers.contract import (
    Accepted,
    BadCallback,
    Callback,
    CarrierConfig,
    Channel,
    PlannedReceipt,
    Receipt,
    ReceiptStatus,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from messaging.carriers.reasons import Reason

DEFAULT_DELAY_SECONDS = 0.5
SLOW_DELAY_SECONDS = 30.0
REPEAT_SECONDS = 0.1
MAX_DELAY_SECONDS = 86_400.0
THROTTLED_ATTEMPTS = 2

REFUSED = "+212600000001"
UNDELIVERABLE = "+212600000002"
EXPIRED = "+212600000003"
SLOW = "+212600000004"
SILENT = "+212600000005"
EARLY = "+212600000006"
REPEATED = "+212600000007"
THROTTLED = "+212600000008"
ANSWER_LOST = "+212600000009"

REFUSALS = frozenset(
    {Reason.INVALID_NUMBER, Reason.SENDER_REFUSED, Reason.CONTENT_REFUSED, Reason.CARRIER_REFUSED}
)
FAILURES: Mapping[Reason, ReceiptStatus] = {
    Reason.UNREACHABLE: "undeliverable",
    Reason.BLOCKED: "undeliverable",
    Reason.HANDSET_EXPIRED: "expired",
    Reason.UNKNOWN: "failed",
}


def _refused(reason: Reason) -> Rejected:
    return Rejected(code=f"SIM_{reason}", reason=reason, detail="refused by the simulator")


def _throttled(submission: Submission) -> Result:
    # The attempt's number rises with every intent, so two refusals need no memory in any process.
    if submission.attempt <= THROTTLED_ATTEMPTS:
        return TryLater(code="SIM_THROTTLED", cause="throttled", after_seconds=0.2)
    return _accepted(submission)


def _accepted(submission: Submission) -> Accepted:
    return Accepted(reference=f"sim-{submission.reference}")


ANSWERS: Mapping[str, Callable[[Submission], Result]] = {
    REFUSED: lambda submission: _refused(Reason.CARRIER_REFUSED),
    THROTTLED: _throttled,
    ANSWER_LOST: lambda submission: Unknown(code="SIM_ANSWER_LOST", detail="the answer was lost on purpose"),
}
FINAL_BY_NUMBER: Mapping[str, Reason] = {
    UNDELIVERABLE: Reason.UNREACHABLE,
    EXPIRED: Reason.HANDSET_EXPIRED,
}


def _wished(submission: Submission) -> Reason | None:
    """The failure that the sender asked for in `metadata.simulate`, if it names one a carrier can cause."""
    wish = submission.metadata.get("simulate")
    return next((reason for reason in (*REFUSALS, *FAILURES) if reason == wish), None)


class Simulator:
    """Answers at once and plans its receipts.

    Setting `delay_seconds`: how long after the submit an ordinary receipt comes (0 to 86400, 0.5 without it).
    """

    kind: str = "simulator"
    channels: frozenset[Channel] = frozenset({"sms", "whatsapp"})
    deduplicates: bool = True

    def __init__(self, config: CarrierConfig) -> None:
        self._delay_seconds = float(config.settings.get("delay_seconds", DEFAULT_DELAY_SECONDS))

    async def submit(self, submission: Submission) -> Result:
        """Answer by number, or by `metadata.simulate`; nothing is sent anywhere."""
        answer = ANSWERS.get(submission.to)
        if answer is not None:
            return answer(submission)
        wish = _wished(submission)
        if wish in REFUSALS:
            return _refused(wish)
        return _accepted(submission)

    async def probe(self) -> Result:
        """Always ready."""
        return Accepted(reference="")

    async def close(self) -> None:
        """Nothing is held."""

    def planned_receipts(self, submission: Submission, result: Result) -> Sequence[PlannedReceipt]:
        """The receipts of an accepted submission. A refused, throttled or lost one has none."""
        if not isinstance(result, Accepted) or submission.to == SILENT:
            return ()
        receipt = self._receipt(submission, result.reference)
        if submission.to == EARLY:
            return (PlannedReceipt(0.0, receipt, before_answer=True),)
        if submission.to == SLOW:
            return (PlannedReceipt(SLOW_DELAY_SECONDS, receipt),)
        times = 3 if submission.to == REPEATED else 1
        return tuple(PlannedReceipt(self._delay_seconds + n * REPEAT_SECONDS, receipt) for n in range(times))

    @staticmethod
    def _receipt(submission: Submission, reference: str) -> Receipt:
        reason = FINAL_BY_NUMBER.get(submission.to) or _wished(submission)
        if reason is None or reason not in FAILURES:
            return Receipt(
                reference=reference, status="delivered", code="SIM_DELIVERED", our_id=submission.id
            )
        return Receipt(
            reference=reference,
            status=FAILURES[reason],
            code=f"SIM_{reason}",
            reason=reason,
            our_id=submission.id,
        )

    @classmethod
    def receipts(cls, config: CarrierConfig, callback: Callback) -> Sequence[Receipt]:
        """Nobody may call: the simulator's receipts never come over the network. Raises `BadCallback`."""
        raise BadCallback("the simulator has no callback")

    @classmethod
    def check(cls, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[str]:
        """What is wrong with a configuration, one sentence each."""
        wrong = [f"{key} is not a setting of the simulator." for key in settings if key != "delay_seconds"]
        wrong += [f"{key} is not a setting of the simulator." for key in secrets]
        if not _is_delay(settings.get("delay_seconds", "0")):
            wrong.append(f"delay_seconds must be a number from 0 to {MAX_DELAY_SECONDS:.0f}.")
        return wrong


def _is_delay(text: str) -> bool:
    try:
        seconds = float(text)
    except ValueError:
        return False
    return math.isfinite(seconds) and 0 <= seconds <= MAX_DELAY_SECONDS
