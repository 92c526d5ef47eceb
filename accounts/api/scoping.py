"""What a caller may do and see: scopes of the key, and rows of its account only. A foreign id answers exactly
like one that does not exist (promise P11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.api.authentication import admit
from accounts.caller import Caller
from accounts.refusals import Code, Refused

M = TypeVar("M", bound=Model)
ANY_KEY = ""
"""The scope of what every good key may do."""
Required = str | tuple[str, ...]
"""One scope, or several of which one is enough."""


def require(caller: Caller, scope: Required) -> None:
    """Raises `Refused(FORBIDDEN)` unless the key has the scope, or one of them."""
    wanted = (scope,) if isinstance(scope, str) else scope
    if ANY_KEY in wanted or not caller.scopes.isdisjoint(wanted):
        return
    raise Refused(Code.FORBIDDEN, f"The API key lacks the permission {' or '.join(wanted)}.")


def enter(request: HttpRequest, scope: Required) -> Caller:
    """The way into a plain view: authenticate, count, check the scope.

    Raises as `authentication.admit` and `require`.
    """
    caller = admit(request)
    require(caller, scope)
    return caller


def visible_to(rows: QuerySet[M], caller: Caller) -> QuerySet[M]:
    """The rows of the caller's account, and of its key's mode (test or live) where rows have one."""
    own = rows.filter(account_id=caller.account_id)
    names = {field.name for field in rows.model._meta.concrete_fields}
    return own.filter(mode=caller.mode) if "mode" in names else own


class HasScope(BasePermission):
    """`view.required_scope` is a scope, or scopes by action; a view without one is open to no key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raises `Refused(FORBIDDEN)`."""
        scopes: Required | Mapping[str, Required] | None = getattr(view, "required_scope", None)
        if isinstance(scopes, Mapping):
            action = getattr(view, "action", None)
            if action is None:
                return True  # No such method: DRF answers 405 right after this.
            scopes = scopes.get(action)
        if scopes is None:
            raise Refused(Code.FORBIDDEN, "No API key may do this.")
        require(caller_of(request), scopes)
        return True


def caller_of(request: Request) -> Caller:
    """The caller of an authenticated DRF request."""
    caller = request.auth
    if not isinstance(caller, Caller):
        raise Refused(Code.UNAUTHORIZED)
    return caller
