"""One contact per number: upsert, change, delete, the counters of lists, opt-outs shown, refusals that move nothing,
and accounts that see nothing of each other (promise P11)."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from accounts.ids import new_id, show
from contacts import change, lists, upsert
from contacts.models import Contact, ContactList, ListMember, OptOut, SearchKey
from contacts.upsert import Given
from tests.contacts.conftest import Api, NewApi, new_account

PHONE = "+212612345678"


def test_a_known_number_is_completed_and_answered_200(api: Api) -> None:
    made = api.post(
        "contacts",
        {"phone": "0612345678", "name": "Sara", "custom_fields": {"custom1": "VIP", "custom3": "x"}},
    )
    again = api.post("contacts", {"number": "00212 612-345678", "email": "s@example.com", "name": None}, 200)
    assert again == made | {"email": "s@example.com"}
    emptied = api.post("contacts", {"phone": PHONE, "name": "", "custom3": ""}, 200)
    assert emptied == again | {"name": None, "custom3": None}
    assert emptied["custom1"] == "VIP"
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (400, "MISSING_FIELD", "phone")),
        ({"phone": ""}, (400, "MISSING_FIELD", "phone")),
        ({"phone": 612345678}, (400, "INVALID_FIELD", "phone")),
        ({"phone": "12"}, (400, "INVALID_PHONE", "phone")),
        ({"phone": "+212522123456"}, (400, "INVALID_PHONE", "phone")),
        ({"phone": PHONE, "number": "+212612345679"}, (400, "CONFLICTING_FIELDS", "number")),
        ({"phone": PHONE, "name": 5}, (400, "INVALID_FIELD", "name")),
        ({"phone": PHONE, "name": "x" * 201}, (400, "INVALID_FIELD", "name")),
        ({"phone": PHONE, "email": ["a"]}, (400, "INVALID_FIELD", "email")),
        ({"phone": PHONE, "custom_fields": "VIP"}, (400, "INVALID_FIELD", "custom_fields")),
        ({"phone": PHONE, "custom_fields": {"custom4": "x"}}, (400, "INVALID_FIELD", "custom_fields")),
        ({"phone": PHONE, "custom_fields": {"custom2": True}}, (400, "INVALID_FIELD", "custom2")),
        (
            {"phone": PHONE, "custom1": "a", "custom_fields": {"custom1": "b"}},
            (400, "CONFLICTING_FIELDS", "custom_fields.custom1"),
        ),
        ({"phone": PHONE, "list_id": 7}, (400, "INVALID_FIELD", "list_id")),
        ({"phone": PHONE, "list_id": "lst_f84b..."}, (404, "NOT_FOUND", "list_id")),
    ],
)
def test_a_refused_contact_leaves_nothing(
    api: Api, body: dict[str, Any], refusal: tuple[int, str, str | None]
) -> None:
    assert api.refused("POST", "contacts", body) == refusal
    assert Contact.objects.count() == 0
    assert SearchKey.objects.count() == 0


def test_texts_of_the_greatest_length_are_kept(api: Api) -> None:
    body = {"phone": PHONE, "name": "ﷺ" * 200, "email": "e" * 254, "custom_fields": {"custom2": "c" * 255}}
    made = api.post("contacts", body)
    assert (made["name"], made["email"], made["custom2"]) == ("ﷺ" * 200, "e" * 254, "c" * 255)


def test_one_contact_is_shown_with_its_lists_and_changed(api: Api) -> None:
    made = api.post("contacts", {"phone": PHONE, "name": "Sara", "email": "s@example.com"})
    target = api.post("contacts/lists", {"name": "Clients"})["id"]
    path = f"contacts/{made['id']}"
    assert api.get(path) == made | {"list_ids": []}
    body = {"name": "Zoé", "email": None, "custom_fields": {"custom2": "b"}, "list_id": target}
    status, changed = api.send("PATCH", path, body)
    assert status == 200
    assert changed == made | {"name": "Zoé", "email": None, "custom2": "b", "list_ids": [target]}
    assert api.get(path) == changed
    assert api.send("PATCH", path, {"phone": "0612345678"}) == (200, changed)
    assert api.refused("PATCH", path, {"phone": "+212612345679"}) == (400, "INVALID_FIELD", "phone")
    assert (api.phones("?q=sara"), api.phones("?q=zoe")) == ([], [PHONE])
    assert api.count(target) == 1


def test_the_count_of_a_list_is_always_that_of_its_members(api: Api) -> None:
    one, other = (api.post("contacts/lists", {"name": name})["id"] for name in ("A", "B"))
    first = api.post("contacts", {"phone": PHONE, "list_id": one})
    assert (api.count(one), api.count(other)) == (1, 0)
    api.post("contacts", {"phone": PHONE, "list_id": one}, 200)
    api.post("contacts", {"phone": PHONE, "list_id": other}, 200)
    assert (api.count(one), api.count(other)) == (1, 1)
    api.send(
        "POST", "contacts/import", {"contacts": [{"phone": PHONE}, {"phone": "0612345679"}], "list_id": one}
    )
    assert (api.count(one), api.count(other)) == (2, 1)
    assert api.send("DELETE", f"contacts/{first['id']}")[0] == 200
    assert (api.count(one), api.count(other)) == (1, 0)
    assert api.get(f"contacts/lists/{one}")["count"] == 1
    assert ListMember.objects.count() == 1
    assert SearchKey.objects.count() == 1


def test_a_list_needs_a_name_and_may_share_it(api: Api) -> None:
    for body in ({}, {"name": ""}, {"name": "  "}):
        assert api.refused("POST", "contacts/lists", body) == (400, "MISSING_FIELD", "name")
    assert api.refused("POST", "contacts/lists", {"name": 3}) == (400, "INVALID_FIELD", "name")
    assert api.refused("POST", "contacts/lists", {"name": "x" * 121}) == (400, "INVALID_FIELD", "name")
    assert api.get("contacts/lists") == {"data": []}
    ids = [api.post("contacts/lists", {"name": "Clients"})["id"] for _ in range(2)]
    assert [row["id"] for row in api.get("contacts/lists")["data"]] == ids[::-1]


def test_an_account_has_a_thousand_lists_and_no_more(api: Api) -> None:
    rows = [ContactList(account=api.account, name=f"List {n}") for n in range(lists.MOST_PER_ACCOUNT - 1)]
    ContactList.objects.bulk_create(rows)
    api.post("contacts/lists", {"name": "Last"})
    assert api.refused("POST", "contacts/lists", {"name": "One more"}) == (409, "INVALID_STATE", None)
    assert len(api.get("contacts/lists")["data"]) == 1000


def test_live_and_test_keys_share_contacts(new_api: NewApi, api: Api) -> None:
    trial = new_api(account=api.account, mode="test")
    made = trial.post("contacts", {"phone": "+15550100"})
    assert api.get(f"contacts/{made['id']}")["phone"] == "+15550100"
    assert api.refused("POST", "contacts", {"phone": "+15550100"}) == (400, "INVALID_PHONE", "phone")


def test_a_foreign_id_answers_like_an_unknown_one(new_api: NewApi, api: Api) -> None:
    other = new_api()
    foreign = other.post("contacts", {"phone": PHONE, "name": "Sara"})
    foreign_list = other.post("contacts/lists", {"name": "Clients"})["id"]
    for contact_id in (foreign["id"], show("contact", new_id()), "ctc_1", "%00"):
        for method, body in (("GET", None), ("PATCH", {"name": "X"}), ("DELETE", None)):
            assert api.refused(method, f"contacts/{contact_id}", body) == (404, "NOT_FOUND", None)
    for list_id in (foreign_list, show("list", new_id()), "lst_1"):
        refusal = (404, "NOT_FOUND", "list_id")
        assert api.refused("GET", f"contacts?list_id={list_id}") == refusal
        assert api.refused("POST", "contacts", {"phone": PHONE, "list_id": list_id}) == refusal
        file = {"contacts": [{"phone": PHONE}], "list_id": list_id}
        assert api.refused("POST", "contacts/import", file) == refusal
        assert api.refused("GET", f"contacts/lists/{list_id}") == (404, "NOT_FOUND", None)
    mine = api.post("contacts", {"phone": PHONE, "name": "Mine"})
    assert mine["id"] != foreign["id"]
    assert api.refused("PATCH", f"contacts/{mine['id']}", {"name": "X", "list_id": foreign_list}) == refusal
    assert api.phones("?q=sara") == []
    assert api.get("contacts")["data"] == [mine]
    assert api.get("contacts/lists") == {"data": []}
    assert other.get(f"contacts/{foreign['id']}") == foreign | {"list_ids": []}
    assert other.count(foreign_list) == 0


def test_keys_need_the_permission(new_api: NewApi) -> None:
    sender = new_api(scopes=["send"])
    paths = ("contacts", "contacts/lists", "optouts", f"contacts/{show('contact', new_id())}")
    assert {sender.refused("GET", path)[:2] for path in paths} == {(403, "FORBIDDEN")}
    for path in ("contacts", "contacts/import", "contacts/lists", "optouts"):
        assert sender.refused("POST", path, {"phone": PHONE, "name": "x"})[:2] == (403, "FORBIDDEN")
    only_contacts = new_api(scopes=["contacts"])
    assert only_contacts.refused("GET", "optouts")[:2] == (403, "FORBIDDEN")
    assert only_contacts.get("contacts")["total"] == 0
    assert Contact.objects.count() == 0
    assert OptOut.objects.count() == 0


def test_no_contact_is_an_object_in_the_way_of_an_array(api: Api) -> None:
    assert api.refused("POST", "contacts", [{"phone": PHONE}])[:2] == (400, "INVALID_JSON")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with every statement committed, for what only two connections can show."""
    with django_db_blocker.unblock():
        yield


