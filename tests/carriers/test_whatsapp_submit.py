"""What is posted to WhatsApp's Cloud API for each kind of message, and the one result that each of its answers is."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import (
    Accepted,
    ProviderTemplate,
    Rejected,
    Result,
    Submission,
    TryLater,
    Unknown,
)
from tests.carriers.rows import MESSAGE, config, submission
from tests.stand_ins import cloud_api
from tests.stand_ins.cloud_api import CloudApi

PLAIN = replace(submission(), channel="whatsapp")


@pytest.fixture
def api() -> Iterator[CloudApi]:
    with cloud_api.running() as server:
        yield server


def submit(
    api: CloudApi, given: Submission = PLAIN, *, timeout_seconds: float = 5.0, **values: str
) -> Result:
    """The result of one message."""
    settings, secrets = registry.split("whatsapp_cloud", api.settings(**values))
    row = config("whatsapp_cloud", settings=settings, secrets=secrets, timeout_seconds=timeout_seconds)

    async def once() -> Result:
        carrier = registry.build(row)
        try:
            return await carrier.submit(given)
        finally:
            await carrier.close()

    return asyncio.run(once())


def posted(api: CloudApi, given: Submission, **values: Any) -> dict[str, Any]:
    """What was posted for a message that was taken, without the fields that all have."""
    assert submit(api, given, **values) == Accepted("wamid.000001")
    (message,) = api.sent
    return {key: message[key] for key in (message["type"], "type")}


def test_a_text_carries_our_reference(api: CloudApi) -> None:
    assert submit(api) == Accepted("wamid.000001")
    assert api.sent == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "212612345678",
            "biz_opaque_callback_data": MESSAGE.hex,
            "type": "text",
            "text": {"preview_url": False, "body": "Bonjour"},
        }
    ]


def test_a_template_takes_its_values_and_what_its_buttons_need(api: CloudApi) -> None:
    buttons = (
        {"type": "copy", "value": "ETE50"},
        {"type": "call", "value": "+212"},
        {"type": "url", "url": "a/b"},
    )
    template = ProviderTemplate("summer_sale", "fr", ("Amina", "50"))
    assert posted(api, replace(PLAIN, template=template, buttons=buttons))["template"] == {
        "name": "summer_sale",
        "language": {"code": "fr"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Amina"}, {"type": "text", "text": "50"}],
            },
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "0",
                "parameters": [{"type": "coupon_code", "coupon_code": "ETE50"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "2",
                "parameters": [{"type": "text", "text": "a/b"}],
            },
        ],
    }


def test_a_template_without_slots_has_no_components(api: CloudApi) -> None:
    template = ProviderTemplate("hello_world", "en_US")
    assert posted(api, replace(PLAIN, template=template))["template"] == {
        "name": "hello_world",
        "language": {"code": "en_US"},
    }


CODE = [
    {"type": "body", "parameters": [{"type": "text", "text": "492817"}]},
    {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "492817"}]},
]


def test_a_code_goes_into_the_operators_authentication_template_with_its_copy_button(api: CloudApi) -> None:
    coded = replace(PLAIN, text="Code 492817", code="492817", buttons=({"type": "copy", "text": "Copier"},))
    made = posted(api, coded, otp_template="risala_code", otp_language="ar")
    assert made["template"] == {"name": "risala_code", "language": {"code": "ar"}, "components": CODE}


def test_a_template_for_codes_gets_its_first_value_twice(api: CloudApi) -> None:
    template = ProviderTemplate("own_code", "fr", ("492817",), one_time_code=True)
    assert posted(api, replace(PLAIN, template=template))["template"]["components"] == CODE


def test_a_code_without_such_a_template_is_text(api: CloudApi) -> None:
    coded = replace(PLAIN, text="Code 492817", code="492817", buttons=({"type": "copy", "text": "Copier"},))
    assert posted(api, coded)["text"]["body"] == "Code 492817"


def test_a_text_may_have_one_link(api: CloudApi) -> None:
    linked = replace(PLAIN, buttons=({"type": "url", "text": "Voir", "url": "https://shop.example/a"},))
    assert posted(api, linked)["interactive"] == {
        "type": "cta_url",
        "body": {"text": "Bonjour"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Voir", "url": "https://shop.example/a"},
        },
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"buttons": ({"type": "copy", "value": "A"},)}, "BUTTONS_NEED_TEMPLATE"),
        ({"buttons": ({"type": "url", "text": "a", "url": "b"},) * 2}, "BUTTONS_NEED_TEMPLATE"),
        ({"buttons": ({"type": "url", "text": "x" * 21, "url": "b"},)}, "BUTTON_UNFIT"),
        ({"buttons": ({"type": "url", "text": "Voir"},)}, "BUTTON_UNFIT"),
        ({"template": ProviderTemplate("c", "fr", ("1" * 16,), one_time_code=True)}, "CODE_TOO_LONG"),
        ({"text": "\ud800"}, "UNENCODABLE"),
    ],
)
def test_what_no_form_fits_is_refused_and_nothing_is_posted(
    api: CloudApi, changes: dict[str, Any], code: str
) -> None:
    result = submit(api, replace(PLAIN, **changes))
    assert isinstance(result, Rejected)
    assert (result.code, result.reason, api.sent) == (code, "CONTENT_REFUSED", [])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (131026, Rejected("131026", "NOT_ON_CHANNEL", "details of 131026")),
        (131047, Rejected("131047", "WINDOW_CLOSED", "details of 131047")),
        (132001, Rejected("132001", "TEMPLATE_REFUSED", "details of 132001")),
        (131050, Rejected("131050", "OPTED_OUT", "details of 131050")),
        (131053, Rejected("131053", "CONTENT_REFUSED", "details of 131053")),
        (999999, Rejected("999999", "CARRIER_REFUSED", "details of 999999")),
        (190, TryLater("190", "denied", "details of 190")),
        (368, TryLater("368", "denied", "details of 368")),
        (230, TryLater("230", "denied", "details of 230")),
        (130429, TryLater("130429", "throttled", "details of 130429")),
        (131048, TryLater("131048", "throttled", "details of 131048", 300.0)),
        (131056, TryLater("131056", "queue_full", "details of 131056", 6.0)),
        (2, TryLater("2", "queue_full", "details of 2")),
        (131000, Unknown("131000", "details of 131000")),
    ],
)
def test_an_error_is_read_by_its_code(api: CloudApi, code: int, expected: Result) -> None:
    api.script.append(code)
    assert submit(api) == expected
    assert api.sent == []


@pytest.mark.parametrize(
    ("fault", "code"), [("hangup", "ServerDisconnectedError"), ("garbage", "GARBLED"), ("silence", "Timeout")]
)
def test_a_lost_answer_is_unknown(api: CloudApi, fault: str, code: str) -> None:
    api.script.append(fault)
    result = submit(api, timeout_seconds=0.4)
    assert isinstance(result, Unknown)
    assert result.code == code


def test_a_wrong_number_id_or_token_pauses_the_carrier(api: CloudApi) -> None:
    wrong_number, wrong_token = submit(api, phone_number_id="1"), submit(api, access_token="other")
    assert isinstance(wrong_number, TryLater)
    assert isinstance(wrong_token, TryLater)
    assert (wrong_number.code, wrong_number.cause) == ("100/33", "denied")
    assert (wrong_token.code, wrong_token.cause) == ("190", "denied")


def test_a_probe_sends_nothing(api: CloudApi) -> None:
    async def probed(**values: str) -> Result:
        settings, secrets = registry.split("whatsapp_cloud", api.settings(**values))
        carrier = registry.build(config("whatsapp_cloud", settings=settings, secrets=secrets))
        try:
            return await carrier.probe()
        finally:
            await carrier.close()

    assert asyncio.run(probed()) == Accepted("")
    assert asyncio.run(probed(access_token="other")) == TryLater("190", "denied", "details of 190")
    assert api.sent == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"phone_number_id": "+212522"},
            "phone_number_id is required: the digits that Meta shows beside the number.",
        ),
        ({"app_secret": ""}, "app_secret is missing."),
        ({"access_token": "a b"}, "access_token must be printable ASCII without spaces."),
        (
            {"otp_template": "My Code"},
            "otp_template is a template's name at Meta: small letters, digits and _.",
        ),
        ({"otp_language": "French"}, "otp_language is a language as Meta writes it, such as fr or en_US."),
        ({"colour": "green"}, "colour is not a setting of WhatsApp."),
        (
            {"base_url": "ftp://x"},
            "base_url must be an http or https address without query, fragment or password.",
        ),
    ],
)
def test_a_wrong_configuration_is_said_at_once(values: dict[str, str], problem: str) -> None:
    given = CloudApi("http://127.0.0.1:9/v23.0").settings(**values)
    assert registry.check("whatsapp_cloud", *registry.split("whatsapp_cloud", given)) == [problem]
