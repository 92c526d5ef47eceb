"""Operators' pages of carriers' codes: what they mean, and those that came and nobody knows, to be given a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import ids
from accounts.operating import OperatorAdmin, ReadOnlyAdmin, action, display
from messaging.carriers import registry
from messaging.carriers.reasons import EXPLANATIONS, Reason
from messaging.models import CarrierCode, UnknownCode
from messaging.sending import codes


class CarrierCodeForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = forms.ChoiceField(
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Every carrier of this kind; or name one carrier.",
    )

    class Meta:
        model = CarrierCode
        fields = ("carrier", "kind", "code", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "-"), *((kind, kind) for kind in registry.kinds())]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not code:
            raise forms.ValidationError("Such as 21211, or :011 for every code that ends in this error.")
        return code


@admin.register(CarrierCode)
class CarrierCodeAdmin(OperatorAdmin):
    form = CarrierCodeForm
    list_display = ("code", "carrier", "kind", "reason", "meaning", "note")
    list_filter = ("carrier", "reason")
    list_select_related = ("carrier",)
    search_fields = ("code",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        owner = {"carrier": obj.carrier} if obj.carrier_id else {"carrier__kind": obj.kind}
        how = "code__iendswith" if obj.code.startswith(":") else "code__iexact"
        UnknownCode.objects.filter(**owner, **{how: obj.code}).delete()
        codes.forget()

    @display(description="what customers read")
    def meaning(self, row: CarrierCode) -> str:
        return EXPLANATIONS[Reason(row.reason)].en


@admin.register(UnknownCode)
class UnknownCodeAdmin(ReadOnlyAdmin):
    list_display = ("code", "carrier", "times", "first_at", "last_at", "example_message")
    list_filter = ("carrier",)
    list_select_related = ("carrier",)
    search_fields = ("code",)
    actions_row = ("assign",)

    def has_assign_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("messaging.add_carriercode")

    @action(description="Assign a reason", url_path="assign", permissions=["assign"], icon="rule")
    def assign(self, request: HttpRequest, object_id: str) -> Any:
        """To the form of a carrier's code, filled in."""
        row = UnknownCode.objects.get(pk=object_id)
        return redirect(
            f"{reverse('admin:messaging_carriercode_add')}?carrier={row.carrier_id}&code={row.code}"
        )

    @display(description="example")
    def example_message(self, row: UnknownCode) -> str:
        return ids.show("message", row.example) if row.example else "-"
