"""Plain views where a DRF view would be too slow, at the same address and in the same schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponseBase

from accounts.refusals import Code, Refused


class View(Protocol):
    """A view function."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def lean(viewset: Callable[..., Any], **plain: View) -> Callable[..., HttpResponseBase]:
    """The view `viewset` (made by `as_view`), with some methods served by plain views instead:
    `lean(V.as_view({"get": "list", "post": "create"}), post=fast)`. The schema is still drawn from the
    viewset's actions."""
    fast = {method.upper(): view for method, view in plain.items()}

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen: Callable[..., Any] = fast.get(request.method or "", viewset)
        answer: HttpResponseBase = chosen(request, *args, **kwargs)
        return answer

    for name in ("cls", "initkwargs", "actions", "view_class"):
        if hasattr(viewset, name):
            setattr(view, name, getattr(viewset, name))
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def by_method(**views: View) -> Callable[..., HttpResponseBase]:
    """One address, a plain view per method: `by_method(get=show, post=make)`. HEAD is answered by `get`.

    The view raises `Refused(METHOD_NOT_ALLOWED)`, with `allow` in its data, for the others.
    """
    known = {method.upper(): view for method, view in views.items()}
    if "GET" in known:
        known.setdefault("HEAD", known["GET"])
    allowed = sorted({*known, "OPTIONS"})

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = known.get(request.method or "")
        if chosen is None:
            raise Refused(Code.METHOD_NOT_ALLOWED, f"Use {', '.join(allowed)} here.", data={"allow": allowed})
        return chosen(request, *args, **kwargs)

    return view
