"""P8, signed: the clients' own code, as documents B and C print it, accepts our bytes and headers, and no
others."""

import base64
import hashlib
import hmac
import re

import pytest

from tests.contract.verification import WRONG_LENGTH, Post, by_document_b, by_document_c, needs_node
from tests.webhooks.examples import delivered, failed, verified
from webhooks import payloads, signing
from webhooks.signing import ENVOISMS, PROFILES, SMSMAROC, SMSPROVIDER, STANDARD

BODY = '{"event":"message.delivered","to":"+212612345678","metadata":{"ville":"Fès 🚚"}}'.encode()
AT = 1_777_545_000


def make(profile: str, *secrets: str, body: bytes = BODY, brand: str = "Risala") -> dict[str, str]:
    return signing.headers(
        profile,
        secrets,
        event_id="evt_1",
        event_type="message.delivered",
        body=body,
        timestamp=AT,
        brand=brand,
    )


SECRETS = ["whsec_2f8a9e7d", signing.new_secret(), "whsec_keep_this_private", "ma clé secrète très longue"]


@needs_node
def test_document_b_verifies_our_posts_over_the_raw_body() -> None:
    good = [(BODY, make(ENVOISMS, secret)["X-EnvoiSMS.ma-Signature"], secret) for secret in SECRETS]
    bad = [(BODY + b" ", good[0][1], good[0][2]), (BODY, good[0][1], SECRETS[1])]
    short = [(BODY, good[0][1].removeprefix("sha256="), good[0][2])]
    answers = by_document_b([Post(*one) for one in good + bad + short])
    assert answers == [True] * 4 + [False] * 2 + [WRONG_LENGTH]


@needs_node
def test_document_c_verifies_our_posts_over_the_parsed_and_rewritten_body() -> None:
    bodies = [payloads.body(SMSPROVIDER, facts) for facts in payload_examples()]
    good = [
        (body, make(SMSPROVIDER, SECRETS[1], body=body)["X-SMSProvider-Signature"], SECRETS[1])
        for body in bodies
    ]
    bad = [(bodies[0], good[1][1], SECRETS[1]), (bodies[0], good[0][1], SECRETS[0])]
    prefixed = [(bodies[0], "sha256=" + good[0][1], SECRETS[1])]
    answers = by_document_c([Post(*one) for one in good + bad + prefixed])
    assert answers == [True] * len(good) + [False] * 2 + [WRONG_LENGTH]


@needs_node
@pytest.mark.parametrize("profile", PROFILES)
def test_every_profiles_body_survives_a_javascript_round_trip_so_that_c_verifies_it_too(profile: str) -> None:
    """So an owner may switch an endpoint's profile, and a client may verify either way."""
    cases = [
        (body, signing.body_signature(SECRETS[0], body), SECRETS[0])
        for body in (payloads.body(profile, facts) for facts in payload_examples())
    ]
    assert by_document_c([Post(*one) for one in cases]) == [True] * len(cases)


def payload_examples() -> list[payloads.Facts]:
    odd = {"b": 1, "10": "é\u2028", "2": 0.00001, "": None}
    return [delivered(), failed(), verified(), delivered(metadata=odd)]


def test_the_standard_trio_is_on_every_profile_and_verifies_as_standard_webhooks_says() -> None:
    for profile in PROFILES:
        made = make(profile, SECRETS[1])
        key = base64.b64decode(SECRETS[1].removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, b"evt_1.%d." % AT + BODY, hashlib.sha256)).decode()
        assert made["webhook-id"] == "evt_1"
        assert made["webhook-timestamp"] == str(AT)
        assert made["webhook-signature"] == f"v1,{expected}"
        assert made["Content-Type"] == "application/json"


def test_a_rotation_signs_the_standard_header_with_both_and_the_documents_headers_with_the_newest() -> None:
    new, old = SECRETS[1], SECRETS[0]
    for profile in PROFILES:
        both, alone = make(profile, new, old), make(profile, new)
        first, second = both.pop("webhook-signature").split(" ")
        assert first == alone.pop("webhook-signature")
        assert second == make(profile, old)["webhook-signature"]
        assert both == alone


@pytest.mark.parametrize(
    ("profile", "names", "prefix"),
    [
        (STANDARD, ["X-Risala"], "sha256="),
        (SMSMAROC, ["X-SMSMaroc"], "sha256="),
        (ENVOISMS, ["X-EnvoiSMS.ma", "X-EnvoiSMS"], "sha256="),
        (SMSPROVIDER, ["X-SMSProvider"], ""),
    ],
)
def test_each_profile_has_the_header_names_of_its_document(
    profile: str, names: list[str], prefix: str
) -> None:
    made = make(profile, "whsec_keep_this_private")
    digest = hmac.new(b"whsec_keep_this_private", BODY, hashlib.sha256).hexdigest()
    expected: dict[str, str] = {}
    for name in names:
        expected |= {
            f"{name}-Signature": prefix + digest,
            f"{name}-Event": "message.delivered",
            f"{name}-Version": "1.0",
        }
    assert {name: value for name, value in made.items() if name.startswith("X-")} == expected


def test_a_brand_is_reduced_to_what_a_header_name_may_hold() -> None:
    assert "X-SMSMaroc2-Signature" in make(STANDARD, SECRETS[0], brand="SMS Maroc: 2\r\n")
    assert "X-Webhook-Signature" in make(STANDARD, SECRETS[0], brand="رسالة")


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")),
        ("whsec_keep_this_private", b"whsec_keep_this_private"),
        ("un secret à moi, long", "un secret à moi, long".encode()),
        ("whsec_", b"whsec_"),
    ],
)
def test_the_standard_key_is_decoded_where_it_can_be(secret: str, key: bytes) -> None:
    assert signing.standard_key(secret) == key


def test_the_published_standard_webhooks_example_gives_the_published_signature() -> None:
    """The example of the Standard Webhooks specification, which every library of it tests against."""
    signature = signing.standard_signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_new_secrets_are_256_random_bits_in_the_standard_form() -> None:
    made = {signing.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret) for secret in made)
    assert all(len(signing.standard_key(secret)) == 32 for secret in made)


def test_an_unknown_profile_or_no_secret_is_an_error_and_not_an_unsigned_post() -> None:
    with pytest.raises(ValueError, match="unknown signature profile"):
        make("nonsense", SECRETS[0])
    with pytest.raises(ValueError, match="at least one secret"):
        make(STANDARD)
