"""API keys in the browser: the list, a new one that is shown once, and an end to one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import ids, keys
from accounts.models import ApiKey, Compat
from accounts.pages.place import Place, enter
from accounts.pages.roles import May
from accounts.refusals import Refused

MOST = 200


class KeyForm(forms.Form):
    """What a new key needs."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Where it will be used, such as “Shop, production”."),
    )
    compat = forms.ChoiceField(
        label=gettext_lazy("Speaks like"),
        choices=Compat.choices,
        help_text=gettext_lazy("Moving from another provider? Choose it, and your code works as it is."),
    )
    networks = forms.CharField(
        label=gettext_lazy("Allowed addresses"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("IP addresses or networks, one a line. Left empty: any."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
    )


@enter(May.DEVELOP)
def listed(request: HttpRequest, place: Place) -> HttpResponse:
    """GET and POST `/dashboard/developers/`: the keys of this mode, and the form for a new one."""
    form = KeyForm(request.POST or None, initial={"compat": Compat.NATIVE})
    fresh = ""
    if request.method == "POST" and form.is_valid():
        try:
            fresh = keys.issue(
                place.account,
                mode=place.mode,
                compat=form.cleaned_data["compat"],
                name=form.cleaned_data["name"],
                ip_allow_list=form.cleaned_data["networks"].split(),
                actor=place.actor,
                ip=request.META.get("REMOTE_ADDR"),
            )[1]
        except Refused as refused:
            form.add_error("networks" if refused.param == "ip_whitelist" else None, refused.detail)
        else:
            form = KeyForm(initial={"compat": Compat.NATIVE})
    rows = ApiKey.objects.filter(account=place.account, mode=place.mode).order_by("-active", "-id")[:MOST]
    shown = [(row, keys.shown_id(row)) for row in rows]
    return render(request, "accounts/keys.html", {"form": form, "fresh": fresh, "rows": shown})


@require_POST
@enter(May.DEVELOP)
def revoke(request: HttpRequest, place: Place, shown_id: str) -> HttpResponse:
    """POST `/dashboard/developers/keys/<id>/revoke`."""
    key = ApiKey.objects.filter(account=place.account, mode=place.mode, id=_read(shown_id)).first()
    if key is None:
        raise Http404
    keys.revoke(key, actor=place.actor, ip=request.META.get("REMOTE_ADDR"))
    messages.success(request, _("The key is ended. It stops working within a few seconds."))
    return redirect("page-developers")


def _read(shown_id: str) -> UUID:
    try:
        return ids.read("api_key", shown_id)
    except Refused:
        raise Http404 from None
