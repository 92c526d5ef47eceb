"""Texts are kept once, put together, and belong to the right account or to nobody."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from messaging import inbound, numbers, receiving
from messaging.carriers.inbound import Part
from messaging.models import Inbound, InboundNumber, InboundRecord, SenderId
from tests.contacts.conftest import Api, new_account
from tests.inbound.conftest import AT, LINE, WRITER, Write, sent, told


def test_a_text_is_told_and_listed(api: Api, write: Write) -> None:
    message = sent(api, sender="Librairie")
    assert write("Bonjour à vous", from_="212612345678", to="212520000000", reference="c-1") == 1
    (row,) = api.get("inbound")["data"]
    assert row == {
        "id": row["id"],
        "from": WRITER,
        "to": LINE,
        "channel": "sms",
        "text": "Bonjour à vous",
        "status": "received",
        "parts": 1,
        "parts_missing": 0,
        "keyword": None,
        "effect": None,
        "reply_to": f"msg_{message.id.hex}",
        "received_at": "2026-05-15T10:30:00.000Z",
    }
    assert api.get(f"inbound/{row['id']}") == row
    assert told(api) == [("message.received", row)]
    stored = InboundRecord.objects.get()
    assert (stored.state, bytes(stored.raw or b"")) == ("done", b"raw")
    assert stored.inbound_id is not None
    assert f"inb_{stored.inbound_id.hex}" == row["id"]


def test_a_repeated_reference_is_kept_once(api: Api, write: Write) -> None:
    assert [write("Un", reference="c-1"), write("Un", reference="c-1"), write("Un", reference="c-2")] == [
        1,
        0,
        1,
    ]
    later = AT + timedelta(days=4)  # by then the carrier counts from the beginning again
    assert write("Autre", reference="c-1", received_at=later) == 1
    assert Inbound.objects.count() == len(told(api)) == 3


def test_without_a_reference_the_same_text_counts_once_in_five_minutes(api: Api, write: Write) -> None:
    assert [write("Oui"), write("Oui", received_at=AT + timedelta(minutes=4)), write("Non")] == [1, 0, 1]
    assert write("Oui", received_at=AT + timedelta(minutes=6)) == 1
    assert [row["text"] for row in api.get("inbound")["data"]] == ["Oui", "Non", "Oui"]


def test_one_call_may_hold_a_text_twice(api: Api, carrier: object, write: Write) -> None:
    assert write("Un", apply=False, reference="c-1") == 1
    first = InboundRecord.objects.get()
    text = receiving.Inbound(first.carrier_id, "sms", WRITER, LINE, "Deux", "c-2", AT)
    assert receiving.receive([text, text]) == 1
    assert receiving.receive([]) == 0


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_parts_are_put_together_in_any_order(api: Api, write: Write, order: tuple[int, ...]) -> None:
    texts = {1: "Bonjour, ", 2: "je voudrais ", 3: "commander."}
    for count, place in enumerate(order):
        assert Inbound.objects.count() == 0, count
        write(texts[place], part=Part(7, place, 3))
        write(texts[place], part=Part(7, place, 3))
    (row,) = api.get("inbound")["data"]
    assert (row["text"], row["parts"], row["parts_missing"]) == ("Bonjour, je voudrais commander.", 3, 0)
    assert set(InboundRecord.objects.values_list("state", flat=True)) == {"done"}


def test_parts_of_different_texts_do_not_mix(api: Api, write: Write) -> None:
    write("A1", part=Part(7, 1, 2))
    write("B2", part=Part(8, 2, 2))
    write("C2", from_="+212612345679", part=Part(7, 2, 2))
    assert Inbound.objects.count() == 0
    write("A2", part=Part(7, 2, 2))
    assert [row["text"] for row in api.get("inbound")["data"]] == ["A1A2"]


def test_what_is_incomplete_is_shown_after_its_time(api: Api, write: Write, settings: Settings) -> None:
    write("deux ", part=Part(7, 2, 4))
    write("quatre", part=Part(7, 4, 4))
    assert Inbound.objects.count() == 0
    settings.INBOUND_PARTS_SECONDS = 0
    InboundRecord.objects.update(next_at=AT)
    inbound.apply_due()
    (row,) = api.get("inbound")["data"]
    assert (row["text"], row["parts"], row["parts_missing"]) == ("[…]deux […]quatre", 4, 2)
    assert len(told(api)) == 1


def test_a_shared_number_is_whose_who_wrote_last(write: Write) -> None:
    first, last = Api(new_account()), Api(new_account())
    InboundNumber.objects.create(number="3535")
    sent(first, sender="3535")
    sent(last, sender="3535")
    sent(first, sender="Librairie")
    write("Oui", to="3535")
    assert [first.get("inbound")["total"], last.get("inbound")["total"]] == [0, 1]
    write("Oui", to="3536")
    assert Inbound.objects.get(to="3536").account_id is None


def test_an_approved_sender_id_of_one_account_is_theirs(write: Write) -> None:
    one, other = Api(new_account()), Api(new_account())
    SenderId.objects.create(account=one.account, name="212530000001", status="approved")
    for api in (one, other):
        SenderId.objects.create(account=api.account, name="212530000002", status="approved")
    write("Oui", to="+212530000001")
    write("Oui", to="+212530000002")
    assert [one.get("inbound")["total"], other.get("inbound")["total"]] == [1, 0]
    assert Inbound.objects.filter(account__isnull=True).count() == 1


def test_what_is_nobodys_can_be_given(write: Write) -> None:
    api = Api(new_account())
    write("STOP")
    write("Bonjour")
    assert api.get("inbound")["total"] == 0
    assert api.get("optouts")["total"] == 0
    numbers.add(LINE, actor="test", account=api.account)
    ids = list(Inbound.objects.values_list("id", flat=True))
    assert inbound.give(ids, api.account, actor="ops@example.com") == 2
    assert inbound.give(ids, new_account(), actor="ops@example.com") == 0
    assert [row["effect"] for row in api.get("inbound")["data"]] == [None, "opted_out"]
    assert [row["phone"] for row in api.get("optouts")["data"]] == [WRITER]
    assert [kind for kind, _ in told(api)] == ["message.received", "contact.opted_out", "message.received"]


def test_odd_senders_are_kept_as_they_are(api: Api, write: Write) -> None:
    for sender in ("Maroc Telecom", "777", "", "+" * 50, "\x00x"):
        assert write("Info", from_=sender) == 1
    shown = {row["from"] for row in api.get("inbound")["data"]}
    assert shown == {"MarocTelecom", "777", "", "+" * 20, "x"}
