"""The bodies: document C's six fields exactly, the fields of A and B at the top, and the same bytes every
time."""

import json

import pytest

from tests.webhooks.examples import delivered, failed, message, verified
from webhooks import payloads
from webhooks.signing import ENVOISMS, PROFILES, SMSMAROC, SMSPROVIDER, STANDARD


def test_document_cs_example_is_reproduced_field_for_field_in_its_order() -> None:
    assert payloads.body(SMSPROVIDER, delivered()) == (
        b'{"event":"message.delivered","message_id":"msg_5f8d2b38c4a7f","to":"+1234567890","status":"delivered",'
        b'"delivered_at":"2023-12-01T15:23:48Z","timestamp":1701446628}'
    )


def test_document_c_keeps_its_six_fields_for_messages_that_were_not_delivered_and_for_verifications() -> None:
    assert json.loads(payloads.body(SMSPROVIDER, failed())) == {
        "event": "message.failed",
        "message_id": "msg_5f8d2b38c4a7f",
        "to": "+1234567890",
        "status": "failed",
        "delivered_at": None,
        "timestamp": 1701446628,
    }
    assert json.loads(payloads.body(SMSPROVIDER, verified())) == {
        "event": "verify.success",
        "session_id": "vrf_1",
        "to": "+212612345678",
        "status": "verified",
        "verified_at": "2023-12-01T16:03:48Z",
        "timestamp": 1701446628,
    }


@pytest.mark.parametrize("profile", [STANDARD, SMSMAROC, ENVOISMS])
def test_the_envelope_has_what_the_standard_and_the_documents_look_for(profile: str) -> None:
    seen = json.loads(payloads.body(profile, delivered()))
    data = seen.pop("data")
    assert seen == {
        "id": "evt_1",
        "type": "message.delivered",
        "event": "message.delivered",
        "created_at": "2023-12-01T16:03:48.123Z",
        "sequence": 90,
        "mode": "live",
        "message_id": "msg_5f8d2b38c4a7f",
        "to": "+1234567890",
        "from": "MonApp",
        "channel": "sms",
        "status": "delivered",
        "segments": 1,
        "error_code": None,
        "sent_at": "2023-12-01T15:23:46.004000Z",
        "delivered_at": "2023-12-01T15:23:48.700000Z",
        "metadata": {"order": "A-17"},
    }
    assert data == delivered()["data"]


@pytest.mark.parametrize(
    ("internal", "words"),
    [
        ("sent", {STANDARD: "sent", SMSMAROC: "sent", ENVOISMS: "sent", SMSPROVIDER: "sent"}),
        ("delivered", dict.fromkeys(PROFILES, "delivered")),
        ("failed", dict.fromkeys(PROFILES, "failed")),
        (
            "undeliverable",
            {STANDARD: "undeliverable", SMSMAROC: "undeliverable", ENVOISMS: "failed", SMSPROVIDER: "failed"},
        ),
        (
            "expired",
            {STANDARD: "expired", SMSMAROC: "undeliverable", ENVOISMS: "failed", SMSPROVIDER: "expired"},
        ),
        ("cancelled", {STANDARD: "cancelled", SMSMAROC: "failed", ENVOISMS: "failed", SMSPROVIDER: "failed"}),
    ],
)
def test_each_document_reads_a_status_it_knows(internal: str, words: dict[str, str]) -> None:
    for profile in PROFILES:
        seen = json.loads(payloads.body(profile, message("message.failed", internal)))
        assert seen["status"] == words[profile]
        assert seen.get("data", seen)["status"] == words[profile]


def test_the_same_facts_give_the_same_bytes_whatever_zone_they_are_told_in() -> None:
    for profile in PROFILES:
        assert payloads.body(profile, delivered()) == payloads.body(profile, delivered())


def test_metadata_passes_through_untouched() -> None:
    metadata = {"ville": "Fès", "ar": "سلا", "n": 5, "deep": {"list": [1, "2", None, True]}, "": ""}
    seen = json.loads(payloads.body(STANDARD, delivered(metadata)))
    assert seen["metadata"] == seen["data"]["metadata"] == metadata


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown payload profile"):
        payloads.body("nonsense", delivered())
