"""Operators' pages of the numbers that people write to, and of what they wrote. Texts that are an account's are between it
and its customers: only those that are nobody's are shown, until they are given to somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import ids
from accounts.models import Account
from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, actor_of, display, id_in
from accounts.refusals import Refused
from messaging import inbound, numbers
from messaging.models import Inbound, InboundNumber
from messaging.receiving import number_of


class NumberForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = InboundNumber
        fields = ("number", "name", "account", "carrier")

    def clean_number(self) -> str:
        try:
            return numbers.checked(self.cleaned_data["number"])
        except Refused as refused:
            raise forms.ValidationError(refused.detail) from None


@admin.register(InboundNumber)
class InboundNumberAdmin(OperatorAdmin):
    form = NumberForm
    list_display = ("number", "name", "account", "carrier", "created_at")
    list_select_related = ("account", "carrier")
    search_fields = ("number", "name", "account__name")
    autocomplete_fields = ("account", "carrier")


class Box(admin.SimpleListFilter):
    """Whether somebody's account could be told."""

    title = "box"
    parameter_name = "box"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unassigned", "Unassigned"), ("assigned", "Assigned")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(account__isnull=self.value() == "unassigned")


@admin.register(Inbound)
class InboundAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "account", "sender", "to", "channel", "keyword", "effect", "shown_text")
    list_filter = (Box, "keyword", "mode")
    list_select_related = ("account",)
    search_fields = ("id",)
    search_help_text = "Inbound id, or the number of who wrote"
    ordering = ("-id",)
    fields = (
        ("public_id", "account"),
        ("sender", "to"),
        ("channel", "mode"),
        ("keyword", "effect"),
        ("parts", "parts_missing"),
        ("received_at", "carrier_reference"),
        "shown_text",
    )
    readonly_fields = ("public_id", "shown_text")
    actions = ("give",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = id_in("inbound", term)
        return (queryset.filter(pk=found) if found else queryset.filter(sender=number_of(term))), False

    @action(description="Give to the account of their number", permissions=["give"])
    def give(self, request: HttpRequest, queryset: QuerySet[Inbound]) -> None:
        """For numbers that were assigned after a text had come: it goes to whoever has its number now."""
        rows = list(queryset.filter(account__isnull=True).values_list("id", "to")[:1000])
        owners = dict(
            InboundNumber.objects.filter(
                number__in={to for _, to in rows}, account__isnull=False
            ).values_list("number", "account_id")
        )
        accounts = Account.objects.in_bulk(set(owners.values()))
        done = 0
        for account_id, account in accounts.items():
            theirs = [row_id for row_id, to in rows if owners.get(to) == account_id]
            done += inbound.give(theirs, account, actor=actor_of(request))
        if done < len(rows):
            messages.warning(request, "Some stay: assign their number to an account first.")
        self.told(request, done, "given")

    def has_give_permission(self, request: HttpRequest) -> bool:
        """Who may assign numbers may give what came by them."""
        return request.user.has_perm("messaging.change_inboundnumber")

    @display(description="id")
    def public_id(self, row: Inbound) -> str:
        return ids.show("inbound", row.id)

    @display(description="text")
    def shown_text(self, row: Inbound) -> str:
        if row.account_id is not None:
            return f"{len(row.text)} characters"
        return row.text[:200]
