"""The first page after signing up: name the company, and the account is opened."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import Currency, Mode, User
from accounts.pages.place import MODE_KEY
from accounts.refusals import Refused
from billing.opening import open_for_user
from contacts.countries import COUNTRIES, Language


class WelcomeForm(forms.Form):
    """What an account needs to be opened."""

    name = forms.CharField(
        label=_("Company or project"),
        max_length=120,
        help_text=_("Your team and your invoices show this name."),
    )
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("The country you send to first. You can add others.")
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(c.value, c.label) for c in Currency],
        help_text=_("Your balance is kept in it. It cannot be changed later."),
    )  # fmt: skip


@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """GET and POST `/dashboard/welcome`."""
    user = cast(User, request.user)
    if user.memberships.exists():
        return redirect("home")
    form = WelcomeForm(request.POST or None, initial={"country": "MA", "currency": Currency.MAD})
    language = cast(Language, request.LANGUAGE_CODE)
    named = sorted((country.name(language), code) for code, country in COUNTRIES.items())
    cast(forms.ChoiceField, form.fields["country"]).choices = [(code, name) for name, code in named]
    if request.method == "POST" and form.is_valid():
        try:
            open_for_user(
                user,
                name=form.cleaned_data["name"],
                country=form.cleaned_data["country"],
                currency=Currency(form.cleaned_data["currency"]),
                language=language,
                time_zone=COUNTRIES[form.cleaned_data["country"]].time_zone,
                plan=settings.SIGNUP_PLAN,
            )
        except Refused as refused:
            form.add_error(refused.param if refused.param in form.fields else None, refused.detail)
        else:
            request.session[MODE_KEY] = Mode.TEST
            return redirect("home")
    return render(request, "dashboard/welcome.html", {"form": form})
