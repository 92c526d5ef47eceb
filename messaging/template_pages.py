"""Operators' pages of templates: those that wait for approval, with their texts, and all templates with what the provider of
a channel calls them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts import ids
from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, actor_of, display
from accounts.refusals import Refused
from messaging import templates, wording
from messaging.models import Template, TemplateVersion

LABELS = {"draft": "info", "pending": "warning", "approved": "success", "rejected": "danger"}
VERSIONS_SHOWN = 20


def as_read(text: str) -> str:
    """A text in the direction of its language."""
    return format_html('<span dir="auto">{}</span>', text)


class Waiting(admin.SimpleListFilter):
    """The list opens with what waits; history is a click away."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("pending", "waits"), ("approved", "approved"), ("rejected", "rejected")]

    def choices(self, changelist: Any) -> Any:
        for value, title in self.lookup_choices:
            yield {
                "selected": (self.value() or "pending") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[TemplateVersion]
    ) -> QuerySet[TemplateVersion]:
        return queryset.filter(state=self.value() or "pending")


class RejectForm(forms.Form):
    """Why a text may not be sent."""

    reason = forms.CharField(max_length=300, widget=UnfoldAdminTextareaWidget)


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnlyAdmin):
    """Approvals. A text is approved or rejected as it is; nobody edits it here."""

    list_display = ("shown_name", "account", "category", "language", "text", "shown_state", "submitted_at")
    list_filter = (Waiting, "template__channel", "template__category")
    list_select_related = ("template__account",)
    ordering = ("-id",)
    actions: Sequence[Any] = ("approve",)
    actions_detail = ("approve_one", "reject")
    fields = (
        *("shown_name", "account", "channel", "category", "language", "number", "body_as_read"),
        *("variables", "shown_state", "reason", "submitted_at", "decided_at", "decided_by"),
    )
    readonly_fields = fields

    def has_decide_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change versions may decide; nobody edits one here."""
        return request.user.has_perm("messaging.change_templateversion")

    @action(description="Approve", permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[TemplateVersion]) -> None:
        done = 0
        for version in queryset:
            with suppress(Refused):  # somebody else decided, or a newer text took its place
                templates.approve(version.id, actor=actor_of(request))
                done += 1
        self.told(request, done, "approved")

    @action(description="Approve", url_path="approve", permissions=["decide"], icon="check")
    def approve_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        try:
            templates.approve(get_object_or_404(TemplateVersion, pk=object_id).id, actor=actor_of(request))
            messages.success(request, "Approved: this text is in use from now on.")
        except Refused as refused:
            messages.error(request, refused.detail)
        return redirect(reverse("admin:messaging_templateversion_change", args=[object_id]))

    @action(description="Reject", url_path="reject", permissions=["decide"], icon="block")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        version = get_object_or_404(TemplateVersion.objects.select_related("template"), pk=object_id)
        back = reverse("admin:messaging_templateversion_change", args=[object_id])
        form = RejectForm(request.POST or None)
        if form.is_valid() and self._reject(request, version, form):
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Reject: {version.template.name}",
            "opts": self.opts,
            "version": version,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/messaging/reject.html", context)

    def _reject(self, request: HttpRequest, version: TemplateVersion, form: RejectForm) -> bool:
        try:
            templates.reject(version.id, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.detail)
            return False
        messages.success(request, "Rejected. The account reads the reason.")
        return True

    @display(description="template")
    def shown_name(self, version: TemplateVersion) -> str:
        return version.template.name

    @display(description="account")
    def account(self, version: TemplateVersion) -> str:
        return version.template.account.name

    @display(description="channel")
    def channel(self, version: TemplateVersion) -> str:
        return version.template.channel

    @display(description="category")
    def category(self, version: TemplateVersion) -> str:
        return version.template.category

    @display(description="language")
    def language(self, version: TemplateVersion) -> str:
        return version.template.language

    @display(description="text")
    def text(self, version: TemplateVersion) -> str:
        return as_read(version.body if len(version.body) <= 80 else f"{version.body[:79]}…")

    @display(description="text")
    def body_as_read(self, version: TemplateVersion) -> str:
        return as_read(version.body)

    @display(description="variables")
    def variables(self, version: TemplateVersion) -> str:
        return ", ".join(wording.variables(version.body)) or "-"

    @display(description="state", label=LABELS)
    def shown_state(self, version: TemplateVersion) -> str:
        return version.state


@admin.register(Template)
class TemplateAdmin(OperatorAdmin):
    """Accounts write templates; here an operator says what the channel's provider knows them as."""

    list_display = ("name", "public_id", "account", "channel", "category", "language", "in_use_number")
    list_filter = ("channel", "category")
    list_select_related = ("account", "in_use")
    search_fields = ("name", "account__name")
    search_help_text = "Id, name, or account"
    id_kind = "template"
    ordering = ("-id",)
    actions: Sequence[Any] = ()
    change_form_outer_after_template = "admin/tables.html"
    fields = (
        *("account", "name", "channel", "category", "language", "created_at", "deleted_at"),
        *("provider_name", "provider_language", "provider_status"),
    )
    readonly_fields = fields[:7]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        versions = TemplateVersion.objects.filter(template_id=object_id)
        table = {
            "title": "Versions",
            "headers": ["No.", "State", "Text", "Submitted", "Decided", "By", "Reason"],
            "rows": [
                [
                    *(v.number, v.state, as_read(v.body), v.submitted_at or "-", v.decided_at or "-"),
                    *(v.decided_by or "-", v.reason or "-"),
                ]
                for v in versions.order_by("-number")[:VERSIONS_SHOWN]
            ],
        }
        shown: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "tables": [table]}
        )
        return shown

    @display(description="id")
    def public_id(self, template: Template) -> str:
        return ids.show("template", template.id)

    @display(description="approved version")
    def in_use_number(self, template: Template) -> str:
        return str(template.in_use.number) if template.in_use else "-"
