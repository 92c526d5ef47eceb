"""What each error code of the Cloud API means for a message: the codes of Meta's public list for sending. Decided by the code,
never by its title or sentence, as Meta advises; a code that is not here is kept as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from messaging.carriers.reasons import Reason

Cause = Literal["unreachable", "throttled", "queue_full", "denied"]


@dataclass(frozen=True, slots=True)
class Wait:
    """The message was not taken, and may be later. `seconds` is how long to wait where the answer does not say."""

    cause: Cause
    seconds: float | None = None


SPAM_SECONDS = 300.0
PAIR_SECONDS = 6.0
"""Meta documents about one message in six seconds to one recipient, beyond a burst."""
PERMISSIONS = range(200, 300)

WAITS: Mapping[int, Wait] = {
    0: Wait("denied"),  # the app user could not be authenticated
    3: Wait("denied"),  # capability or permission
    10: Wait("denied"),  # permission not granted
    33: Wait("denied"),  # the business number was deleted
    190: Wait("denied"),  # the token is over
    368: Wait("denied"),  # blocked for a violation of policy
    131005: Wait("denied"),  # access denied
    131031: Wait("denied"),  # the account is locked
    131037: Wait("denied"),  # the number's display name awaits approval
    131042: Wait("denied"),  # how the account pays
    131045: Wait("denied"),  # the number's certificate
    133000: Wait("denied"),  # a deregistration was not finished
    133006: Wait("denied"),  # the number has to be verified again
    133010: Wait("denied"),  # the number is not registered
    4: Wait("throttled"),  # calls of the app
    80007: Wait("throttled"),  # calls of the business account
    130429: Wait("throttled"),  # throughput of the number
    131048: Wait("throttled", SPAM_SECONDS),  # too many were blocked or reported
    131056: Wait("queue_full", PAIR_SECONDS),  # this pair of numbers alone: the carrier need not slow down
    2: Wait("queue_full"),  # down or overloaded
    131016: Wait("queue_full"),  # a service is not available
    131057: Wait("queue_full"),  # the account is in maintenance
    133004: Wait("queue_full"),  # the server is not available
}
UNCERTAIN = frozenset({1, 131000})
"""An error that Meta cannot name either: the message may be on its way."""

REASONS: Mapping[int, Reason] = {
    100: Reason.CONTENT_REFUSED,
    130472: Reason.BLOCKED,  # the number is in an experiment that gets no marketing
    130497: Reason.DESTINATION_BLOCKED,  # the account may not write to this country
    131001: Reason.CONTENT_REFUSED,
    131008: Reason.CONTENT_REFUSED,
    131009: Reason.CONTENT_REFUSED,
    131021: Reason.INVALID_NUMBER,  # the recipient is the sender
    131026: Reason.NOT_ON_CHANNEL,
    131030: Reason.INVALID_NUMBER,  # a test number may write to its listed recipients only
    131043: Reason.HANDSET_EXPIRED,
    131047: Reason.WINDOW_CLOSED,
    131049: Reason.BLOCKED,  # Meta spares the recipient more marketing
    131050: Reason.OPTED_OUT,  # the recipient wants no marketing of this business
    131051: Reason.CONTENT_REFUSED,
    131052: Reason.CONTENT_REFUSED,
    131053: Reason.CONTENT_REFUSED,
    132000: Reason.TEMPLATE_REFUSED,
    132001: Reason.TEMPLATE_REFUSED,
    132005: Reason.TEMPLATE_REFUSED,
    132007: Reason.TEMPLATE_REFUSED,
    132012: Reason.TEMPLATE_REFUSED,
    132015: Reason.TEMPLATE_REFUSED,
    132016: Reason.TEMPLATE_REFUSED,
    132018: Reason.TEMPLATE_REFUSED,
    132068: Reason.TEMPLATE_REFUSED,
    132069: Reason.TEMPLATE_REFUSED,
    134101: Reason.TEMPLATE_REFUSED,
    134102: Reason.TEMPLATE_REFUSED,
    135000: Reason.CARRIER_REFUSED,
}


def wait_of(code: int) -> Wait | None:
    """How a submit that ended with this code is to be tried again; None if it is not."""
    return Wait("denied") if code in PERMISSIONS else WAITS.get(code)


def reason_of(code: int) -> Reason:
    """Our reason for a message that ended with this code: at submit, or in a receipt, where waiting is over."""
    if code in REASONS:
        return REASONS[code]
    return Reason.CARRIER_REFUSED if wait_of(code) else Reason.UNKNOWN
