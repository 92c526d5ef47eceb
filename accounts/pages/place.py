"""Where a signed-in person stands: the account they look at, test or live, and their rights there. `enter` is the only
door of dashboard pages: deny by default, and rows of an account only through `Place.account`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.models import Account, Membership, Mode, User
from accounts.pages.roles import May, rights_of

P = ParamSpec("P")
ACCOUNT_KEY, MODE_KEY = "account", "mode"


@dataclass(frozen=True, slots=True)
class Place:
    """`mode` is what lists show and forms send; `memberships` are all of the person's accounts, for the switcher."""

    user: User
    account: Account
    role: str
    mode: Mode
    memberships: tuple[Membership, ...]

    @property
    def is_test(self) -> bool:
        """Whether the pages show the sandbox."""
        return self.mode == Mode.TEST

    def may(self, right: May) -> bool:
        """Whether the person's role allows it here."""
        return right in rights_of(self.role)

    @property
    def actor(self) -> str:
        """The name that the audit trail keeps."""
        return self.user.email


Page = Callable[Concatenate[HttpRequest, Place, P], HttpResponseBase]


def find(request: HttpRequest) -> Place | None:
    """The place of a signed-in person, from the session; None if they belong to no account."""
    user = cast(User, request.user)
    memberships = tuple(user.memberships.select_related("account").order_by("id")[:100])
    if not memberships:
        return None
    wanted = str(request.session.get(ACCOUNT_KEY, ""))
    chosen = next((m for m in memberships if str(m.account_id) == wanted), memberships[0])
    mode = Mode.TEST if request.session.get(MODE_KEY) == Mode.TEST else Mode.LIVE
    return Place(user, chosen.account, chosen.role, mode, memberships)


def enter(
    right: May = May.READ,
) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A page of the dashboard: signed in (else to the sign-in page), in an account (else to the page that opens one), and
    with `right` there (else 403). The page gets the `Place` as its second argument; templates get it as `place`."""

    def decorate(page: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(page)
        def entered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            place = find(request)
            if place is None:
                return redirect("welcome")
            request.place = place  # type: ignore[attr-defined]
            if not place.may(right):
                return render(request, "dashboard/forbidden.html", {"right": right}, status=403)
            response = page(request, place, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], entered)

    return decorate


def choose(request: HttpRequest, *, account_id: UUID | None = None, mode: str | None = None) -> None:
    """Remember which account and mode the person looks at. An account they do not belong to changes nothing."""
    user = cast(User, request.user)
    if account_id is not None and user.memberships.filter(account_id=account_id).exists():
        request.session[ACCOUNT_KEY] = str(account_id)
    if mode in Mode.values:
        request.session[MODE_KEY] = mode
