"""Operators' pages of money coming in: top-ups, of which bank transfers wait to be confirmed, and alarms of payments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from accounts import ids
from accounts.models import Mode
from accounts.operating import ReadOnlyAdmin, action, actor_of, display
from accounts.refusals import Refused
from billing import transfer_codes, transfers
from billing.gateways.bank_transfer import BankTransfer
from billing.models import PaymentAlarm, TopUp


class ConfirmForm(forms.Form):
    """What arrived, and why it is not what was asked for."""

    received = forms.DecimalField(
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        label="Received",
        widget=UnfoldAdminDecimalFieldWidget,
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        help_text="Needed if another amount came than was asked for.",
        widget=UnfoldAdminTextInputWidget,
    )


class CloseForm(forms.Form):
    """What is booked about an alarm, and why."""

    amount = forms.DecimalField(
        max_digits=16,
        decimal_places=4,
        label="Adjustment",
        help_text="In the account's currency; a negative amount takes money away, 0 books nothing.",
        widget=UnfoldAdminDecimalFieldWidget,
    )
    reason = forms.CharField(max_length=254, widget=UnfoldAdminTextInputWidget)


class ToConfirm(admin.SimpleListFilter):
    title = "to do"
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("confirm", "Transfers to confirm")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "confirm":
            return queryset
        return queryset.filter(method=BankTransfer.name, mode=Mode.LIVE, status=TopUp.Status.PENDING)


class StillOpen(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "Open"), ("closed", "Closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"open": True, "closed": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(closed_at__isnull=wanted)


class MoneyPages(ReadOnlyAdmin):
    """Rows that only change by a form of their own; who may change ledgers may use it."""

    def has_money_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for the ledger's own forms."""
        return request.user.has_perm("billing.change_ledger")

    def _form(
        self,
        request: HttpRequest,
        row: Model,
        form: forms.Form,
        *,
        title: str,
        facts: list[tuple[str, object]],
        book: Callable[[], str | None],
    ) -> HttpResponse:
        """Show a form, or do what it says: `book` returns the sentence of success, None if nothing changed."""
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if form.is_valid():
            try:
                said = book()
            except Refused as refused:
                form.add_error(None, refused.detail)
            else:
                if said is None:
                    messages.warning(request, "This was done before; nothing changed.")
                else:
                    messages.success(request, said)
                return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            "facts": facts,
            "back": back,
        }
        return TemplateResponse(request, "admin/billing/payment.html", context)


@admin.register(TopUp)
class TopUpAdmin(MoneyPages):
    """Money that customers bring. A bank transfer is confirmed here, with the amount that arrived."""

    list_display = (
        "created_at",
        "account",
        "shown_due",
        "method",
        "code",
        "status",
        "failure",
        "mode",
        "paid_at",
    )
    list_filter = (ToConfirm, "status", "method", "mode")
    list_select_related = ("account",)
    search_fields = ("account__name", "=code", "=provider_reference", "=payment_reference")
    search_help_text = "Account, id, code of a transfer, or the gateway's reference"
    id_kind = "topup"
    ordering = ("-id",)
    actions_detail = ("confirm",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TopUp], search_term: str
    ) -> tuple[QuerySet[TopUp], bool]:
        """A code is found however it is written."""
        code = transfer_codes.read(search_term, settings.BRAND_KEY_PREFIX)
        if code is not None:
            return queryset.filter(code=code), False
        return super().get_search_results(request, queryset, search_term)

    @display(description="to pay")
    def shown_due(self, topup: TopUp) -> str:
        return f"{topup.due_amount:.2f} {topup.due_currency or topup.currency}"

    @action(description="Confirm transfer", url_path="confirm", permissions=["money"], icon="done_all")
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        topup = get_object_or_404(TopUp.objects.select_related("account"), pk=object_id)
        form = ConfirmForm(request.POST or None, initial={"received": f"{topup.due_amount:.2f}"})
        facts = [
            ("Account", topup.account),
            ("Code", topup.code or "not a transfer"),
            ("Asked for", self.shown_due(topup)),
            ("Status", topup.get_status_display()),
        ]

        def book() -> str | None:
            booked = transfers.confirm(
                topup.pk,
                received=form.cleaned_data["received"],
                actor=actor_of(request),
                reason=form.cleaned_data["reason"],
                ip=request.META.get("REMOTE_ADDR"),
            )
            return f"Booked. The balance is {booked.balance_after} {topup.currency}." if booked else None

        return self._form(request, topup, form, title="Confirm the bank transfer", facts=facts, book=book)


@admin.register(PaymentAlarm)
class PaymentAlarmAdmin(MoneyPages):
    """What gateways tell that books nothing by itself: refunds, disputes, payments that do not fit."""

    list_display = (
        "created_at",
        "kind",
        "gateway",
        "account",
        "amount",
        "currency",
        "detail",
        "closed_at",
        "closed_by",
    )
    list_filter = (StillOpen, "kind", "gateway")
    list_select_related = ("topup__account",)
    search_fields = ("=reference", "topup__account__name")
    ordering = ("-id",)
    actions_detail = ("close",)

    @display(description="account")
    def account(self, alarm: PaymentAlarm) -> str:
        return alarm.topup.account.name if alarm.topup else "–"

    @action(description="Book and close", url_path="close", permissions=["money"], icon="rule")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        alarm = get_object_or_404(PaymentAlarm.objects.select_related("topup__account"), pk=object_id)
        form = CloseForm(request.POST or None, initial={"amount": 0})
        facts: list[tuple[str, object]] = [
            ("What", alarm.get_kind_display()),
            ("Account", self.account(alarm)),
            ("Top-up", ids.show("topup", alarm.topup.id) if alarm.topup else "–"),
            ("Amount", f"{alarm.amount} {alarm.currency}"),
            ("Detail", alarm.detail),
        ]

        def book() -> str | None:
            closed = transfers.close_alarm(
                alarm.pk,
                adjustment=form.cleaned_data["amount"],
                actor=actor_of(request),
                reason=form.cleaned_data["reason"],
                ip=request.META.get("REMOTE_ADDR"),
            )
            return "The alarm is closed." if closed else None

        return self._form(request, alarm, form, title="Book and close the alarm", facts=facts, book=book)
