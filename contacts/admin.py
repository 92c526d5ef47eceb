"""Operators' pages of contacts and their lists. They belong to customers: operators look. Opt-outs have a composite key,
which the admin cannot list, so they are shown through a view that has another."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Account
from accounts.operating import ReadOnlyAdmin, display, id_in
from contacts import optouts
from contacts.models import Contact, ContactList, OptOutPage
from contacts.phone import HOME, InvalidPhone, parse


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Found by number or id only: every other search would read all of them."""

    list_display = ("phone", "name", "account", "created_at")
    list_select_related = ("account",)
    search_fields = ("phone",)
    search_help_text = "Number, or contact id"
    id_kind = "contact"
    ordering = ("-id",)
    fields = ("account", "phone", "opted_out", "name", "email", "custom1", "custom2", "custom3", "created_at")
    readonly_fields = ("opted_out",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A number is looked up account by account, as its index goes; what is none finds nothing."""
        term = search_term.strip()
        if not term or id_in("contact", term) is not None:
            found: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, term)
            return found
        try:
            phone = parse(term, HOME).e164
        except InvalidPhone:
            phone = term
        return queryset.filter(account__in=Account.objects.all(), phone=phone), False

    @display(description="opted out", boolean=True)
    def opted_out(self, contact: Contact) -> bool:
        return bool(optouts.among([(contact.account_id, contact.phone)]))


@admin.register(ContactList)
class ContactListAdmin(ReadOnlyAdmin):
    list_display = ("name", "account", "count", "created_at")
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    search_help_text = "Name, name of the account, or list id"
    id_kind = "list"
    ordering = ("-id",)
    fields = ("account", "name", "description", "count", "created_at")


@admin.register(OptOutPage)
class OptOutAdmin(ReadOnlyAdmin):
    """By account, the newest first: the order of their index."""

    list_display = ("phone", "account", "source", "created_at")
    list_filter = ("source",)
    list_select_related = ("account",)
    search_fields = ("phone",)
    search_help_text = "Number"
    ordering = ("account_id", "-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A number is looked up account by account, as its index goes; what is none finds nothing."""
        term = search_term.strip()
        if not term:
            return queryset, False
        try:
            number = parse(term, HOME).e164
        except InvalidPhone:
            number = term
        return queryset.filter(phone=number, account__in=Account.objects.values("id")), False
