"""Addresses of the contacts API, under `/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from contacts.api.contacts import ContactViewSet
from contacts.api.lists import ListViewSet
from contacts.api.optouts import OptOutViewSet

urlpatterns: list[URLPattern] = [
    path("contacts", ContactViewSet.as_view({"get": "list", "post": "create"}), name="contacts"),
    path("contacts/import", ContactViewSet.as_view({"post": "import_many"}), name="contacts-import"),
    path("contacts/lists", ListViewSet.as_view({"get": "list", "post": "create"}), name="contact-lists"),
    path("contacts/lists/<str:id>", ListViewSet.as_view({"get": "retrieve"}), name="contact-list"),
    path(
        "contacts/<str:id>",
        ContactViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="contact",
    ),
    path("optouts", OptOutViewSet.as_view({"get": "list", "post": "create"}), name="optouts"),
    path("optouts/<str:phone>", OptOutViewSet.as_view({"delete": "destroy"}), name="optout"),
]
