"""Webhook posts that were really received: each library believes the genuine ones of every profile, and no others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import NewAccount
from tests.sdks.library import Library, LibraryError
from tests.stand_ins import receiver
from tests.stand_ins.receiver import Request

PROFILES = ("standard", "smsmaroc", "envoisms", "smsprovider")
HEADERS = {
    "standard": "webhook-signature",
    "smsmaroc": "x-smsmaroc-signature",
    "envoisms": "x-envoisms-signature",
    "smsprovider": "x-smsprovider-signature",
}
OTHER = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OWN = "a secret of my own, no base64"


@dataclass(frozen=True)
class Posts:
    """What came for one message, by profile, and with which secrets."""

    posts: dict[str, Request]
    secrets: dict[str, str]
    message_id: str
    rotated: Request  # signed while a secret is changed
    rotated_secrets: tuple[str, str]
    own_secret: Request


@pytest.fixture(scope="session")
def received(new_account: NewAccount) -> Iterator[Posts]:
    customer = new_account()
    with receiver.running() as running:

        def endpoint(path: str, **more: object) -> tuple[str, str]:
            given = {"url": f"{running.url}/{path}", "events": ["message.delivered"], **more}
            made = customer.post("/v1/webhooks", given).body
            return made["id"], made["secret"]

        secrets = {profile: endpoint(profile, profile=profile)[1] for profile in PROFILES}
        rotated_id, former = endpoint("rotated")
        endpoint("own", secret=OWN)
        newer: str = customer.post(f"/v1/webhooks/{rotated_id}/rotate").body["secret"]
        message_id = customer.send(message="Été 🚚", metadata={"b": 1, "2": "é"})["id"]
        running.wait_for(6)
        posts = {profile: running.at(f"/{profile}")[0] for profile in PROFILES}
        rotated, own = running.at("/rotated")[0], running.at("/own")[0]
        yield Posts(posts, secrets, message_id, rotated, (newer, former), own)


def refused(library: Library, request: Request, *, body: bytes | None = None, **more: Any) -> bool:
    """Whether the library does not believe a post."""
    given: dict[str, Any] = {"headers": request.headers, **more}
    try:
        library.verify(request.body if body is None else body, **given)
    except LibraryError as error:
        return error.kind == "SignatureError"
    return False


@pytest.mark.parametrize("profile", PROFILES)
def test_a_genuine_post_is_believed(library: Library, received: Posts, profile: str) -> None:
    request = received.posts[profile]
    event = library.verify(request.body, request.headers, received.secrets[profile], profile=profile)
    assert (event["event"], event["message_id"]) == ("message.delivered", received.message_id)
    assert event == json.loads(request.body)
    several = [OTHER, received.secrets[profile]]
    assert library.verify(request.body, request.headers, several, profile=profile) == event


@pytest.mark.parametrize("profile", PROFILES)
def test_any_other_post_is_not(library: Library, received: Posts, profile: str) -> None:
    request, header = received.posts[profile], HEADERS[profile]
    good: dict[str, Any] = {"secret": received.secrets[profile], "profile": profile}
    sent_at = int(request.headers["webhook-timestamp"])
    signature = request.headers[header]
    assert not refused(library, request, **good)
    assert refused(library, request, body=request.body + b" ", **good)
    assert refused(library, request, **good | {"secret": OTHER})
    assert refused(library, request, **good, now=sent_at + 301)
    assert not refused(library, request, **good, now=sent_at + 300)
    assert refused(library, request, **good, now=sent_at - 301)
    without = {name: value for name, value in request.headers.items() if "signature" not in name}
    assert refused(library, request, **good, headers=without)
    for forged in ("", "v1,", signature[:-1], signature.upper(), "sha256=" + "0" * 64):
        assert refused(library, request, **good, headers=without | {header: forged})


def test_the_time_is_part_of_the_standard_signature(library: Library, received: Posts) -> None:
    request, secret = received.posts["standard"], received.secrets["standard"]
    later = str(int(request.headers["webhook-timestamp"]) + 1)
    assert refused(library, request, secret=secret, headers=request.headers | {"webhook-timestamp": later})
    assert refused(library, request, secret=secret, headers=request.headers | {"webhook-id": "another"})
    untimed = {name: value for name, value in request.headers.items() if name != "webhook-timestamp"}
    assert refused(library, request, secret=secret, headers=untimed)
    odd = request.headers | {"webhook-timestamp": "0x10"}
    assert refused(library, request, secret=secret, headers=odd, now=int(time.time()))


def test_both_secrets_hold_while_one_is_changed(library: Library, received: Posts) -> None:
    request = received.rotated
    assert len(request.headers["webhook-signature"].split(" ")) == 2
    for secret in received.rotated_secrets:
        assert library.verify(request.body, request.headers, secret)["message_id"] == received.message_id


def test_a_secret_that_is_no_base64(library: Library, received: Posts) -> None:
    request = received.own_secret
    assert library.verify(request.body, request.headers, OWN)["message_id"] == received.message_id
    assert refused(library, request, secret=OWN + "!")
