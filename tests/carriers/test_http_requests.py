"""What a carrier of kind `http` sends: each value escaped for its place, credentials where they belong, and nothing twice."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import Accepted, Rehearses, Rejected, Result, Submission, Unknown
from messaging.carriers.http_generic import template
from tests.carriers.rows import CALLBACK, MESSAGE, config, submission
from tests.stand_ins import http_provider
from tests.stand_ins.http_provider import HttpProvider

NASTY = "a\"b\\c&d=e<f>g'h%41{{token}}+é\nعربي €"
ID = {"message_id": "id"}


def send(settings: Mapping[str, str], secrets: Mapping[str, str] | None = None, **what: object) -> Result:
    """The result of one message."""
    asked: Submission = replace(submission(), **what)  # type: ignore[arg-type]

    async def once() -> Result:
        carrier = registry.build(
            config("http", settings={**ID, **settings}, secrets=secrets or {}, timeout_seconds=0.5)
        )
        try:
            return await carrier.submit(asked)
        finally:
            await carrier.close()

    return asyncio.run(once())


@pytest.fixture
def provider() -> Iterator[HttpProvider]:
    with http_provider.running(http_provider.json(id="p-1")) as played:
        yield played


def test_a_form(provider: HttpProvider) -> None:
    body = "To={{to}}&From={{sender}}&Body={{text}}&cb={{callback_url}}&fixed=a%20b"
    assert send({"url": f"{provider.base_url}/send", "body": body}, text=NASTY) == Accepted("p-1")
    (request,) = provider.received
    assert request.form() == {
        "To": "+212612345678",
        "From": "RISALA",
        "Body": NASTY,
        "cb": f"{CALLBACK}?ref={MESSAGE.hex}",
        "fixed": "a b",
    }
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_json(provider: HttpProvider) -> None:
    body = '{"messages": [{"to": "{{to_digits}}", "text": "{{text}}", "parts": {{segments}}, "ref": "r-{{reference}}"}]}'
    settings = {"url": f"{provider.base_url}/send", "body_type": "json", "body": body}
    assert send(settings, {"token": "t"}, text=NASTY, segments=3) == Accepted("p-1")
    (request,) = provider.received
    assert json.loads(request.body) == {
        "messages": [{"to": "212612345678", "text": NASTY, "parts": 3, "ref": f"r-{MESSAGE.hex}"}]
    }


def test_xml(provider: HttpProvider) -> None:
    body = '<sms to="{{to}}" from="{{sender}}"><text>{{text}}</text></sms>'
    settings = {"url": f"{provider.base_url}/send", "body_type": "xml", "body": body}
    assert send(settings, text=NASTY + "\x00\x0b") == Accepted("p-1")
    read = ElementTree.fromstring(provider.received[0].body)  # noqa: S314 - our own
    assert (read.attrib, read[0].text) == ({"to": "+212612345678", "from": "RISALA"}, NASTY)


def test_a_get_in_latin_1(provider: HttpProvider) -> None:
    url = f"{provider.base_url}/send?u={{{{username}}}}&to={{{{to_national}}}}&t={{{{text}}}}&e={{{{encoding}}}}"
    settings = {"url": url, "method": "GET", "charset": "iso-8859-1", "encoding_gsm7": "0"}
    assert send(settings, {"username": "a&b"}, text="Été à 5+5 & co") == Accepted("p-1")
    (request,) = provider.received
    assert request.query("iso-8859-1") == {"u": "a&b", "to": "0612345678", "t": "Été à 5+5 & co", "e": "0"}
    assert send(settings, {"username": "a"}, text="سلام") == Rejected(
        "UNENCODABLE", "CONTENT_REFUSED", "a value cannot be written in iso-8859-1"
    )
    assert len(provider.received) == 1


def test_a_text_as_hexadecimal_digits(provider: HttpProvider) -> None:
    url = f"{provider.base_url}/?to={{{{to}}}}&t={{{{text_hex}}}}&dcs={{{{data_coding}}}}"
    send({"url": url, "method": "GET"}, text="é😀", encoding="ucs2")
    assert provider.received[0].query() == {"to": "+212612345678", "t": "00E9D83DDE00", "dcs": "8"}


@pytest.mark.parametrize(
    ("settings", "secrets", "where"),
    [
        ({"auth": "basic"}, {"username": "u", "password": "p"}, ("authorization", "Basic dTpw")),
        ({"auth": "bearer"}, {"token": "t"}, ("authorization", "Bearer t")),
        ({"auth": "header", "auth_name": "X-Key"}, {"token": "t"}, ("x-key", "t")),
        ({"auth": "query", "auth_name": "api_key"}, {"token": "t&t"}, ("?", "/?api_key=t%26t")),
        ({"header.X-Own": "k={{token}}"}, {"token": "t"}, ("x-own", "k=t")),
    ],
)
def test_credentials(
    provider: HttpProvider, settings: dict[str, str], secrets: dict[str, str], where: tuple[str, str]
) -> None:
    assert send({"url": f"{provider.base_url}/", "body": "{{to}}{{text}}", **settings}, secrets) == Accepted(
        "p-1"
    )
    (request,) = provider.received
    assert (request.target if where[0] == "?" else request.headers[where[0]]) == where[1]


def test_a_get_whose_answer_is_lost_is_not_sent_again_by_the_http_client(provider: HttpProvider) -> None:
    settings = {"url": f"{provider.base_url}/?to={{{{to}}}}&t={{{{text}}}}", "method": "GET"}
    provider.say(http_provider.fault("close"))
    assert send(settings) == Unknown("ServerDisconnectedError", "Server disconnected")
    provider.say(http_provider.fault("reset"))
    assert isinstance(send(settings), Unknown)
    assert len(provider.received) == 2


def test_a_preview_masks_credentials() -> None:
    settings = {
        **ID,
        "url": "https://x.example/{{username}}/send",
        "auth": "basic",
        "body": "t={{to}}&m={{text}}",
    }
    carrier = registry.build(
        config("http", settings=settings, secrets={"username": "hidden1", "password": "hidden2"})
    )
    assert isinstance(carrier, Rehearses)
    assert carrier.preview(submission(text="a b")).splitlines() == [
        "POST https://x.example/xxxxx/send",
        "Content-Type: application/x-www-form-urlencoded",
        "Authorization: Basic xxxxx",
        "",
        "t=%2B212612345678&m=a%20b",
    ]


GOOD = {**ID, "url": "https://x.example/s", "body": "{{to}}{{text}}"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"url": "ftp://x/{{to}}"}, "url must be an http or https address"),
        ({"url": "https://{{sender}}/"}, "url must be an http or https address"),
        ({"url": "https://u:p@x/"}, "url must be an http or https address"),
        ({"method": "GET"}, "A GET has no body."),
        ({"body_type": "json", "body": '{"a": {{text}}, "b": "{{to}}"}'}, "body is not JSON once filled in"),
        ({"body_type": "json", "body": '{"a": "\\{{text}}{{to}}"}'}, "body is not JSON once filled in"),
        (
            {"body_type": "xml", "body": "<a><![CDATA[{{text}}{{to}}]]></a>"},
            "body may hold no comment, CDATA",
        ),
        ({"body_type": "xml", "body": "<a>{{text}}{{to}}"}, "body is not XML once filled in."),
        ({"body": "{{to}}{{text}}{{nothing}}"}, "There is no placeholder nothing."),
        ({"body": "{{to}}{{text}}{{password}}"}, "password is missing."),
        ({"body": "{{text}}"}, "to whom: {{to}} is missing."),
        ({"body": "{{to}}{{text}}{{ text }"}, "body has a {{ that is no placeholder."),
        ({"deduplicates": "yes"}, "deduplicates=yes needs {{reference}}"),
        ({"message_id": ""}, "Say how a yes is known"),
        ({"message_id": "a..b"}, "message_id must be a path"),
        ({"answer": "text", "message_id": "(a+)+$"}, "message_id must be a text with {}"),
        ({"verdict": "code"}, "verdict and verdicts belong together."),
        ({"verdict": "c", "verdicts": "*:accepted"}, "verdicts cannot be 'accepted' for *"),
        ({"verdict": "c", "verdicts": "0:accepted, 1:rejected WRONG"}, "verdicts knows no reason WRONG"),
        (
            {"receipt_status": "s", "receipt_statuses": "*:delivered"},
            "receipt_statuses cannot be 'delivered' for *",
        ),
        (
            {"callback_proof": "hmac", "callback_field": "X-S"},
            "callback_proof needs callback_field and callback_secret.",
        ),
        ({"header.Host": "x"}, "header.Host is not a header that can be set."),
        ({"accepted_status": "2xx"}, "accepted_status must be HTTP statuses"),
        ({"bodi": "x"}, "bodi is not a setting of an HTTP carrier."),
        ({"balance_url": "https://x/?t={{text}}"}, "balance_url may hold no placeholder but credentials."),
    ],
)
def test_a_wrong_configuration_is_named(change: dict[str, str], problem: str) -> None:
    assert registry.check("http", GOOD, {}) == []
    assert problem in " ".join(registry.check("http", {**GOOD, **change}, {}))


def test_what_a_value_holds_is_never_a_placeholder() -> None:
    put = template.render("{{a}}|{{b}}", {"a": "{{b}}", "b": "x"}, "json")
    assert put == "{{b}}|x"
