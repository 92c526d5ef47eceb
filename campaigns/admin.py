"""Operators' pages of campaigns. They belong to customers: operators look, and stop them when they must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.operating import ReadOnlyAdmin, action, actor_of, display
from accounts.refusals import Refused
from campaigns import control, progress
from campaigns.audience import sender_of
from campaigns.models import Campaign
from messaging.sending.draft import Sender

COLOURS = {
    "running": "info",
    "completed": "success",
    "paused": "warning",
    "failed": "danger",
    "cancelled": "danger",
}


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "account",
        "shown_status",
        "channel",
        "mode",
        "total_count",
        "cursor",
        "price",
        "created_at",
    )
    list_filter = ("status", "mode", "channel")
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    search_help_text = "Name, name of the account, or campaign id"
    id_kind = "campaign"
    ordering = ("-id",)
    actions = ("pause", "resume", "cancel")
    fields = (
        ("account", "mode"),
        ("name", "number"),
        ("shown_status", "reason"),
        "reason_detail",
        ("channel", "sender_id"),
        "list",
        "template_id",
        "body",
        "text",
        ("metadata", "buttons"),
        ("scheduled_at", "scheduled_local"),
        ("time_zone", "created_at"),
        ("started_at", "frozen_at"),
        ("made_at", "paused_at"),
        "ended_at",
        ("total_count", "queued_count"),
        ("cursor", "segments"),
        ("price_mad", "price_eur"),
        "counts",
        "skipped",
        "money",
    )
    readonly_fields = ("shown_status", "counts", "skipped", "money")

    def has_stop_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may stop campaigns: nobody edits them, so it is the right to change them."""
        permission = f"campaigns.{get_permission_codename('change', self.opts)}"
        return isinstance(request.user, User) and request.user.has_perm(permission)

    @display(description="status", ordering="status", label=COLOURS)
    def shown_status(self, campaign: Campaign) -> str:
        return campaign.status

    @display(description="messages")
    def counts(self, campaign: Campaign) -> str:
        return _listed(progress.of(campaign).by_status)

    @display(description="skipped recipients")
    def skipped(self, campaign: Campaign) -> str:
        return _listed(progress.of(campaign).skipped)

    @display(description="money")
    def money(self, campaign: Campaign) -> str:
        found = progress.of(campaign)
        return f"held {found.held}, charged {found.charged}, refunded {found.refunded}"

    @action(description="Pause", permissions=["stop"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self._do(request, queryset, control.pause, "paused")

    @action(description="Resume", permissions=["stop"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self._do(request, queryset, control.resume, "resumed")

    @action(description="Cancel", permissions=["stop"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        self._do(request, queryset, control.cancel, "cancelled")

    def _do(
        self,
        request: HttpRequest,
        queryset: QuerySet[Campaign],
        rule: Callable[[Sender, UUID], Any],
        sentence: str,
    ) -> None:
        done = 0
        for campaign in queryset.select_related("account"):
            try:
                rule(replace(sender_of(campaign), actor=actor_of(request)), campaign.id)
            except Refused as refused:
                self.message_user(request, f"{campaign.name}: {refused.detail}", level="warning")
            else:
                done += 1
        self.told(request, done, sentence)


def _listed(counts: Any) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "-"
