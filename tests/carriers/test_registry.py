"""Carriers are found by kind, and a configuration that cannot work is refused before it is used."""

import pytest

from messaging.carriers import registry
from messaging.carriers.advice import ADVICE
from messaging.carriers.reasons import EXPLANATIONS, Reason
from messaging.carriers.simulator import Simulator
from messaging.carriers.sms_to import SmsTo
from tests.carriers.rows import config


def test_every_kind_is_listed_and_has_its_credentials_named() -> None:
    assert registry.kinds() == ["http", "sim_gateway", "simulator", "sms_to", "whatsapp_cloud"]
    assert sorted(registry.SECRET_KEYS) == registry.kinds()
    assert [registry.adapter(kind).kind for kind in registry.kinds()] == registry.kinds()


def test_a_row_becomes_its_adapter() -> None:
    assert isinstance(registry.build(config("simulator")), Simulator)
    assert isinstance(registry.build(config("sms_to", secrets={"api_key": "k"})), SmsTo)


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(
        registry.UnknownKind,
        match="There is no carrier kind 'pigeon'; there are http, sim_gateway, simulator, sms_to, whatsapp_cloud",
    ):
        registry.check("pigeon", {}, {})


def test_credentials_are_parted_from_settings() -> None:
    values = {"base_url": "http://127.0.0.1:9", "api_key": "k", "webhook_secret": "s"}
    assert registry.split("sms_to", values) == (
        {"base_url": "http://127.0.0.1:9"},
        {"api_key": "k", "webhook_secret": "s"},
    )


@pytest.mark.parametrize(
    ("settings", "secrets", "problem"),
    [
        ({}, {}, "api_key is missing."),
        ({}, {"api_key": "a\nb"}, "api_key must be printable ASCII without spaces."),
        ({}, {"api_key": "clé"}, "api_key must be printable ASCII without spaces."),
        ({"baseurl": "http://x"}, {"api_key": "k"}, "baseurl is not a setting of SMS.to."),
        ({}, {"api_key": "k", "pin": "1"}, "pin is not a credential of SMS.to."),
        *[
            (
                {"base_url": address},
                {"api_key": "k"},
                "base_url must be an http or https address without query, fragment or password.",
            )
            for address in (
                "",
                "ftp://x",
                "http://",
                "api.sms.to",
                "http://u:p@x",
                "http://x?y=1",
                "http://x:99999",
            )
        ],
    ],
)
def test_a_wrong_configuration_is_named_and_not_built(
    settings: dict[str, str], secrets: dict[str, str], problem: str
) -> None:
    assert registry.check("sms_to", settings, secrets) == [problem]
    with pytest.raises(registry.NotUsable) as refused:
        registry.build(config("sms_to", settings=settings, secrets=secrets))
    assert refused.value.problems == [problem]


def test_every_reason_is_explained_in_three_languages() -> None:
    assert set(EXPLANATIONS) == set(Reason)
    for explanation in EXPLANATIONS.values():
        sentences = {explanation.sentence("en"), explanation.sentence("fr"), explanation.sentence("ar")}
        assert len(sentences) == 3
        assert all(sentence.endswith(".") for sentence in sentences)


def test_nobody_pays_for_what_no_carrier_took() -> None:
    paid = {reason for reason, explanation in EXPLANATIONS.items() if explanation.who_pays == "customer"}
    assert paid == {Reason.UNREACHABLE, Reason.BLOCKED, Reason.HANDSET_EXPIRED, Reason.NO_DLR}


def test_every_reason_has_advice_in_three_languages() -> None:
    assert set(ADVICE) == set(Reason)
    assert all(
        len(set(texts)) == 3 and all(text.endswith(".") for text in texts) for texts in ADVICE.values()
    )
