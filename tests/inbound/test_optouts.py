"""STOP and START: obeyed once, told once, in the account's trail; for one account only."""

from accounts.models import AuditEntry
from contacts import optouts
from messaging import inbound
from tests.contacts.conftest import Api, new_account
from tests.inbound.conftest import LINE, WRITER, Write, told


def test_stop_and_start(api: Api, write: Write) -> None:
    other = new_account()
    optouts.add(other.id, WRITER, source="api")
    write(" Arrêt ! ", reference="1")
    (row,) = api.get("optouts")["data"]
    assert (row["phone"], row["source"]) == (WRITER, "reply")
    write("stop", reference="2")
    write("START", reference="3")
    write("start", reference="4")
    assert api.get("optouts")["total"] == 0
    assert optouts.among([(other.id, WRITER)]) == {(other.id, WRITER)}
    shown = [(row["keyword"], row["effect"]) for row in api.get("inbound")["data"]]
    assert shown == [("start", None), ("start", "opted_in"), ("stop", None), ("stop", "opted_out")]
    changes = [(kind, facts) for kind, facts in told(api) if kind != "message.received"]
    ids = [row["id"] for row in api.get("inbound")["data"]]
    assert changes == [
        (
            kind,
            {
                "phone": WRITER,
                "opted_out": out,
                "source": "reply",
                "keyword": word,
                "inbound_id": at,
                "channel": "sms",
            },
        )
        for kind, out, word, at in (
            ("contact.opted_out", True, "stop", ids[3]),
            ("contact.opted_in", False, "start", ids[1]),
        )
    ]
    trail = AuditEntry.objects.filter(account=api.account, actor="reply").order_by("id")
    assert [(entry.action, entry.subject) for entry in trail] == [
        ("contact.opted_out", ids[3]),
        ("contact.opted_in", ids[1]),
    ]
    assert WRITER not in str(list(trail.values()))


def test_the_last_word_counts_when_all_come_at_once(api: Api, write: Write) -> None:
    for place, word in enumerate(("STOP", "START", "STOP", "AIDE")):
        write(word, apply=False, reference=str(place))
    assert inbound.apply_due() == 4
    assert [row["phone"] for row in api.get("optouts")["data"]] == [WRITER]
    assert [kind for kind, _ in told(api)].count("contact.opted_out") == 2
    assert [row["keyword"] for row in api.get("inbound?keyword=help")["data"]] == ["help"]


def test_who_opted_out_gets_nothing_more(api: Api, write: Write) -> None:
    write("STOP")
    refused = Api(api.account, mode="test").refused("POST", "messages", {"to": WRITER, "message": "Encore"})
    assert refused[:2] == (403, "OPTED_OUT")
    assert api.get("messages")["total"] == 0


def test_documents_are_told_only_what_they_name(api: Api, write: Write) -> None:
    endpoint = api.account.endpoints.get()
    names = {}
    for profile, events in (
        ("smsmaroc", ["*"]),
        ("smsprovider", ["contact.opted_out"]),
        ("standard", ["message.*"]),
    ):
        endpoint.pk = None
        names[profile] = type(endpoint).objects.create(
            account=api.account,
            url=f"https://{profile}.example/",
            events=events,
            profile=profile,
            secrets=[b"x"],
        )
    write("STOP", to=LINE)
    owed = {
        profile: sorted(one.delivery_set.values_list("type", flat=True)) for profile, one in names.items()
    }
    assert owed == {"smsmaroc": [], "smsprovider": ["contact.opted_out"], "standard": ["message.received"]}
