"""What a person switches: the account they look at, test or live."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.pages import place


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """POST `/dashboard/switch` with `account` (its id) or `mode`; goes back to `next`."""
    try:
        account_id = UUID(request.POST.get("account", ""))
    except ValueError:
        account_id = None
    place.choose(request, account_id=account_id, mode=request.POST.get("mode"))
    after = request.POST.get("next", "")
    if account_id is None and url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        return redirect(after)
    return redirect("home")