def side_by_side(works: list[Any]) -> list[BaseException]:
    """Run all at the same time on connections of their own; returns what they raised."""
    gate, raised = threading.Barrier(len(works)), []

    def run(work: Any) -> None:
        gate.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.usefixtures("committed")
def test_parallel_writers_of_one_number_make_one_contact_and_count_it_once() -> None:
    account = new_account()
    target = lists.create(account.id, name="Clients", description="")
    made: list[bool] = []

    def write() -> None:
        made.append(upsert.one(account.id, Given(PHONE, name="Sara Bennani"), list_id=target.id)[1])

    assert side_by_side([write] * 8) == []
    assert sorted(made) == [False] * 7 + [True]
    target.refresh_from_db()
    contact = Contact.objects.get(account=account)
    assert (target.count, ListMember.objects.filter(list=target).count()) == (1, 1)
    keys = {key.key for key in SearchKey.objects.filter(account=account)}
    assert keys == {"212612345678", "sara bennani", "bennani"}
    change.remove(account.id, contact.id)


@pytest.mark.usefixtures("committed")
def test_writing_and_deleting_at_once_leaves_the_counts_true() -> None:
    account = new_account()
    targets = [lists.create(account.id, name=name, description="") for name in "AB"]
    phones = [f"+21261000000{n}" for n in range(8)]
    given = [Given(phone) for phone in phones]
    ids = [upsert.one(account.id, one, list_id=targets[0].id)[0].id for one in given]

    def import_into(target: ContactList, order: list[Given]) -> None:
        for one in order:
            upsert.one(account.id, one, list_id=target.id)

    def delete() -> None:
        for contact_id in ids:
            change.remove(account.id, contact_id)

    works = [
        delete,
        lambda: import_into(targets[0], given),
        lambda: import_into(targets[1], given[::-1]),
        lambda: import_into(targets[1], given),
    ]
    assert side_by_side(works) == []
    for target in targets:
        target.refresh_from_db()
        assert target.count == ListMember.objects.filter(list=target).count()
    import_into(targets[1], given)  # whoever came last: those deleted in between are made anew
    targets[1].refresh_from_db()
    assert targets[1].count == ListMember.objects.filter(list=targets[1]).count() == len(phones)
    assert Contact.objects.filter(account=account).count() == len(phones)
