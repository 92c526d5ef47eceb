"""Operators' pages of webhooks. Endpoints belong to customers: operators look. Deliveries have a composite key, which the
admin cannot list, so they stand on their endpoint's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts import ids
from accounts.operating import ReadOnlyAdmin, display, id_in
from webhooks.models import Delivery, DeliveryAttempt, Endpoint

RECENT = 50


@admin.register(Endpoint)
class EndpointAdmin(ReadOnlyAdmin):
    list_display = (
        "url",
        "account",
        "kind",
        "profile",
        "shown_active",
        "consecutive_failures",
        "last_status",
        "last_triggered_at",
    )
    list_filter = ("active", "kind", "profile")
    list_select_related = ("account",)
    search_fields = ("url", "account__name")
    id_kind = "endpoint"
    search_help_text = "Address, name of the account, or endpoint id"
    exclude = ("secrets",)
    change_form_outer_after_template = "admin/tables.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        tables = [deliveries_of(object_id), attempts_of(object_id)] if id_in("endpoint", object_id) else []
        context = {**(extra_context or {}), "tables": tables}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)
        return shown

    @display(description="active", boolean=True)
    def shown_active(self, endpoint: Endpoint) -> bool:
        return endpoint.active


def deliveries_of(endpoint_id: str) -> dict[str, Any]:
    """The newest deliveries of an endpoint, as a table."""
    rows = Delivery.objects.filter(endpoint_id=endpoint_id).order_by("-event_id")[:RECENT]
    return {
        "title": f"The last {RECENT} deliveries",
        "headers": ["Event", "Type", "State", "Attempts", "Last status", "Last error", "Next try", "Done"],
        "rows": [
            [
                ids.show("event", d.event_id),
                d.type,
                d.state,
                d.attempts,
                d.last_status or "-",
                d.last_error or "-",
                d.next_at if d.state == Delivery.State.PENDING else "-",
                d.done_at or "-",
            ]
            for d in rows
        ],
    }


def attempts_of(endpoint_id: str) -> dict[str, Any]:
    """Every attempt of the newest deliveries of an endpoint, as a table."""
    newest = (
        Delivery.objects.filter(endpoint_id=endpoint_id)
        .order_by("-event_id")
        .values_list("event_id", flat=True)
    )
    attempts = DeliveryAttempt.objects.filter(event_id__in=list(newest[:RECENT]), endpoint_id=endpoint_id)
    return {
        "title": "Their attempts",
        "headers": ["Event", "No.", "At", "Status", "Milliseconds", "Error", "Answer"],
        "rows": [
            [
                ids.show("event", a.event_id),
                a.number,
                a.started_at,
                a.status or "-",
                a.latency_milliseconds,
                a.error or "-",
                a.answer[:80] or "-",
            ]
            for a in attempts.order_by("-event_id", "-number")[:RECENT]
        ],
    }
