"""The programs and commands that the documents print without an answer beside them: curl, bash, Node.js, Python and PHP, as they
are printed but for the base address and the key."""

import json

import pytest

from tests.contract import printed
from tests.contract.conftest import NewWorld
from tests.contract.example import World
from tests.contract.examples_d import UUID, shop
from tests.stand_ins.customer import Answer

# Called with what the document calls them with, and printed as JSON.
CALLS = {
    "js": '\nsendSMS("+22370123456", "Hello").then((got) => console.log(JSON.stringify(got)));\n',
    "python": "\nimport json\nprint(json.dumps(send_sms('+22370123456', 'Hello')))\n",
    "php": "",
}
HEADINGS = {"js": "Node.js", "python": "Python", "php": "PHP"}
# What document B's program takes from Laravel: its configuration, and the HTTP client in front of PHP's own curl. Laravel itself
# is not installed here; the names, the order of calls and what goes over the wire are as Laravel documents them.
LARAVEL = """<?php
function env($name) { return getenv($name); }
function config($name) { [$file, $key, $field] = explode('.', $name); return $GLOBALS['configured'][$key][$field]; }
final class Http {
    private function __construct(private string $token) {}
    public static function withToken($token) { return new self($token); }
    public function post($url, array $data) {
        $ch = curl_init($url);
        curl_setopt_array($ch, [CURLOPT_RETURNTRANSFER => true, CURLOPT_POST => true, CURLOPT_POSTFIELDS => json_encode($data),
            CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $this->token, 'Content-Type: application/json',
                'Accept: application/json']]);
        return curl_exec($ch);
    }
}
"""


def is_document_d_s(world: World, body: dict[str, object], number: str) -> None:
    """The answer that document D prints for a message."""
    shown = printed.answer("d", "POST /api/sms/send")
    data = body["data"]
    assert isinstance(data, dict)
    assert (body["success"], body["message"]) == (True, shown["message"])
    assert set(data) == set(shown["data"])
    assert (data["sim_number"], data["recipient"], data["status"]) == (number, "+22370123456", "sent")
    assert UUID.fullmatch(data["sms_id"])
    assert world.customers[0].get(f"/api/sms/status/{data['sms_id']}").status == 200


@pytest.mark.parametrize("heading", ["Authentication", "Bash"])
def test_document_d_s_shell_programs_send(world: NewWorld, heading: str) -> None:
    asked = world("d")
    opened = shop(asked)
    is_document_d_s(asked, asked.curl(opened.customer, heading).body, opened.sim.number)


@pytest.mark.parametrize("language", HEADINGS)
def test_document_d_s_programs_send(world: NewWorld, language: str) -> None:
    if not printed.has(language):
        pytest.skip(f"{language} is not installed here")
    asked = world("d")
    opened = shop(asked)
    text = printed.changed(printed.block("d", HEADINGS[language], language), opened.customer, {})
    body = printed.program(language, text + CALLS[language], asked.home)
    is_document_d_s(asked, body, opened.sim.number)


def test_document_b_s_laravel_program_sends(world: NewWorld) -> None:
    """On a stand-in for Laravel's HTTP client, in front of PHP's curl."""
    if not printed.has("php"):
        pytest.skip("php is not installed here")
    asked = world("b")
    customer = asked.account()
    text = printed.changed(printed.block("b", "Send your first message", "php"), customer, {})
    configuration, _, usage = text.partition("// Usage")
    configuration = f"$configured = [{configuration}];".replace(
        "env('ENVOISMS_API_KEY')", f"'{customer.key}'"
    )
    body = printed.program("php", f"{LARAVEL}{configuration}\necho {usage.strip()}", asked.home)
    sent = {"to": "+212612345678", "from": "MaBoutique", "status": "queued", "channel": "sms"}
    assert {name: body[name] for name in sent} == sent
    shown = customer.wait_for(body["id"])
    assert (shown["status"], shown["unicode"]) == ("delivered", 1)
    assert shown["body"] == "Votre commande est en cours de livraison 🚚"


def test_document_b_s_headers_are_taken(world: NewWorld) -> None:
    customer = world("b").account()
    first, *lines = printed.block("b", "HTTP Headers Example", "http").splitlines()
    method, path, _ = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    assert headers.pop("Authorization") == "Bearer env_live_xxxxxxxx"
    body = json.dumps({"to": "+212612345678", "message": "Bonjour"}).encode()
    answer = customer.call(
        method, path, body, **{name.replace("-", "_"): value for name, value in headers.items()}
    )
    assert answer.status == 202
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_document_c_s_account_is_the_key_s(world: NewWorld) -> None:
    """Its shape is not printed."""
    asked = world("c")
    answer = asked.curl(asked.account(), "GET /v1/account")
    assert answer.status == 200
    assert (answer.body["success"], answer.body["plan"], answer.body["mode"]) == (True, "standard", "live")


def test_document_c_s_list_of_numbers_is_sent_to_each(world: NewWorld) -> None:
    asked = world("c")
    customer = asked.account(mode="test")
    answer = asked.curl(customer, "Sending to Multiple Recipients")
    body = answer.body
    assert (answer.status, body["success"], body["credits_used"], body["status"]) == (202, True, 2, "queued")
    assert [item["to"] for item in body["messages"]] == ["+1234567890", "+9876543210"]
    for item in body["messages"]:
        assert customer.wait_for(item["id"])["status"] == "delivered"


def test_document_c_s_webhook_is_made(world: NewWorld) -> None:
    """Its shape is not printed."""
    asked = world("c")
    answer = asked.curl(asked.account(), "POST /v1/webhooks")
    assert (answer.status, answer.body["active"]) == (201, True)
    assert answer.body["url"] == "https://your-server.com/sms-webhook"
    assert answer.body["events"] == ["message.delivered", "message.failed"]


def test_a_printed_message_is_delivered_and_paid(world: NewWorld) -> None:
    """What the printed answers do not say: the message arrives, and costs what was said, once."""
    for document, heading, key, money in (
        ("a", "Start here", {}, "99.78"),
        ("b", "POST /v1/messages", {"channels": ["whatsapp"]}, "99.87"),
    ):
        asked = world(document)
        customer = asked.account(**key)
        sent = asked.curl(customer, heading).body
        assert customer.wait_for(sent["id"])["status"] == "delivered"
        field = "balance_eur" if document == "a" else "balance_mad"
        assert str(customer.get("/v1/billing/balance").body[field]) == money


COMMANDS = [
    (document, heading)
    for document in "abcd"
    for heading, blocks in printed.sections(document).items()
    if any(language == "sh" for language, _ in blocks)
]


@pytest.mark.parametrize("document", "abcd")
def test_a_printed_key_is_nobody_s(world: NewWorld, document: str) -> None:
    """Every command as printed but for the address: 401, or 429 when an address has failed often, and never more."""
    asked = world(document)
    stranger = asked.account()
    stranger.key = "env_live_xxx"
    answers: list[Answer] = [
        asked.curl(stranger, heading) for known, heading in COMMANDS if known == document
    ]
    assert {answer.status for answer in answers} <= {401, 429}
    assert asked.nothing_moved()
