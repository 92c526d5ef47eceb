"""Imports: exact counts, the reason for every skipped item, limits at the edge and one past it, one answer per
Idempotency-Key (promise P5), and a cost that is set-based."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, SearchKey
from tests.contacts.conftest import Api, NewApi

PATH = "contacts/import"


def items(count: int) -> list[dict[str, object]]:
    return [
        {"phone": f"+2126{n:08d}", "name": f"Karim Bennani {n}", "email": f"k{n}@example.com"}
        for n in range(count)
    ]


def test_every_item_is_imported_or_skipped_with_its_reason(api: Api) -> None:
    api.post("contacts", {"phone": "+212612345678", "name": "Sara", "custom1": "VIP"})
    body = {
        "contacts": [
            {"phone": "+212612345678", "email": "sara@example.com"},
            {"phone": "0622222222", "name": "Youssef"},
            {"phone": "+212522123456"},
            {"phone": "abc"},
            {"name": "Nobody"},
            {"phone": 612345679},
            {"phone": "+212 622 222 222", "email": "y@example.com"},
            {"phone": "0633333333", "name": "x" * 201},
            {"phone": "0633333333", "custom_fields": {"custom9": "x"}},
        ]
    }
    status, answer = api.send("POST", PATH, body)
    assert status == 200
    assert (answer["imported"], answer["skipped"]) == (2, 7)
    assert [(error["index"], error["reason"]) for error in answer["errors"]] == [
        (2, "landline"),
        (3, "letters"),
        (4, "missing_field"),
        (5, "invalid_field"),
        (6, "duplicate"),
        (7, "invalid_field"),
        (8, "invalid_field"),
    ]
    assert all(error["message"] for error in answer["errors"])
    assert list(Contact.objects.order_by("phone").values_list("phone", "name", "email", "custom1")) == [
        ("+212612345678", "Sara", "sara@example.com", "VIP"),
        ("+212622222222", "Youssef", "y@example.com", None),
    ]


def test_nothing_but_skipped_items_is_an_answer_too(api: Api) -> None:
    status, answer = api.send("POST", PATH, {"contacts": [{"phone": "x"}]})
    assert (status, answer["imported"], answer["skipped"]) == (200, 0, 1)


def test_clients_of_documents_a_and_b_get_the_counts_alone(new_api: NewApi) -> None:
    for compat in ("smsmaroc", "envoisms"):
        answer = new_api(compat=compat).send(
            "POST", PATH, {"contacts": [{"phone": "0612345678"}, {"phone": "x"}]}
        )
        assert answer == (200, {"imported": 1, "skipped": 1})


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({}, (400, "MISSING_FIELD", "contacts")),
        ({"contacts": []}, (400, "MISSING_FIELD", "contacts")),
        ({"contacts": {"phone": "0612345678"}}, (400, "INVALID_FIELD", "contacts")),
        ({"contacts": [{"phone": "0612345678"}, "0612345679"]}, (400, "INVALID_FIELD", "contacts[1]")),
        ({"contacts": [{"phone": "0612345678"}], "list_id": "lst_f84b..."}, (404, "NOT_FOUND", "list_id")),
        ({"contacts": [{}] * 5001}, (400, "TOO_MANY_CONTACTS", "contacts")),
    ],
)
def test_a_refused_import_leaves_nothing(api: Api, body: object, refusal: tuple[int, str, str]) -> None:
    assert api.refused("POST", PATH, body) == refusal
    assert Contact.objects.count() == 0


def test_five_thousand_cost_as_many_statements_as_five(api: Api) -> None:
    target = api.post("contacts/lists", {"name": "All"})["id"]
    statements = []
    for count in (5, 5000, 5000):
        with CaptureQueriesContext(connection) as captured:
            answer = api.send("POST", PATH, {"contacts": items(count), "list_id": target})
        statements.append(len([row for row in captured.captured_queries if "contacts_" in row["sql"]]))
        assert answer == (200, {"imported": count, "skipped": 0, "errors": []})
    # list, former, upsert, new keys, members; and the keys of five were no others before
    assert statements == [5, 5, 4]
    assert api.count(target) == 5000
    assert Contact.objects.count() == 5000
    # number, name from each of its three words on, address
    assert SearchKey.objects.count() == 5000 * 5
    assert api.get(f"contacts?list_id={target}")["total"] == 5000


def test_the_same_key_gives_the_same_answer_and_imports_once(api: Api) -> None:
    body: dict[str, Any] = {"contacts": [{"phone": "0612345678", "name": "Sara"}, {"phone": "x"}]}
    first = api.told("POST", PATH, body, **{"Idempotency-Key": "import-1"})
    api.send("DELETE", f"contacts/{api.get('contacts')['data'][0]['id']}")
    again = api.told("POST", PATH, body, **{"Idempotency-Key": "import-1"})
    assert first[:2] == again[:2]
    assert list(first[1]) == list(again[1])
    assert "Idempotent-Replayed" not in first[2]
    assert again[2]["Idempotent-Replayed"] == "true"
    assert Contact.objects.count() == 0
    other = {"contacts": [{"phone": "0612345679"}], "note": 10**25}
    key = {"Idempotency-Key": "import-1"}
    assert api.refused("POST", PATH, other, **key) == (409, "IDEMPOTENCY_CONFLICT", None)
    long = {"Idempotency-Key": "x" * 256}
    assert api.refused("POST", PATH, other, **long) == (400, "INVALID_FIELD", "Idempotency-Key")
    assert Contact.objects.count() == 0


def test_a_refused_import_gives_its_key_back(api: Api) -> None:
    key = {"Idempotency-Key": "import-2"}
    assert api.refused("POST", PATH, {"contacts": []}, **key) == (400, "MISSING_FIELD", "contacts")
    status, answer = api.send("POST", PATH, {"contacts": [{"phone": "0612345678"}]}, **key)
    assert (status, answer["imported"]) == (200, 1)


def test_a_list_is_made_once_under_a_key(api: Api) -> None:
    key = {"Idempotency-Key": "list-1"}
    first = api.told("POST", "contacts/lists", {"name": "Clients"}, **key)
    again = api.told("POST", "contacts/lists", {"name": "Clients"}, **key)
    assert (first[0], first[1]) == (201, again[1])
    assert (again[0], again[2]["Idempotent-Replayed"]) == (201, "true")
    assert api.get("contacts/lists") == {"data": [first[1]]}
