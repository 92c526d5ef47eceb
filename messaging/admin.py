"""Operators' pages of messages: read-only, without texts. What happened to a message stands on its own page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html

from accounts import ids
from accounts.models import Account
from accounts.operating import ReadOnlyAdmin, display, id_in
from contacts.phone import HOME, InvalidPhone, parse
from messaging import carrier_pages, code_pages, inbound_pages, journey, sim_pages, template_pages
from messaging.models import Batch, Carrier, Message, QueueRow, ReceiptRecord

__all__ = ["carrier_pages", "code_pages", "inbound_pages", "sim_pages", "template_pages"]
LABELS = {
    "scheduled": "info",
    "queued": "info",
    "uncertain": "warning",
    "sent": "info",
    "delivered": "success",
    "undeliverable": "danger",
    "failed": "danger",
    "expired": "warning",
    "cancelled": "warning",
}


class Period(admin.SimpleListFilter):
    """Bounds a list of messages to a stretch of their ids, which are ordered by time: no filter scans them all.
    A search goes beyond it."""

    title = "period"
    parameter_name = "period"
    days = {"1": 1, "7": 7, "31": 31}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Last 24 hours"), ("7", "Last 7 days"), ("31", "Last 31 days")]

    def choices(self, changelist: Any) -> Any:
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "1") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if request.GET.get("q", "").strip():
            return queryset
        days = self.days.get(self.value() or "1", 1)
        return queryset.filter(pk__gte=ids.floor_of(datetime.now(UTC) - timedelta(days=days)))


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = (
        "short_id",
        "account",
        "to",
        "sender",
        "shown_status",
        "error_code",
        "shown_price",
        "when",
    )
    list_filter = (Period, "status", "mode", "lane")
    list_select_related = ("account",)
    search_fields = ("id",)
    search_help_text = "Message id, batch id, or the recipient's number"
    ordering = ("-id",)
    readonly_fields = ("public_id", "shown_status", "carrier", "length")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("public_id", "account"),
                    ("shown_status", "error_code"),
                    ("to", "country"),
                    ("sender", "channel"),
                    ("length", "carrier"),
                    ("mode", "lane"),
                    ("price", "currency"),
                    ("price_mad", "price_eur"),
                )
            },
        ),
        (
            "When",
            {
                "fields": (
                    ("created_at", "scheduled_at"),
                    ("submitted_at", "sent_at"),
                    ("delivered_at", "final_at"),
                    ("expires_at", "attempts"),
                )
            },
        ),
        (
            "Where from",
            {
                "fields": (
                    ("api_key_id", "request_id"),
                    ("batch_id", "campaign_id"),
                    ("charge_reference", "callback_url"),
                    ("error_detail", "refund_undeliverable"),
                    ("truncated", "duplicate_suspected"),
                )
            },
        ),
    )
    change_form_outer_after_template = "admin/tables.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """By id or by exact recipient: each has an index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        batch = id_in("batch", term)
        if batch is not None and term.startswith(ids.PREFIXES["batch"]):
            return queryset.filter(batch_id=batch), False
        found = id_in("message", term)
        if found is not None:
            return queryset.filter(pk=found), False
        return queryset.filter(to=number_in(term), account__in=Account.objects.values("id")), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = id_in("message", object_id)
        tables = journey.tables(found) if found else []
        context = {**(extra_context or {}), "tables": tables}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)
        return shown

    @display(description="id")
    def public_id(self, message: Message) -> str:
        return ids.show("message", message.id)

    @display(description="id")
    def short_id(self, message: Message) -> str:
        """Its beginning and end, so that the list fits a laptop; the whole id is the title."""
        whole = ids.show("message", message.id)
        return format_html('<span title="{}">{}…{}</span>', whole, whole[:12], whole[-6:])

    @display(description="price")
    def shown_price(self, message: Message) -> str:
        return f"{message.price}\N{NO-BREAK SPACE}{message.currency}"

    @display(description="created", ordering="-id")
    def when(self, message: Message) -> str:
        return date_format(message.created_at, "j M, H:i:s")

    @display(description="carrier")
    def carrier(self, message: Message) -> str:
        row = Carrier.objects.filter(pk=message.carrier_id).first() if message.carrier_id else None
        return row.name if row else "-"

    @display(description="text")
    def length(self, message: Message) -> str:
        """The measure of a text, not the text: that is between the customer and the recipient."""
        if not message.text:
            return f"wiped, {message.encoding}, {message.segments} segment(s)"
        return f"{len(message.text)} characters, {message.encoding}, {message.segments} segment(s)"

    @display(description="status", label=LABELS)
    def shown_status(self, message: Message) -> str:
        return message.status


def number_in(term: str) -> str:
    """A search term as E.164 if it is a number that we write to, else as it stands."""
    try:
        return parse(term, HOME).e164
    except InvalidPhone:
        return term


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "account",
        "channel",
        "mode",
        "total",
        "accepted",
        "price_mad",
        "price_eur",
        "created_at",
    )
    list_filter = (Period, "mode")
    list_select_related = ("account",)
    search_fields = ("id",)
    search_help_text = "Batch id"
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Batch], search_term: str
    ) -> tuple[QuerySet[Batch], bool]:
        found = id_in("batch", search_term)
        return (
            queryset.filter(pk=found) if found else queryset.none() if search_term.strip() else queryset
        ), False

    @display(description="id")
    def public_id(self, batch: Batch) -> str:
        return ids.show("batch", batch.id)


@admin.register(QueueRow)
class QueueRowAdmin(ReadOnlyAdmin):
    list_display = (
        "shown_message",
        "account",
        "carrier_id",
        "lane",
        "state",
        "visible_at",
        "lease_until",
        "attempt",
        "retries",
    )
    list_filter = ("state", "lane")
    list_select_related = ("account",)
    search_fields = ("message_id",)
    search_help_text = "Message id"
    ordering = ("message_id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[QueueRow], search_term: str
    ) -> tuple[QuerySet[QueueRow], bool]:
        found = id_in("message", search_term)
        return (
            queryset.filter(pk=found) if found else queryset.none() if search_term.strip() else queryset
        ), False

    @display(description="message")
    def shown_message(self, row: QueueRow) -> str:
        return ids.show("message", row.message_id)


@admin.register(ReceiptRecord)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = (
        "received_at",
        "carrier_id",
        "reference",
        "status",
        "code",
        "reason",
        "state",
        "shown_message",
    )
    list_filter = (Period, "state")
    search_fields = ("id",)
    search_help_text = "Message id"
    ordering = ("-id",)
    exclude = ("raw",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReceiptRecord], search_term: str
    ) -> tuple[QuerySet[ReceiptRecord], bool]:
        found = id_in("message", search_term)
        return (
            queryset.filter(message_id=found)
            if found
            else queryset.none()
            if search_term.strip()
            else queryset
        ), False

    @display(description="message")
    def shown_message(self, receipt: ReceiptRecord) -> str:
        return ids.show("message", receipt.message_id) if receipt.message_id else "-"
