"""Operators see contacts and lists, change nothing, and find a contact by its number or id."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.ids import read
from accounts.models import User
from tests.contacts.conftest import Api

PHONE = "+212612345678"


@pytest.fixture
def client(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss@risala.test", "a rather long sentence"))
    return browser


def test_a_contact_is_found_by_number_or_id_and_by_nothing_else(api: Api, client: Client) -> None:
    made = api.post("contacts", {"phone": PHONE, "name": "Sara Bennani"})
    api.post("contacts", {"phone": "+212612345679", "name": "Zoe Alaoui"})
    listing = reverse("admin:contacts_contact_changelist")
    for text in ("0612345678", PHONE, made["id"]):
        page = client.get(listing, {"q": text}).content.decode()
        assert ("Sara Bennani" in page, "Zoe Alaoui" in page) == (True, False)
    assert "Sara Bennani" not in client.get(listing, {"q": "345678"}).content.decode()
    assert "Sara Bennani" in client.get(listing).content.decode()


def test_pages_show_and_change_nothing(api: Api, client: Client) -> None:
    made = api.post("contacts", {"phone": PHONE, "name": "Sara"})
    made_list = api.post("contacts/lists", {"name": "Clients"})
    for model, key in (
        ("contact", read("contact", made["id"])),
        ("contactlist", read("list", made_list["id"])),
    ):
        assert client.get(reverse(f"admin:contacts_{model}_changelist")).status_code == 200
        change = reverse(f"admin:contacts_{model}_change", args=[key])
        assert client.get(change).status_code == 200
        assert client.post(change, {"name": "X"}).status_code == 403
        assert client.get(reverse(f"admin:contacts_{model}_add")).status_code == 403
        assert client.post(reverse(f"admin:contacts_{model}_delete", args=[key])).status_code == 403
    assert api.get("contacts")["data"][0]["name"] == "Sara"
    assert api.get("contacts/lists")["data"] == [made_list]
