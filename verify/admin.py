"""Operators' pages of one-time codes: sessions to look at, closed countries to look at and to open again."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from accounts import ids
from accounts.models import Account
from accounts.operating import ReadOnlyAdmin, id_in
from contacts.phone import HOME, InvalidPhone, parse
from verify.models import CountryBlock, Session

STATES = {"pending": "info", "verified": "success", "failed": "danger", "expired": "warning"}


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "account",
        "phone",
        "channel",
        "shown_state",
        "attempts",
        "mode",
        "created_at",
        "expires_at",
        "verified_at",
    )
    list_filter = ("state", "mode")
    list_select_related = ("account",)
    search_fields = ("id",)
    search_help_text = "Session id, or the number"
    ordering = ("-id",)
    exclude = ("mac",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Session], search_term: str
    ) -> tuple[QuerySet[Session], bool]:
        """By id or by exact number: each has an index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        found = id_in("session", term)
        if found is not None:
            return queryset.filter(pk=found), False
        with suppress(InvalidPhone):
            term = parse(term, HOME).e164
        return queryset.filter(phone=term, account__in=Account.objects.values("id")), False

    @display(description="id")
    def public_id(self, session: Session) -> str:
        return ids.show("session", session.id)

    @display(description="state", label=STATES)
    def shown_state(self, session: Session) -> str:
        return session.state


@admin.register(CountryBlock)
class CountryBlockAdmin(ReadOnlyAdmin):
    """To open a country again, delete its row; who did is in the audit trail."""

    list_display = ("account", "country", "reason", "until", "told_at", "created_at")
    list_filter = ("reason", "country")
    list_select_related = ("account",)
    ordering = ("-id",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm("verify.delete_countryblock"))
