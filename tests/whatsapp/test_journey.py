"""A WhatsApp message from the API to Meta and back: what is posted, what a status makes of it, what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.ids import read
from accounts.models import Account, User
from billing import pricing
from billing.models import Ledger
from messaging import connecting, routing, templates
from messaging.models import Carrier, Message, ReceiptRecord, Template
from messaging.models.message import Lane
from messaging.sending import dispatch, receipt, route, submit
from tests.contacts.conftest import Api
from tests.ops.worlds import opened
from tests.stand_ins import cloud_api
from tests.stand_ins.cloud_api import CloudApi, notice, signature, status

TO = "+212612345678"


@dataclass
class Line:
    """A customer, the carrier that takes its WhatsApp messages, and the Cloud API behind it."""

    api: Api
    carrier: Carrier
    meta: CloudApi

    @property
    def address(self) -> str:
        return f"/callbacks/carriers/{self.carrier.callback_token}"

    def move(self, lane: Lane = Lane.NORMAL) -> None:
        """Everything that is due goes to the carrier."""
        dispatch.run(self.carrier.pk, lane)
        submit.close()

    def told(self, body: bytes, *, signed: str | None = None) -> int:
        """Meta posts; what it is answered with. What it said is applied."""
        header = signature(body) if signed is None else signed
        answer = Client().generic(
            "POST",
            self.address,
            body,
            content_type="application/json",
            headers={"x-hub-signature-256": header},
        )
        # In a test's one transaction a row that was just made is ahead of the transaction's own clock.
        ReceiptRecord.objects.update(next_at=datetime.now(UTC) - timedelta(hours=1))
        receipt.apply_due()
        return answer.status_code

    def message(self, shown: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(f"messages/{shown}")
        return answer

    def balance(self) -> Decimal:
        return Ledger.objects.get(pk=self.api.account.pk).balance


@pytest.fixture
def line(db: None, settings: LazySettings) -> Iterator[Line]:
    with cloud_api.running() as meta:
        values = meta.settings(otp_template="risala_code")
        carrier = connecting.connect("meta", kind="whatsapp_cloud", values=values, actor="test")
        routing.add(carrier="meta", prefix="", channel="whatsapp", priority=1, actor="test")
        route.forget()
        pricing.forget()
        account: Account = opened().account
        Account.objects.filter(pk=account.pk).update(channels=["sms", "whatsapp"])
        account.refresh_from_db()
        yield Line(Api(account), carrier, meta)
    route.forget()


def sent(line: Line, **fields: object) -> str:
    shown: str = line.api.post("messages", {"to": TO, "channel": "whatsapp", **fields}, 202)["id"]
    line.move()
    return shown


def template_of(line: Line, body: str, **fields: str) -> str:
    """A template that was approved, and that Meta knows."""
    given = {"name": "Parcel", "body": body, "channel": "whatsapp", **fields}
    shown: str = line.api.post("templates", given)["id"]
    line.api.post(f"templates/{shown}/submit", {}, 200)
    row = Template.objects.get(pk=read("template", shown))
    templates.approve(templates.newest(row).id, actor="boss@risala.test")
    Template.objects.filter(pk=row.pk).update(provider_name="parcel_fr", provider_language="fr")
    return shown


def test_read_is_delivered_and_a_failure_is_refunded(line: Line) -> None:
    before = line.balance()
    one, other = sent(line, message="un"), sent(line, message="deux")
    assert [m["text"]["body"] for m in line.meta.sent] == ["un", "deux"]
    cost = Message.objects.get(pk=read("message", one)).price
    assert cost == Decimal("0.13")
    assert line.balance() == before - 2 * cost
    read_one = status("wamid.000001", "read", {})
    failed = status("", "failed", line.meta.sent[1], failure=131047)
    assert line.told(notice(statuses=[read_one, failed])) == 200
    assert line.message(one)["status"] == "delivered"
    assert (line.message(other)["status"], line.message(other)["error_code"]) == ("failed", "WINDOW_CLOSED")
    assert line.balance() == before - cost
    # What comes twice, or contradicts what is final, changes nothing.
    late = [status("wamid.000001", "failed", {}), status("wamid.000002", "delivered", {}), failed]
    assert line.told(notice(statuses=late)) == 200
    assert [line.message(shown)["status"] for shown in (one, other)] == ["delivered", "failed"]
    assert line.balance() == before - cost


def test_a_refusal_at_once_is_refunded_and_an_unsigned_status_moves_nothing(line: Line) -> None:
    before = line.balance()
    line.meta.script.append(131026)
    refused = sent(line, message="un")
    assert (line.message(refused)["status"], line.message(refused)["error_code"]) == (
        "failed",
        "NOT_ON_CHANNEL",
    )
    assert line.balance() == before
    taken = sent(line, message="deux")
    forged = notice(statuses=[status("wamid.000001", "delivered", {})])
    assert line.told(forged, signed=signature(forged, "another")) == 400
    assert line.message(taken)["status"] == "sent"


def test_a_status_finds_its_message_when_the_answer_was_lost(line: Line) -> None:
    line.meta.script.append("garbage")
    shown = sent(line, message="un")
    assert line.meta.sent == []
    reference = {"biz_opaque_callback_data": read("message", shown).hex}
    assert line.told(notice(statuses=[status("wamid.9", "delivered", reference)])) == 200
    assert line.message(shown)["status"] == "delivered"


def test_a_template_is_sent_by_its_name_at_meta(line: Line) -> None:
    shown = template_of(line, "Bonjour {{name}}, votre colis arrive {{day}}. À {{day}} !")
    buttons = [{"type": "url", "text": "Suivre", "value": "c/91"}]
    made = sent(
        line,
        template_id=shown,
        variables={"day": "lundi", "name": "Sara"},
        channel="whatsapp",
        buttons=buttons,
    )
    (message,) = line.meta.sent
    assert message["template"] == {
        "name": "parcel_fr",
        "language": {"code": "fr"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": "Sara"}, {"type": "text", "text": "lundi"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "c/91"}],
            },
        ],
    }
    assert line.message(made)["status"] == "sent"


def test_a_bulk_fills_the_template_item_by_item(line: Line) -> None:
    shown = template_of(line, "Bonjour {{name}}.")
    items = [
        {"to": f"+21261234567{n}", "variables": {"name": name}} for n, name in enumerate(("Sara", "Omar"))
    ]
    line.api.post("messages/bulk", {"messages": items, "template_id": shown}, 202)
    line.move(Lane.BULK)
    values = {m["to"]: m["template"]["components"][0]["parameters"][0]["text"] for m in line.meta.sent}
    assert values == {"212612345670": "Sara", "212612345671": "Omar"}


def test_a_code_goes_into_the_operators_template_and_is_kept_nowhere(line: Line) -> None:
    asked = {"to": TO, "brand": "Atlas", "channel": "whatsapp", "otp_button_text": "Copier le code"}
    line.api.post("verify/send", asked, 202)
    row = Message.objects.get()
    assert row.provider_template is not None
    start, end = row.provider_template["code"]
    line.move(Lane.URGENT)
    (message,) = line.meta.sent
    template = message["template"]
    code = template["components"][0]["parameters"][0]["text"]
    assert (template["name"], len(code), code.isdigit()) == ("risala_code", 6, True)
    assert template["components"][1]["parameters"] == [{"type": "text", "text": code}]
    row.refresh_from_db()
    assert (row.text[start:end], row.sealed_text) == ("******", None)
    assert code not in f"{row.text} {row.provider_template} {row.buttons} {row.error_detail}"


def test_the_address_answers_metas_question_once_the_word_is_right(line: Line) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "our-word", "hub.challenge": "1158201444"}
    answer = Client().get(line.address, query)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer["Content-Type"].startswith("text/plain")
    wrong = Client().get(line.address, {**query, "hub.verify_token": "other"})
    assert (wrong.status_code, b"1158201444" in wrong.content) == (400, False)


def test_an_operator_connects_it_in_the_admin_and_is_told_the_address_once(line: Line) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss@risala.test", "a rather long sentence"))
    empty = browser.get(reverse("admin:messaging_carrier_add"), {"kind": "whatsapp_cloud"}).content.decode()
    assert "phone_number_id, access_token, app_secret" in empty
    values = "\r\n".join(f"{key}={value}" for key, value in line.meta.settings().items())
    form = {"name": "meta-2", "kind": "whatsapp_cloud", "window": "10", "speed": "80", "values": values}
    wrong = {**form, "values": values.replace("phone_number_id=", "phone_number_id=+")}
    refused = browser.post(reverse("admin:messaging_carrier_add"), wrong)
    assert (refused.status_code, Carrier.objects.filter(name="meta-2").exists()) == (200, False)
    told = browser.post(reverse("admin:messaging_carrier_add"), form, follow=True).content.decode()
    made = Carrier.objects.get(name="meta-2")
    assert f"/callbacks/carriers/{made.callback_token}" in told
    shown = browser.get(reverse("admin:messaging_carrier_change", args=[made.pk])).content.decode()
    hidden = (made.callback_token, cloud_api.TOKEN, cloud_api.APP_SECRET, "our-word")
    assert [secret in shown for secret in hidden] == [False] * 4
