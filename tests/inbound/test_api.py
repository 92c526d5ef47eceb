"""`/v1/inbound` shows each account its own; the sandbox plays somebody who writes."""

from messaging import inbound
from messaging.models import Inbound
from tests.contacts.conftest import Api, new_account
from tests.inbound.conftest import LINE, WRITER, Write, told


def test_filters_and_pages(api: Api, write: Write) -> None:
    write("Un", reference="1")
    write("STOP", reference="2", from_="+212612345679")
    write("Deux", reference="3", channel="whatsapp")

    def texts(query: str) -> list[str]:
        return [row["text"] for row in api.get(f"inbound?{query}")["data"]]

    assert texts("") == ["Deux", "STOP", "Un"]
    assert texts("from=%2B212612345678") == texts("from=+212612345678") == ["Deux", "Un"]
    assert texts("keyword=stop") == ["STOP"]
    assert texts("channel=whatsapp") == ["Deux"]
    assert texts("to=%2B212520000001") == []
    assert texts("to_date=2020-01-01T00:00:00Z") == []
    assert texts("from_date=2020-01-01T00:00:00Z&limit=1") == ["Deux"]
    first = api.get("inbound?limit=2")
    assert texts(f"limit=2&cursor={first['next_cursor']}") == ["Un"]
    assert api.refused("GET", "inbound?keyword=x") == (400, "INVALID_FIELD", "keyword")


def test_a_foreign_one_does_not_exist(api: Api, write: Write) -> None:
    write("Secret")
    shown = api.get("inbound")["data"][0]["id"]
    other = Api(new_account())
    assert other.get("inbound")["total"] == 0
    assert other.refused("GET", f"inbound/{shown}") == other.refused("GET", "inbound/inb_" + "0" * 32)
    assert Api(api.account, mode="test").get("inbound")["total"] == 0


def test_the_sandbox(api: Api) -> None:
    test = Api(api.account, mode="test")
    body = {"from": "0612345678", "to": "Librairie", "text": "STOP"}
    for _ in range(2):
        assert test.post("sandbox/inbound", body, 202) == {"accepted": True}
        inbound.apply_due()
    assert [(row["from"], row["effect"]) for row in test.get("inbound")["data"]] == [
        (WRITER, None),
        (WRITER, "opted_out"),
    ]
    assert [kind for kind, _ in told(api)] == ["message.received", "contact.opted_out", "message.received"]
    assert api.get("inbound")["total"] == 0


def test_the_sandbox_refuses(api: Api) -> None:
    test = Api(api.account, mode="test")
    body = {"from": WRITER, "to": LINE, "text": "Oui"}
    assert api.refused("POST", "sandbox/inbound", body)[:2] == (403, "FORBIDDEN")
    assert test.refused("POST", "sandbox/inbound", body | {"from": "moi"}) == (400, "INVALID_PHONE", "from")
    assert test.refused("POST", "sandbox/inbound", body | {"text": ""}) == (400, "MISSING_FIELD", "text")
    assert test.refused("POST", "sandbox/inbound", body | {"to": 5}) == (400, "INVALID_FIELD", "to")
    assert test.refused("POST", "sandbox/inbound", body | {"channel": "fax"}) == (
        400,
        "INVALID_CHANNEL",
        "channel",
    )
    inbound.apply_due()
    assert Inbound.objects.count() == 0
