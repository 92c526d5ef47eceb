"""The examples of documents A and B for contacts, lists and opt-outs: sent as written there, answered in their shapes."""

import re

import pytest

from tests.contacts.conftest import Api, NewApi

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def a(new_api: NewApi) -> Api:
    return new_api(compat="smsmaroc")


@pytest.fixture
def b(new_api: NewApi) -> Api:
    return new_api(compat="envoisms")


def test_a_makes_a_contact_and_lists_it(a: Api) -> None:
    made = a.post("contacts", {"phone": "+212612345678", "name": "Sara", "email": "sara@example.com"})
    assert re.fullmatch("ctc_[0-9a-f]{32}", made["id"])
    assert INSTANT.fullmatch(made["created_at"])
    assert made == {
        "id": made["id"],
        "phone": "+212612345678",
        "name": "Sara",
        "email": "sara@example.com",
        "custom1": None,
        "custom2": None,
        "custom3": None,
        "opted_out": False,
        "created_at": made["created_at"],
    }
    assert a.get("contacts") == {"data": [made], "limit": 100, "offset": 0, "total": 1, "next_cursor": None}


def test_a_imports(a: Api) -> None:
    body = {
        "contacts": [{"phone": "+212612345678", "name": "Sara", "email": "s@example.com"}, {"phone": "no"}]
    }
    assert a.send("POST", "contacts/import", body) == (200, {"imported": 1, "skipped": 1})


def test_a_makes_a_list_and_lists_it(a: Api) -> None:
    made = a.post("contacts/lists", {"name": "Customers", "description": "Main active customers"})
    assert re.fullmatch("lst_[0-9a-f]{32}", made["id"])
    assert made == {
        "id": made["id"],
        "name": "Customers",
        "description": "Main active customers",
        "count": 0,
        "created_at": made["created_at"],
    }
    assert a.get("contacts/lists") == {"data": [made]}


def test_a_deletes_a_contact(a: Api) -> None:
    made = a.post("contacts", {"phone": "+212612345678"})
    assert a.send("DELETE", f"contacts/{made['id']}") == (200, {"deleted": True, "id": made["id"]})
    assert a.get("contacts")["data"] == []
    assert a.refused("DELETE", f"contacts/{made['id']}") == (404, "NOT_FOUND", None)


def test_a_keeps_opt_outs(a: Api) -> None:
    assert a.send("POST", "optouts", {"phone": "+212612345678"}) == (
        201,
        {"phone": "+212612345678", "opted_out": True},
    )
    listed = a.get("optouts")
    (row,) = listed.pop("data")
    assert listed == {"limit": 100, "offset": 0, "total": 1, "next_cursor": None}
    assert INSTANT.fullmatch(row["opted_out_at"])
    assert row == {"phone": "+212612345678", "opted_out_at": row["opted_out_at"], "source": "api"}
    assert a.send("DELETE", "optouts/+212612345678") == (200, {"phone": "+212612345678", "opted_out": False})
    assert a.get("optouts")["data"] == []


def test_b_upserts_with_a_list_and_lists_what_it_knows(b: Api) -> None:
    made_list = b.post("contacts/lists", {"name": "Newsletter Clients", "description": "Clients inscrits"})
    # The document's own example has this for an address: what is no address is kept all the same.
    body = {
        "phone": "+212612345678",
        "name": "Karim Bennani",
        "email": "[email protected]",
        "list_id": made_list["id"],
        "custom_fields": {"custom1": "VIP"},
    }
    made = b.post("contacts", body)
    assert made == {
        "id": made["id"],
        "phone": "+212612345678",
        "name": "Karim Bennani",
        "email": "[email protected]",
        "custom1": "VIP",
        "custom2": None,
        "custom3": None,
        "opted_out": False,
        "created_at": made["created_at"],
    }
    page = b.get("contacts?limit=50&offset=0")
    assert page == {"data": [made], "limit": 50, "offset": 0, "total": 1, "next_cursor": None}
    assert b.get("contacts/lists")["data"] == [made_list | {"count": 1}]


def test_b_imports_into_a_list(b: Api) -> None:
    made_list = b.post("contacts/lists", {"name": "Newsletter Clients"})
    assert made_list["description"] is None
    body = {
        "contacts": [
            {"phone": "+212611111111", "name": "Karim"},
            {"phone": "+212622222222", "name": "Youssef"},
        ],
        "list_id": made_list["id"],
    }
    assert b.send("POST", "contacts/import", body) == (200, {"imported": 2, "skipped": 0})
    assert b.phones(f"?list_id={made_list['id']}") == ["+212622222222", "+212611111111"]
    assert b.count(made_list["id"]) == 2
