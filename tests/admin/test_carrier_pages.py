"""Operators' pages of carriers: one is tried without sending, and a code that nobody knew gets a reason."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from messaging import connecting
from messaging.models import Attempt, Carrier, CarrierCode, UnknownCode
from messaging.sending import codes

pytestmark = pytest.mark.django_db
VALUES = {
    "url": "https://acme.example/send", "body": "to={{to}}&t={{text}}", "auth": "bearer", "token": "hidden-token",
    "verdict": "status", "verdicts": "ok:accepted, full:queue_full", "message_id": "id",
    "receipt_id": "id", "receipt_status": "st", "receipt_statuses": "D:delivered",
    "callback_proof": "header", "callback_field": "X-S", "callback_secret": "hidden-secret",
}  # fmt: skip


@pytest.fixture
def carrier() -> Carrier:
    return connecting.connect("acme", kind="http", values=VALUES, actor="test")


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss@risala.test", "x"))
    return client


def tried(*arguments: str) -> Any:
    out = io.StringIO()
    call_command("carrier", "try", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_carrier_is_tried_by_the_command(carrier: Carrier) -> None:
    shown = tried("acme", "--dry-run", "--to", "+212600000000", "--text", "a&b")["request"]
    assert shown.splitlines()[0] == "POST https://acme.example/send"
    assert shown.splitlines()[-1] == "to=%2B212600000000&t=a%26b"
    assert "Bearer xxxxx" in shown
    assert "hidden" not in shown
    assert tried("acme", "--answer", '{"status":"full"}')["result"] == "TryLater"
    assert tried("acme", "--answer", "{}", "--status", "500")["code"] == "HTTP_500"
    assert tried("acme", "--callback", '{"id":"1","st":"D"}')["receipts"] == [
        {"reference": "1", "status": "delivered", "code": "D", "reason": ""}
    ]
    with pytest.raises(CommandError, match="cannot be tried"):
        tried("simulator", "--dry-run")
    assert not Attempt.objects.exists()


def test_a_carrier_is_tried_on_its_page(carrier: Carrier, boss: Client) -> None:
    address = reverse("admin:messaging_carrier_try_it", args=[carrier.pk])
    assert "Nothing is sent" in boss.get(address).content.decode()
    form = {"to": "+212600000000", "sender": "X", "text": "<b>hi</b>", "status": "200", "is_a": "answer"}
    page = boss.post(address, form | {"pasted": '{"status":"ok","id":"<i>7"}'}).content.decode()
    assert "Accepted reference=&lt;i&gt;7" in page
    assert "POST https://acme.example/send" in page
    assert "hidden-token" not in page
    page = boss.post(address, form | {"is_a": "callback", "pasted": '{"id":"1"}'}).content.decode()
    assert "Refused: a receipt without a status." in page


def test_an_unknown_code_is_counted_and_gets_a_reason(
    carrier: Carrier, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "_counts", codes._Counts())
    codes.forget()
    example = uuid4()
    for _ in range(3):  # the first is written at once, the others with the next that is new
        codes.note([codes.Seen(carrier.pk, "FAILED:E1", "UNKNOWN", example)])
    codes.note([codes.Seen(carrier.pk, "E2", "UNKNOWN", None), codes.Seen(carrier.pk, "E3", "BLOCKED", None)])
    assert list(UnknownCode.objects.order_by("code").values_list("code", "times", "example")) == [
        ("E2", 1, None),
        ("FAILED:E1", 3, example),
    ]
    row = UnknownCode.objects.get(code="FAILED:E1")
    assert "FAILED:E1" in boss.get("/admin/messaging/unknowncode/").content.decode()
    assign = boss.get(reverse("admin:messaging_unknowncode_assign", args=[row.pk]), follow=True)
    assert 'value="FAILED:E1"' in assign.content.decode()
    form = {"carrier": str(carrier.pk), "kind": "", "code": ":e1", "reason": "BLOCKED", "note": ""}
    assert boss.post("/admin/messaging/carriercode/add/", form | {"kind": "http"}).status_code == 200
    assert boss.post("/admin/messaging/carriercode/add/", form).status_code == 302
    assert list(UnknownCode.objects.values_list("code", flat=True)) == ["E2"]
    assert codes.reason(carrier.pk, "FAILED:E1", "UNKNOWN") == "BLOCKED"
    assert codes.reason(carrier.pk, "FAILED:E11", "UNKNOWN") == "UNKNOWN"
    CarrierCode.objects.create(kind="http", code="E2", reason="INVALID_NUMBER")
    CarrierCode.objects.create(carrier=carrier, code="e2", reason="UNREACHABLE")
    codes.forget()
    assert codes.reason(carrier.pk, "E2", "UNKNOWN") == "UNREACHABLE"
    assert codes.reason(carrier.pk + 1, "E2", "UNKNOWN") == "UNKNOWN"
    codes.forget()


def test_made_up_codes_fill_no_table(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_counts", codes._Counts())
    monkeypatch.setattr(codes, "MOST_KEPT", 2)
    codes.forget()
    for n in range(5):
        codes.note([codes.Seen(carrier.pk, f"E{n}", "UNKNOWN", None)])
    codes.note([codes.Seen(Carrier.objects.get(name="simulator").pk, "SIM_UNKNOWN", "UNKNOWN", None)])
    assert UnknownCode.objects.count() == 2
    codes.forget()
