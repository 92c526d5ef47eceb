"""Which event an endpoint is told of, and under which name: subscriptions, wildcards, and the chains of
names that the documents use for the same change. Pure rules."""

from collections.abc import Sequence
from typing import Final, Literal

from webhooks.signing import ENVOISMS, SMSMAROC, SMSPROVIDER, STANDARD

Change = Literal["sent", "delivered", "failed", "undeliverable", "expired", "cancelled"]

MESSAGE_WILDCARD, WILDCARD = "message.*", "*"
TEST, VERIFIED, TOPUP_PAID = "message.test", "verify.success", "topup.paid"
RECEIVED, OPTED_OUT, OPTED_IN = "message.received", "contact.opted_out", "contact.opted_in"

# Names for one change, the most exact first; an endpoint gets the first it subscribed to, so never two and
# never none for want of a newer word (document A calls an expired message undeliverable, document B
# failed).
CHAINS: Final[dict[Change, tuple[str, ...]]] = {
    "sent": ("message.sent",),
    "delivered": ("message.delivered",),
    "failed": ("message.failed",),
    "undeliverable": ("message.undeliverable", "message.failed"),
    "expired": ("message.expired", "message.undeliverable", "message.failed"),
    "cancelled": ("message.cancelled",),
}
# For clients of the documents a cancelled message has the status `failed`, so its event may have that name
# too.
CANCELLED_ELSEWHERE = ("message.cancelled", "message.failed")

# What a client written from each document can understand: the meaning of a wildcard, and of "all events".
KNOWN: Final[dict[str, tuple[str, ...]]] = {
    STANDARD: (
        "message.sent",
        "message.delivered",
        "message.failed",
        "message.undeliverable",
        "message.expired",
        "message.cancelled",
    ),
    SMSMAROC: ("message.sent", "message.delivered", "message.failed", "message.undeliverable"),
    ENVOISMS: ("message.delivered", "message.failed", "message.expired"),
    SMSPROVIDER: ("message.sent", "message.delivered", "message.failed", "message.expired"),
}
# What an endpoint gets when its maker named no events (documents A and B; natively all, a missed event
# being worse).
DEFAULTS: Final[dict[str, tuple[str, ...]]] = {
    STANDARD: (WILDCARD,),
    SMSMAROC: ("message.delivered", "message.failed"),
    ENVOISMS: ("message.delivered", "message.failed", "message.expired", VERIFIED),
    SMSPROVIDER: ("message.sent", "message.delivered", "message.failed", "message.expired"),
}
NATIVE_ONLY = frozenset({TOPUP_PAID, RECEIVED, OPTED_OUT, OPTED_IN})
"""Events that no document knows: its clients get them only if they name them."""
SUBSCRIBABLE = frozenset({*KNOWN[STANDARD], TEST, VERIFIED, *NATIVE_ONLY, MESSAGE_WILDCARD, WILDCARD})


def event_name(subscribed: Sequence[str], change: Change, profile: str) -> str | None:
    """The name under which an endpoint learns of a message's `change`, or None when it did not subscribe to
    it.

    A wildcard stands for every name that the endpoint's profile knows. Raises KeyError for an unknown
    profile.
    """
    wanted = set(subscribed)
    if wanted & {WILDCARD, MESSAGE_WILDCARD}:
        wanted.update(KNOWN[profile])
    chain = CHAINS[change]
    if change == "cancelled" and profile != STANDARD:
        chain = CANCELLED_ELSEWHERE
    return next((name for name in chain if name in wanted), None)


def wants(subscribed: Sequence[str], name: str, profile: str = STANDARD) -> bool:
    """Whether an endpoint subscribed to an event that is no change of a message, such as `verify.success`."""
    if name in NATIVE_ONLY and profile != STANDARD:
        return name in subscribed
    if name == RECEIVED and MESSAGE_WILDCARD in subscribed:
        return True
    return name in subscribed or WILDCARD in subscribed
