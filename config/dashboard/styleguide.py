"""The design system on one page, for those who make pages."""

from __future__ import annotations

from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.pages.charts import Bar, Series, bars, line
from accounts.templatetags.pages import STATES


class SampleForm(forms.Form):
    """One of each control."""

    name = forms.CharField(label=_("Name"), help_text=_("Shown to your team."))
    country = forms.ChoiceField(label=_("Country"), choices=[("MA", "Maroc"), ("FR", "France")])
    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label=_("Send me a copy"), required=False)
    missing = forms.EmailField(label=_("E-mail"))


@staff_member_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """GET `/styleguide`."""
    form = SampleForm({"name": "Amal", "country": "MA", "text": "Bonjour", "missing": "not an address"})
    days = [Bar(str(day), (40 + 13 * day % 37, 3 + day % 4)) for day in range(1, 15)]
    return render(
        request,
        "dashboard/styleguide.html",
        {
            "form": form,
            "states": sorted(STATES),
            "bars": bars(
                days, (Series(_("Delivered"), "good"), Series(_("Failed"), "bad")), title=_("Messages by day")
            ),
            "line": line(
                [(str(n), 90 + (n * 7) % 9) for n in range(1, 15)], title=_("Delivery rate"), unit="%"
            ),
            "colours": ["primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"],
        },
    )
