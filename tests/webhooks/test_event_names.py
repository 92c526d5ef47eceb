"""Exactly one event for each change an endpoint asked for, under a name its document knows."""

from typing import get_args

import pytest

from webhooks.event_names import CHAINS, DEFAULTS, KNOWN, SUBSCRIBABLE, VERIFIED, Change, event_name, wants
from webhooks.signing import ENVOISMS, PROFILES, SMSMAROC, SMSPROVIDER, STANDARD

CHANGES: tuple[Change, ...] = get_args(Change)
FINAL: tuple[Change, ...] = ("delivered", "failed", "undeliverable", "expired", "cancelled")


def names(subscribed: list[str], profile: str = STANDARD) -> dict[str, str | None]:
    return {change: event_name(subscribed, change, profile) for change in CHANGES}


def test_the_exact_name_wins_then_the_fallbacks_of_the_documents() -> None:
    expired, undeliverable, failed = "message.expired", "message.undeliverable", "message.failed"
    assert event_name([failed, undeliverable, expired], "expired", STANDARD) == expired
    assert event_name([failed, undeliverable], "expired", STANDARD) == undeliverable
    assert event_name([failed], "expired", STANDARD) == failed
    assert event_name([failed, undeliverable], "undeliverable", STANDARD) == undeliverable
    assert event_name([failed], "undeliverable", STANDARD) == failed
    assert event_name([expired], "undeliverable", STANDARD) is None
    assert event_name([undeliverable, expired], "failed", STANDARD) is None
    assert event_name(["message.delivered"], "expired", STANDARD) is None
    assert event_name([], "delivered", STANDARD) is None


def test_what_was_not_subscribed_to_is_not_sent() -> None:
    assert names(["message.delivered", "message.failed"]) == {
        "sent": None,
        "delivered": "message.delivered",
        "failed": "message.failed",
        "undeliverable": "message.failed",
        "expired": "message.failed",
        "cancelled": None,
    }


@pytest.mark.parametrize("wildcard", ["message.*", "*"])
def test_a_wildcard_means_the_names_that_the_document_knows(wildcard: str) -> None:
    assert names([wildcard]) == {change: f"message.{change}" for change in CHANGES}
    assert names([wildcard], SMSMAROC) == {
        "sent": "message.sent",
        "delivered": "message.delivered",
        "failed": "message.failed",
        "undeliverable": "message.undeliverable",
        "expired": "message.undeliverable",
        "cancelled": "message.failed",
    }
    assert names([wildcard], ENVOISMS) == {
        "sent": None,
        "delivered": "message.delivered",
        "failed": "message.failed",
        "undeliverable": "message.failed",
        "expired": "message.expired",
        "cancelled": "message.failed",
    }
    assert names([wildcard], SMSPROVIDER) == {
        "sent": "message.sent",
        "delivered": "message.delivered",
        "failed": "message.failed",
        "undeliverable": "message.failed",
        "expired": "message.expired",
        "cancelled": "message.failed",
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_a_wildcard_or_the_defaults_name_every_final_state_exactly_once(profile: str) -> None:
    for subscribed in (["*"], ["message.*"], list(DEFAULTS[profile])):
        for change in FINAL:
            name = event_name(subscribed, change, profile)
            assert name in KNOWN[profile]


def test_a_wildcard_beside_names_adds_to_them() -> None:
    assert event_name(["message.*", "message.expired"], "expired", SMSMAROC) == "message.expired"


def test_other_events_come_to_those_who_named_them_or_want_all() -> None:
    assert wants([VERIFIED], VERIFIED)
    assert wants(["*"], VERIFIED)
    assert not wants(["message.*"], VERIFIED)
    assert wants(DEFAULTS[ENVOISMS], VERIFIED)


def test_whatever_can_be_sent_can_be_subscribed_to() -> None:
    sent = {name for chain in CHAINS.values() for name in chain} | {
        name for known in KNOWN.values() for name in known
    }
    assert sent <= SUBSCRIBABLE
    assert {name for default in DEFAULTS.values() for name in default} <= SUBSCRIBABLE
