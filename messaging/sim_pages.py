"""Operators' pages of the SIM pool, and of addresses that clients ask for in vain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, actor_of, display
from messaging import sim_pool, sims
from messaging.models import Sim, UnknownPath
from messaging.sending import by_sim


class SimForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Sim
        fields = (
            *("number", "name", "operator", "carrier", "port", "slot", "is_default", "account"),
            *("daily_limit", "monthly_limit", "balance", "enabled"),
        )

    def clean_number(self) -> str:
        number: str = "".join(self.cleaned_data["number"].split())
        if not sim_pool.NUMBER.fullmatch(number):
            raise forms.ValidationError("E.164, such as +22366603716.")
        return number

    def _post_clean(self) -> None:
        """One default there is: taking it over is no mistake, so the constraint is not asked (`save_model` sees to it)."""
        wished = self.cleaned_data.get("is_default")
        self.cleaned_data["is_default"] = False
        super()._post_clean()  # type: ignore[misc]
        self.cleaned_data["is_default"] = self.instance.is_default = bool(wished)


@admin.register(Sim)
class SimAdmin(OperatorAdmin):
    form = SimForm
    list_display = ("number", "name", "operator", "carrier", "account", "is_default", "used", "shown_state")
    list_filter = ("carrier", "enabled")
    list_select_related = ("carrier", "account")
    search_fields = ("number", "name", "account__name")
    autocomplete_fields = ("account", "carrier")
    readonly_fields = ("aside_at", "aside_reason")
    actions = ("take_back",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            if obj.is_default:
                sim_pool.make_default(obj)
            if change:
                obj.save(update_fields=SimForm.Meta.fields)  # never the counters, which senders write
                self.note(request, obj, "changed", {"fields": sorted(form.changed_data)})
            else:
                super().save_model(request, obj, form, change)

    @display(description="state", label={"in use": "success", "set aside": "warning", "disabled": "danger"})
    def shown_state(self, sim: Sim) -> str:
        if not sim.enabled:
            return "disabled"
        return "set aside" if sim.aside_at else "in use"

    @action(description="Use again after it was set aside", permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Sim]) -> None:
        self.told(
            request, sum(by_sim.take_back(s.pk, actor=actor_of(request)) for s in queryset), "in use again"
        )

    @display(description="used today / this month")
    def used(self, sim: Sim) -> str:
        usage = sims.used(sim)
        return f"{usage.today} / {usage.this_month}"


@admin.register(UnknownPath)
class UnknownPathAdmin(ReadOnlyAdmin):
    list_display = ("method", "path", "calls", "first_at", "last_at")
    search_fields = ("path",)
