"""Operators' pages of carriers, routes and sender ids. Credentials are written here and never shown again."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.operating import OperatorAdmin, action, actor_of, display
from accounts.refusals import Refused
from messaging import connecting, trying_pages
from messaging.carriers import registry
from messaging.models import Carrier, ProtectedName, Route, SenderId
from messaging.routing import PREFIX
from messaging.senders import skeleton
from messaging.sending import route, submit

VALUES = {
    "whatsapp_cloud": (
        "One key=value a line; key= removes it, others stay. From Meta: phone_number_id, access_token, app_secret. Your own word,"
        " entered at Meta with the callback address: verify_token. For one-time codes: otp_template, otp_language (fr)."
    ),
}
"""What the values of a kind are, where the general words do not say it."""


class CarrierForm(forms.ModelForm):  # type: ignore[type-arg]
    """The kind decides which of the values are credentials; those are stored encrypted, apart from the settings."""

    kind = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    values = forms.CharField(
        label="Change values",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="One key=value a line, such as base_url=https://… or api_key=…; key= removes it. Others stay.",
    )

    class Meta:
        model = Carrier
        fields = ("name", "kind", "window", "speed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind or kwargs.get("initial", {}).get("kind", "")
        if kind in VALUES:
            self.fields["values"].help_text = VALUES[kind]
            self.fields["values"].widget.attrs["rows"] = 8
        if "kind" in self.fields:
            self.fields["kind"].choices = [(kind, kind) for kind in registry.kinds()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.instance.kind = cleaned.get("kind") or self.instance.kind
        try:
            given = connecting.pairs(
                [line for line in cleaned.get("values", "").splitlines() if line.strip()]
            )
            if self.instance.kind:
                connecting.apply(self.instance, given)
        except Refused as refused:
            self.add_error("values", refused.detail)
        return cleaned


@admin.register(Carrier)
class CarrierAdmin(OperatorAdmin):
    form = CarrierForm
    list_display = ("name", "kind", "shown_state", "window", "speed", "pause_reason", "created_at")
    list_filter = ("kind", "enabled")
    search_fields = ("name",)
    readonly_fields = ("settings", "credentials", "shown_state", "pause_reason", "created_at")
    actions = ("enable", "disable", "resume")
    actions_detail = ("try_it",)
    fieldsets = (
        (None, {"fields": (("name", "kind"), ("window", "speed"), ("shown_state", "pause_reason"))}),
        ("Values", {"fields": ("settings", "credentials", "values")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "name", "kind") if obj else tuple(self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Attempts name their carrier: it is disabled, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        route.forget()
        if not change:  # a secret path: told once
            messages.info(request, f"This carrier calls us at {submit.callback_address(obj)}")

    @display(description="state", label={"enabled": "success", "disabled": "danger", "paused": "warning"})
    def shown_state(self, carrier: Carrier) -> str:
        if not carrier.enabled:
            return "disabled"
        return "paused" if carrier.paused_at else "enabled"

    @display(description="credentials")
    def credentials(self, carrier: Carrier) -> str:
        """The names of the credentials that are set."""
        return ", ".join(f"{key}=•••" for key in sorted(connecting.secrets_of(carrier))) or "-"

    @action(description="Try without sending", url_path="try", permissions=["change"], icon="science")
    def try_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return trying_pages.page(self, request, object_id)

    @action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Carrier]) -> None:
        self._switch(request, queryset, enabled=True)

    @action(description="Disable (no new messages)", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Carrier]) -> None:
        self._switch(request, queryset, enabled=False)

    @action(description="Resume after a pause", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Carrier]) -> None:
        resumed = sum(connecting.resume(carrier.name, actor=actor_of(request)) for carrier in queryset)
        self.told(request, resumed, "resumed")

    def _switch(self, request: HttpRequest, queryset: QuerySet[Carrier], *, enabled: bool) -> None:
        for carrier in queryset:
            connecting.switch(carrier.name, enabled=enabled, actor=actor_of(request))
        self.told(request, len(queryset), "enabled" if enabled else "disabled")


class RouteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Route
        fields = ("carrier", "prefix", "channel", "account", "priority", "weight", "enabled")

    def clean_prefix(self) -> str:
        prefix: str = self.cleaned_data["prefix"]
        if not PREFIX.fullmatch(prefix):
            raise forms.ValidationError("Such as +212, or empty for every number.")
        return prefix


@admin.register(Route)
class RouteAdmin(OperatorAdmin):
    form = RouteForm
    list_display = ("shown_prefix", "channel", "carrier", "account", "priority", "weight", "enabled")
    list_filter = ("channel", "carrier", "enabled")
    list_select_related = ("carrier", "account")
    search_fields = ("prefix", "carrier__name", "account__name")
    autocomplete_fields = ("account", "carrier")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        route.forget()

    @display(description="prefix", ordering="prefix")
    def shown_prefix(self, row: Route) -> str:
        return row.prefix or "any"


@admin.register(SenderId)
class SenderIdAdmin(OperatorAdmin):
    list_display = ("name", "account", "shown_status", "note", "created_at")
    list_filter = ("status",)
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    autocomplete_fields = ("account",)
    actions = ("approve", "refuse")

    @display(
        description="status",
        ordering="status",
        label={"approved": "success", "pending": "warning", "refused": "danger"},
    )
    def shown_status(self, sender: SenderId) -> str:
        return sender.status

    @action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[SenderId]) -> None:
        self._decide(request, queryset, SenderId.Status.APPROVED)

    @action(description="Refuse", permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[SenderId]) -> None:
        self._decide(request, queryset, SenderId.Status.REFUSED)

    def _decide(self, request: HttpRequest, queryset: QuerySet[SenderId], status: SenderId.Status) -> None:
        decided = list(queryset.exclude(status=status).select_related("account"))
        SenderId.objects.filter(pk__in=[sender.pk for sender in decided]).update(status=status)
        for sender in decided:
            self.note(request, sender, status, {"name": sender.name})
        self.told(request, len(decided), status)


@admin.register(ProtectedName)
class ProtectedNameAdmin(OperatorAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    ordering: ClassVar[tuple[str, ...]] = ("name",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.skeleton = skeleton(obj.name)
        super().save_model(request, obj, form, change)
