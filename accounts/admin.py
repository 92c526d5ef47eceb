"""Operators' pages of who is asking: accounts, users, memberships, API keys and the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import ids, keys, standing
from accounts.models import Account, ApiKey, AuditEntry, IdempotencyKeyPage, Membership, Mode, User
from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, actor_of, display


class MembershipInline(TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "role")


@admin.register(Account)
class AccountAdmin(OperatorAdmin):
    """Accounts are opened by `create_account` and never deleted: their ledger and messages refer to them."""

    list_display = ("name", "public_id", "shown_status", "plan", "currency", "country", "money", "created_at")
    list_filter = ("status", "plan", "currency", "country")
    search_fields = ("name", "memberships__user__email")
    id_kind = "account"
    search_help_text = "Name, e-mail of a member, or account id"
    ordering = ("-id",)
    readonly_fields = ("public_id", "status", "currency", "money", "created_at")
    fieldsets = (
        (None, {"fields": (("name", "public_id"), ("status", "plan"), ("currency", "money"), "created_at")}),
        (
            "Sending",
            {
                "fields": (
                    ("country", "allowed_countries"),
                    ("channels", "default_sender"),
                    ("max_segments", "on_uncertain"),
                    "codes_to_opted_out",
                )
            },
        ),
        ("Kept for", {"fields": (("text_days", "number_days"),)}),
        ("Language and time", {"fields": (("language", "time_zone"),)}),
    )
    inlines = (MembershipInline,)
    actions = ("suspend", "activate")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="id")
    def public_id(self, account: Account) -> str:
        return ids.show("account", account.id)

    @display(description="status", ordering="status", label={"active": "success", "suspended": "danger"})
    def shown_status(self, account: Account) -> str:
        return account.status

    @display(description="money")
    def money(self, account: Account) -> str:
        return format_html(
            '<a class="underline" href="{}">ledger</a>',
            reverse("admin:billing_ledger_change", args=[account.id]),
        )

    @action(description="Suspend", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        actor, ip = actor_of(request), request.META.get("REMOTE_ADDR")
        self.told(request, sum(standing.suspend(a.id, actor=actor, ip=ip) for a in queryset), "suspended")

    @action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        actor, ip = actor_of(request), request.META.get("REMOTE_ADDR")
        self.told(request, sum(standing.activate(a.id, actor=actor, ip=ip) for a in queryset), "activated")


@admin.register(User)
class UserAdmin(PlainUserAdmin, OperatorAdmin):  # type: ignore[misc, type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "created_at")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "language")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)


@admin.register(Membership)
class MembershipAdmin(OperatorAdmin):
    list_display = ("user", "account", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "account")
    search_fields = ("user__email", "account__name")
    autocomplete_fields = ("user", "account")
    readonly_fields = ("created_at",)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys are made by `create_api_key` or by their owner, who alone sees them, once."""

    list_display = (
        "name",
        "account",
        "visible",
        "mode",
        "compat",
        "shown_active",
        "rate_per_minute",
        "expires_at",
        "last_used_at",
    )
    list_filter = ("mode", "active", "compat")
    list_select_related = ("account",)
    search_fields = ("name", "prefix", "account__name")
    exclude = ("digest",)
    actions = ("revoke",)

    @display(description="key")
    def visible(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @display(description="active", boolean=True)
    def shown_active(self, key: ApiKey) -> bool:
        return key.active

    @action(description="Revoke (for good)", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            keys.revoke(key, actor=actor_of(request), ip=request.META.get("REMOTE_ADDR"))
        self.told(request, len(queryset), "revoked")

    def has_revoke_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change keys may revoke them; nobody edits one here."""
        return request.user.has_perm("accounts.change_apikey")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "actor", "action", "subject", "account", "ip")
    list_select_related = ("account",)
    search_fields = ("=subject", "=actor", "=action")
    search_help_text = "The whole subject, actor or action"


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(PlainGroupAdmin, ModelAdmin):
    pass


@admin.register(IdempotencyKeyPage)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    """What was asked under which key in the last two days; not what was answered."""

    list_display = ("key", "account", "mode", "status", "created_at")
    list_select_related = ("account",)
    search_fields = ("key",)
    search_help_text = "The key, exactly"
    ordering = ("-created_at",)
    list_filter = ("mode",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Looked up account by account and mode by mode, as its index goes."""
        term = search_term.strip()
        if not term:
            return queryset, False
        found = queryset.filter(key=term, mode__in=Mode.values, account__in=Account.objects.values("id"))
        return found, False
