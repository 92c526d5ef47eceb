"""Clients written from documents A, B and C work when only the base address and the key are changed: their
printed curl commands are run as they are."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NewAccount
from tests.stand_ins.customer import Customer
from tests.stand_ins.running import Stack

DOCUMENTS = Path(__file__).parent / "documents"
PRINTED_KEYS = ("smr_live_xxx", "env_live_xxx", "YOUR_API_KEY")
PRINTED_BASES = ("https://api.smsmaroc.ma", "https://api.envoisms.ma", "https://api.smsprovider.com")
# How curl is told to be quiet and to print the status, so that the command itself stays as printed.
CURL_SETTINGS = 'silent\nwrite-out = "\\n%{http_code}"\n'


def run(name: str, customer: Customer, home: Path) -> tuple[int, Any]:
    """Run a printed command against the stack; the status and the answer."""
    command = (DOCUMENTS / name).read_text()
    for printed in PRINTED_KEYS:
        command = command.replace(printed, customer.key)
    for printed in PRINTED_BASES:
        command = command.replace(printed, f"http://127.0.0.1:{customer.port}")
    (home / ".curlrc").write_text(CURL_SETTINGS)
    done = subprocess.run(
        ["sh", "-c", command],
        env={"HOME": str(home), "CURL_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    text, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(text, parse_float=Decimal)


def test_document_a_sends_one(new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(compat="smsmaroc", plan="starter", currency="EUR")
    status, body = run("a_start_here.sh", customer, tmp_path)
    assert status == 202
    printed = {"to": "+212612345678", "channel": "sms", "cascade": False, "status": "queued", "segments": 1}
    assert {name: body[name] for name in printed} == printed
    assert body["cost"] == {"eur": Decimal("0.22"), "mad": Decimal("2.42")}
    assert body["id"].startswith("msg_")
    assert body["created_at"].endswith("Z")
    assert customer.wait_for(body["id"])["status"] == "delivered"


def test_document_b_sends_by_whatsapp(new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(compat="envoisms", plan="croissance", channels=["whatsapp"])
    status, body = run("b_send_a_message.sh", customer, tmp_path)
    assert status == 202
    printed = {"to": "+212612345678", "channel": "whatsapp", "cascade": False, "status": "queued"}
    assert {name: body[name] for name in printed} == printed
    assert body["cost"] == {"eur": Decimal("0.0118"), "mad": Decimal("0.13")}
    shown = customer.wait_for(body["id"])
    assert (shown["status"], shown["unicode"], shown["cost_mad"]) == ("delivered", 0, Decimal("0.13"))
    assert customer.balance() == Decimal("99.87")


def test_document_b_sends_a_batch(new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(compat="envoisms", plan="croissance")
    status, body = run("b_send_a_batch.sh", customer, tmp_path)
    assert (status, body["total"], body["channel"]) == (202, 2, "sms")
    assert body["estimated_cost"] == {"eur": Decimal("0.056"), "mad": Decimal("0.62")}
    assert [(m["to"], m["status"]) for m in body["messages"]] == [
        ("+212611111111", "queued"),
        ("+212622222222", "queued"),
    ]
    for item in body["messages"]:
        assert customer.wait_for(item["id"])["status"] == "delivered"


def test_document_c_sends_one(new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(compat="smsprovider", plan="standard", mode="test", credit="31")
    status, body = run("c_send_one.sh", customer, tmp_path)
    assert status == 202
    printed = {"success": True, "credits_used": 1, "credits_remaining": 100, "status": "queued"}
    assert {name: body[name] for name in printed} == printed
    shown = customer.wait_for(body["message_id"])
    assert {name: shown[name] for name in ("to", "from", "message", "status")} == {
        "to": "+1234567890",
        "from": "YourBrand",
        "message": "Hello from SMS Provider!",
        "status": "delivered",
    }


def test_document_c_sends_to_several(new_account: NewAccount, tmp_path: Path) -> None:
    customer = new_account(compat="smsprovider", plan="standard", mode="test")
    status, body = run("c_send_to_several.sh", customer, tmp_path)
    assert (status, body["success"], body["credits_used"], body["status"]) == (202, True, 2, "queued")
    assert [item["to"] for item in body["messages"]] == ["+1234567890", "+9876543210"]
    for item in body["messages"]:
        assert customer.wait_for(item["id"])["status"] == "delivered"


def test_document_c_is_told_its_own_error_names(new_account: NewAccount) -> None:
    customer = new_account(compat="smsprovider", plan="standard", credit="0.30")
    answer = customer.try_send("+212612345678")
    assert answer.status == 402
    assert (answer.body["success"], answer.body["error"]["code"]) == (False, "insufficient_credits")
    assert customer.try_send("+212612").body["error"]["code"] == "invalid_phone_number"
    assert customer.try_send(message="x" * 1601).body["error"]["code"] == "message_too_long"


@pytest.mark.parametrize("name", sorted(path.name for path in DOCUMENTS.glob("*.sh")))
def test_a_printed_key_is_nobodys(stack: Stack, new_account: NewAccount, tmp_path: Path, name: str) -> None:
    """The command as printed but for the address: 401, nothing sent."""
    stranger = new_account()
    stranger.key = "env_live_xxx"
    status, body = run(name, stranger, tmp_path)
    assert (status, body["error"]["code"]) in ((401, "UNAUTHORIZED"), (429, "RATE_LIMITED"))
