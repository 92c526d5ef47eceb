"""Opt-outs: kept once, shown on the contact, enforced, taken back with the plus of the number in every encoding."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from contacts import optouts
from contacts.models import OptOut
from tests.contacts.conftest import Api, NewApi

PHONE = "+212612345678"


def test_the_contact_shows_it_before_and_after(api: Api) -> None:
    contact = api.post("contacts", {"phone": PHONE})
    assert contact["opted_out"] is False
    api.post("optouts", {"phone": "0612345678"})
    assert api.get(f"contacts/{contact['id']}")["opted_out"] is True
    assert api.get("contacts")["data"][0]["opted_out"] is True
    assert api.post("contacts", {"phone": PHONE, "name": "Sara"}, 200)["opted_out"] is True
    assert optouts.among([(api.account.id, PHONE)]) == {(api.account.id, PHONE)}
    api.send("DELETE", f"contacts/{contact['id']}")
    assert api.post("contacts", {"phone": PHONE})["opted_out"] is True
    api.send("DELETE", f"optouts/{PHONE}")
    assert api.get("contacts")["data"][0]["opted_out"] is False


def test_repeating_is_harmless(api: Api) -> None:
    optouts.add(api.account.id, PHONE, source="reply")
    assert api.send("POST", "optouts", {"phone": PHONE}) == (200, {"phone": PHONE, "opted_out": True})
    (row,) = api.get("optouts")["data"]
    assert row["source"] == "reply"
    for _ in range(2):
        assert api.send("DELETE", f"optouts/{PHONE}") == (200, {"phone": PHONE, "opted_out": False})


@pytest.mark.parametrize(
    "written",
    [
        "+212612345678",
        "%2B212612345678",
        "%2b212612345678",
        "%252B212612345678",
        "%20212612345678",
        "212612345678",
        "00212612345678",
        "0612345678",
        "612345678",
        "06%2012%2034%2056%2078",
        "+212-612-345678",
        "+212612345678/",
    ],
)
def test_the_plus_in_the_path_comes_in_every_encoding(api: Api, written: str) -> None:
    api.post("optouts", {"phone": PHONE})
    api.post("optouts", {"phone": "+212612345679"})
    assert api.send("DELETE", f"optouts/{written}") == (200, {"phone": PHONE, "opted_out": False})
    assert [row["phone"] for row in api.get("optouts")["data"]] == ["+212612345679"]


def test_a_space_in_front_is_a_plus_also_where_the_digits_are_a_local_number(new_api: NewApi) -> None:
    abroad = new_api(country="US")
    abroad.post("optouts", {"phone": PHONE})
    assert abroad.send("DELETE", "optouts/%20212612345678")[1] == {"phone": PHONE, "opted_out": False}
    assert abroad.get("optouts")["total"] == 0


@pytest.mark.parametrize("written", ["x", "12", "+", "%00", "%2B%2B212612345678"])
def test_what_is_no_number_is_refused(api: Api, written: str) -> None:
    api.post("optouts", {"phone": PHONE})
    assert api.refused("DELETE", f"optouts/{written}") == (400, "INVALID_PHONE", "phone")
    assert OptOut.objects.count() == 1


def test_a_number_is_needed(api: Api) -> None:
    assert api.refused("POST", "optouts", {}) == (400, "MISSING_FIELD", "phone")
    assert api.refused("POST", "optouts", {"phone": "abc"}) == (400, "INVALID_PHONE", "phone")
    assert api.refused("GET", "optouts/x") == (405, "METHOD_NOT_ALLOWED", None)
    assert OptOut.objects.count() == 0


def test_opt_outs_are_of_one_account(new_api: NewApi, api: Api) -> None:
    other = new_api()
    other.post("optouts", {"phone": PHONE})
    assert api.get("optouts")["data"] == []
    assert api.send("DELETE", f"optouts/{PHONE}") == (200, {"phone": PHONE, "opted_out": False})
    assert other.get("optouts")["total"] == 1
    assert api.post("contacts", {"phone": PHONE})["opted_out"] is False


def test_live_and_test_keys_share_them(new_api: NewApi, api: Api) -> None:
    new_api(account=api.account, mode="test").post("optouts", {"phone": "+15550100"})
    assert api.send("DELETE", "optouts/+15550100") == (200, {"phone": "+15550100", "opted_out": False})
    assert OptOut.objects.count() == 0


def test_pages_are_newest_first(api: Api) -> None:
    numbers = [f"+2126000000{n:02d}" for n in range(30)]
    for number in numbers:
        optouts.add(api.account.id, number, source="api")
    page = api.get("optouts?limit=20")
    assert [row["phone"] for row in page["data"]] == numbers[:9:-1]
    assert (page["total"], page["limit"]) == (30, 20)
    rest = api.get(f"optouts?limit=20&cursor={page['next_cursor']}")
    assert [row["phone"] for row in rest["data"]] == numbers[9::-1]


def test_opt_outs_of_before_are_ordered_by_their_time(api: Api) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("contacts", "0002_contacts_and_lists")])
    with connection.cursor() as cursor:
        for phone, day in (("+212600000002", 2), ("+212600000001", 1), ("+212600000003", 3)):
            cursor.execute(
                "INSERT INTO contacts_optout (account_id, phone, source, created_at) VALUES (%s, %s, 'api', %s)",
                [api.account.id, phone, f"2026-01-0{day}T10:00:00Z"],
            )
        # The rows are of this very transaction, whose checks would still be pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert [row["phone"][-1] for row in api.get("optouts")["data"]] == ["3", "2", "1"]
