"""Lists of contacts: search by number, name and address, pages at their limits, and the bound of what a search looks
at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import search
from contacts.models import Contact, SearchKey
from tests.contacts.conftest import Api, NewApi

SARA, KARIM, ZOE = "+212612345678", "+212661000001", "+33612345678"


@pytest.fixture
def book(api: Api) -> Api:
    """Three contacts, the oldest first."""
    api.post("contacts", {"phone": SARA, "name": "Sara El Idrissi", "email": "Sara.Idrissi@example.com"})
    api.post("contacts", {"phone": KARIM, "name": "Karim Bennani", "email": "k@maroc.example"})
    api.post("contacts", {"phone": ZOE, "name": "Zoé d'Agadir 24"})
    return api


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%2B2126", [KARIM, SARA]),
        ("2126", [KARIM, SARA]),
        (" 212 661-00", [KARIM]),
        ("0612", [SARA]),
        ("00336", [ZOE]),
        ("%2B33612345678", [ZOE]),
        ("612345678", []),
        ("sara", [SARA]),
        ("IDRI", [SARA]),
        ("el idr", [SARA]),
        ("idrissi sara", []),
        ("rim", []),
        ("zoe", [ZOE]),
        ("ZO%C3%89%20D%27AG", [ZOE]),
        ("24", [ZOE]),
        ("sara.idrissi@exam", [SARA]),
        ("sara.i", [SARA]),
        ("k@maroc.ex", [KARIM]),
        ("maroc.ex", []),
        ("", [ZOE, KARIM, SARA]),
        ("%20", [ZOE, KARIM, SARA]),
        ("%25", []),
        ("@", []),
        ("%00", []),
        ("_", []),
        ("%2B", []),
        ("x" * 5000, []),
    ],
)
def test_a_search_finds_by_the_beginning_of_a_number_a_word_or_an_address(
    book: Api, text: str, found: list[str]
) -> None:
    answer = book.get(f"contacts?q={text}")
    assert [row["phone"] for row in answer["data"]] == found
    assert (answer["total"], answer["next_cursor"]) == (len(found), None)
    assert "total_capped" not in answer


def test_arabic_names_are_found_with_and_without_their_marks(api: Api) -> None:
    api.post("contacts", {"phone": SARA, "name": "مُحَمَّد العلوي"})
    assert api.phones("?q=محمد") == [SARA]
    assert api.phones("?q=العلوي") == [SARA]


def test_a_local_number_is_read_as_dialled_where_the_account_is(new_api: NewApi) -> None:
    # Ivory Coast has no trunk prefix: its numbers begin with a zero abroad too.
    ivory = new_api(country="CI")
    ivory.post("contacts", {"phone": "+2250701020304"})
    assert ivory.phones("?q=22507") == ["+2250701020304"]
    assert search.wanted("0701", "CI") == "0701"
    assert search.wanted("0612", "MA") == "212612"


def test_search_and_list_go_together(book: Api) -> None:
    target = book.post("contacts/lists", {"name": "Clients"})["id"]
    for phone in (SARA, ZOE):
        book.post("contacts", {"phone": phone, "list_id": target}, 200)
    assert book.phones(f"?list_id={target}") == [ZOE, SARA]
    assert book.phones(f"?list_id={target}&q=sara") == [SARA]
    assert book.phones(f"?list_id={target}&q=karim") == []
    assert book.get(f"contacts?list_id={target}&q=2126")["total"] == 1
    assert book.phones("?list_id=") == [ZOE, KARIM, SARA]


def fill(api: Api, count: int) -> None:
    """So many contacts named Ali, numbers ascending."""
    rows = [Contact(account=api.account, phone=f"+2126{n:08d}", name="Ali") for n in range(count)]
    Contact.objects.bulk_create(rows, batch_size=5000)
    keys = [SearchKey(account=api.account, contact=row, key="ali") for row in rows]
    SearchKey.objects.bulk_create(keys, batch_size=10000)


@pytest.mark.parametrize("path", ["contacts", "optouts"])
def test_pages_have_100_rows_and_at_most_500(api: Api, path: str) -> None:
    for query in ("limit=0", "limit=501", "limit=x", "limit=-1", "offset=-1", "offset=100001", "cursor=x"):
        assert api.refused("GET", f"{path}?{query}")[:2] == (400, "INVALID_FIELD")
    assert api.get(f"{path}?limit=500&offset=3") == {
        "data": [],
        "limit": 500,
        "offset": 3,
        "total": 0,
        "next_cursor": None,
    }


def test_pages_follow_each_other_by_offset_and_by_cursor(api: Api) -> None:
    fill(api, 205)
    everyone = [f"+2126{n:08d}" for n in range(204, -1, -1)]
    first = api.get("contacts")
    assert [row["phone"] for row in first["data"]] == everyone[:100]
    assert (first["limit"], first["total"]) == (100, 205)
    second = api.get(f"contacts?cursor={first['next_cursor']}")
    assert [row["phone"] for row in second["data"]] == everyone[100:200]
    assert api.phones("?offset=200") == everyone[200:]
    assert api.phones("?q=ali&limit=500") == everyone
    found = api.get("contacts?q=al&limit=200")
    assert [row["phone"] for row in found["data"]] == everyone[:200]
    rest = api.get(f"contacts?q=al&limit=200&cursor={found['next_cursor']}")
    assert ([row["phone"] for row in rest["data"]], rest["total"]) == (everyone[200:], 205)
    assert rest["next_cursor"] is None
    assert api.phones("?q=al&limit=3&offset=203") == everyone[203:]
    assert api.refused("GET", "contacts?q=al&cursor=x") == (400, "INVALID_FIELD", "cursor")
    assert api.refused("GET", "contacts?q=al&limit=501") == (400, "INVALID_FIELD", "limit")


def test_a_search_looks_at_ten_thousand_keys_and_says_so(api: Api) -> None:
    fill(api, search.MOST_LOOKED_AT)
    whole = api.get("contacts?q=al&limit=1")
    assert (whole["total"], "total_capped" in whole) == (10_000, False)
    api.post("contacts", {"phone": SARA, "name": "Alz"})
    cut = api.get("contacts?q=al&limit=1")
    assert (cut["total"], cut["total_capped"]) == (10_000, True)
    assert api.phones("?q=alz") == [SARA]


def test_a_search_is_a_range_of_the_index(api: Api) -> None:
    fill(api, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_searchkey")
    with CaptureQueriesContext(connection) as captured:
        assert search.find(api.account.id, "bob", list_id=None).ids == []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + captured.captured_queries[0]["sql"])
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using contact_search" in plan
    assert "Sort" not in plan


def test_other_accounts_with_the_same_key_are_not_found(book: Api, new_api: NewApi) -> None:
    assert new_api().phones("?q=sara") == []


def test_keys_are_few_short_and_folded() -> None:
    assert search.keys_of(SARA, "  Zoé   D'Agadir ", "Zoe@Example.com") == {
        "212612345678",
        "zoe d agadir",
        "d agadir",
        "agadir",
        "zoe example com",
    }
    many = search.keys_of(SARA, " ".join(f"w{n}" for n in range(40)), None)
    assert len(many) == 7
    assert max(len(key) for key in many) <= 60
    assert search.keys_of(SARA, None, None) == {"212612345678"}
