"""Operators' pages of money: plans, prices, rates; ledgers and their entries, which only the rules may change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from accounts import ids
from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, actor_of, display, id_in
from accounts.refusals import Refused
from billing import pricing, topup_pages, topups
from billing.models import Entry, ExchangeRate, Hold, Ledger, MonthlyQuota, Plan, Price

__all__ = ["topup_pages"]
RECENT_ENTRIES = 50


class MoneyForm(forms.Form):
    """An amount and a reason. `reference` makes a form that is sent twice book once."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    amount = forms.DecimalField(max_digits=16, decimal_places=4, widget=UnfoldAdminDecimalFieldWidget)
    reason = forms.CharField(max_length=254, widget=UnfoldAdminTextInputWidget)


class TopUpForm(MoneyForm):
    amount = forms.DecimalField(
        max_digits=16, decimal_places=4, min_value=Decimal("0.0001"), widget=UnfoldAdminDecimalFieldWidget
    )


@admin.register(Ledger)
class LedgerAdmin(ReadOnlyAdmin):
    """Balances. Money moves by the two forms, each with a reason, never by an edit."""

    list_display = ("account", "account_public_id", "balance", "held", "credit_limit", "currency", "seq")
    list_filter = ("currency",)
    list_select_related = ("account",)
    ordering = ("-account_id",)
    search_fields = ("account__name",)
    id_kind = "account"
    search_help_text = "Name or id of the account"
    actions_detail = ("top_up", "adjust")
    change_form_outer_after_template = "admin/tables.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        entries = Entry.objects.filter(account_id=object_id).order_by("-seq")[:RECENT_ENTRIES]
        table = {
            "title": f"The last {RECENT_ENTRIES} entries",
            "headers": ["No.", "Kind", "Amount", "Balance after", "Actor", "Reason", "At"],
            "rows": [
                [e.seq, e.get_kind_display(), signed(e), e.balance_after, e.actor, e.reason, e.created_at]
                for e in entries
            ],
        }
        context = {**(extra_context or {}), "tables": [table]}
        shown: HttpResponse = super().change_view(request, object_id, form_url, context)
        return shown

    @display(description="account id")
    def account_public_id(self, ledger: Ledger) -> str:
        return ids.show("account", ledger.account_id)

    @action(description="Top up", url_path="top-up", permissions=["money"], icon="add_card")
    def top_up(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._money(request, object_id, TopUpForm, "Top up")

    @action(description="Adjust", url_path="adjust", permissions=["money"], icon="tune")
    def adjust(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._money(request, object_id, MoneyForm, "Adjust")

    def has_money_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change ledgers may book; nobody edits one here."""
        return request.user.has_perm("billing.change_ledger")

    def _money(
        self, request: HttpRequest, object_id: str, form_class: type[MoneyForm], title: str
    ) -> HttpResponse:
        ledger = get_object_or_404(Ledger.objects.select_related("account"), pk=object_id)
        form = form_class(request.POST or None, initial={"reference": ids.new_id()})
        back = reverse("admin:billing_ledger_change", args=[ledger.pk])
        if form.is_valid() and self._book(request, ledger, form):
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {ledger.account.name}",
            "opts": self.opts,
            "ledger": ledger,
            "form": form,
            "back": back,
            "button": title,
            "signed": form_class is MoneyForm,
        }
        return TemplateResponse(request, "admin/billing/money.html", context)

    def _book(self, request: HttpRequest, ledger: Ledger, form: MoneyForm) -> bool:
        given: dict[str, Any] = {
            "amount": form.cleaned_data["amount"],
            "reason": form.cleaned_data["reason"],
            "reference": form.cleaned_data["reference"],
            "actor": actor_of(request),
            "ip": request.META.get("REMOTE_ADDR"),
        }
        try:
            if isinstance(form, TopUpForm):
                booked = topups.by_operator(ledger.account, currency=ledger.currency, **given)
            else:
                booked = topups.adjust(ledger.account, **given)
        except Refused as refused:
            form.add_error(None, refused.detail)
            return False
        if booked is None:
            messages.warning(request, "This was booked before; nothing changed.")
        else:
            messages.success(request, f"Booked. The balance is {booked.balance_after} {ledger.currency}.")
        return True


def signed(entry: Entry) -> Decimal:
    """The amount as the balance felt it; what is charged from held money does not touch it."""
    if entry.credit == Entry.Place.WALLET:
        return entry.amount
    return -entry.amount if entry.debit == Entry.Place.WALLET else Decimal(0)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "account",
        "seq",
        "kind",
        "shown_amount",
        "balance_after",
        "currency",
        "actor",
        "reason",
    )
    list_filter = ("kind",)
    list_select_related = ("account",)
    ordering = ("-id",)
    search_fields = ("id",)
    search_help_text = "Id of an account, an entry, a message, a batch or a top-up"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """By id only: each kind of id has an index."""
        if not search_term.strip():
            return queryset, False
        account = id_in("account", search_term)
        if account is not None and queryset.filter(account_id=account).exists():
            return queryset.filter(account_id=account), False
        entry = id_in("entry", search_term)
        if entry is not None and queryset.filter(pk=entry).exists():
            return queryset.filter(pk=entry), False
        references = [found for kind in ("message", "batch", "topup") if (found := id_in(kind, search_term))]
        return queryset.filter(kind__in=Entry.Kind.values, reference__in=references), False

    @display(description="amount")
    def shown_amount(self, entry: Entry) -> Decimal:
        return signed(entry)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "account", "subject", "amount", "used", "released", "left")
    list_select_related = ("account",)
    search_fields = ("account__name",)
    search_help_text = "Name of the account, or campaign id"
    id_kind = "campaign"
    ordering = ("-id",)
    fields = ("account", "subject", "amount", "used", "released", "left", "created_at")
    readonly_fields = ("left",)


@admin.register(Plan)
class PlanAdmin(OperatorAdmin):
    list_display = (
        "code",
        "name",
        "rate_per_second",
        "share",
        "refund_undeliverable",
        "require_sender_approval",
    )
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Accounts name their plan: a plan stays."""
        return False


@admin.register(Price)
class PriceAdmin(OperatorAdmin):
    list_display = ("country", "channel", "plan", "mad", "eur", "updated_at")
    list_filter = ("plan", "channel")
    list_select_related = ("plan",)
    search_fields = ("=country", "=plan__code")
    search_help_text = "Country code or plan"
    ordering = ("plan", "country", "channel")

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm[Any], change: bool) -> None:
        super().save_model(request, obj, form, change)
        pricing.forget()


@admin.register(ExchangeRate)
class ExchangeRateAdmin(OperatorAdmin):
    """Rates are added, not changed: entries were booked at them."""

    list_display = ("mad_per_eur", "valid_from")
    ordering: ClassVar[tuple[str, ...]] = ("-valid_from",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(MonthlyQuota)
class MonthlyQuotaAdmin(ReadOnlyAdmin):
    """Set by the command `quota`."""

    list_display = ("account", "monthly", "used", "month")
    list_select_related = ("account",)
    search_fields = ("account__name",)
    id_kind = "account"
    ordering = ("-account_id",)
