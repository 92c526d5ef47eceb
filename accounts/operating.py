"""What every page of the operators' admin shares: bounded counts, no scans, read-only where history is kept, and an audit
entry for every change made by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold import decorators
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import audit, ids
from accounts.models import Account, User
from accounts.refusals import Refused

F = TypeVar("F", bound=Callable[..., Any])
MOST_COUNTED = 10_000
"""Lists count no further: a page number beyond that tells nobody anything, and counting millions costs seconds."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most `MOST_COUNTED` rows."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return int(rows.order_by()[:MOST_COUNTED].count())
        return min(len(rows), MOST_COUNTED)


class OperatorAdmin(ModelAdmin):  # type: ignore[misc]
    """A page whose changes are written to the audit trail."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True
    account_field: ClassVar[str] = "account"
    id_kind: ClassVar[str] = ""
    formfield_overrides: ClassVar[Any] = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A term that is an id of `id_kind`, in either form, finds that row and no other."""
        found = id_in(self.id_kind, search_term) if self.id_kind else None
        if found is not None:
            return queryset.filter(pk=found), False
        searched: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, search_term)
        return searched

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:
        """Save, and note who changed which fields (their names, never their values: some are secret)."""
        super().save_model(request, obj, form, change)
        self.note(request, obj, "changed" if change else "added", {"fields": sorted(form.changed_data)})

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.note(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.note(request, obj, "deleted", {})
        super().delete_queryset(request, queryset)

    def note(self, request: HttpRequest, obj: Model, what: str, detail: dict[str, object]) -> None:
        """Write an audit entry about `obj`."""
        account = obj if isinstance(obj, Account) else getattr(obj, self.account_field, None)
        audit.record(
            account if isinstance(account, Account) else None,
            actor=actor_of(request),
            action=f"{self.opts.model_name}.{what}",
            subject=f"{self.opts.verbose_name} {obj.pk}",
            detail=detail,
            ip=request.META.get("REMOTE_ADDR"),
        )

    def told(self, request: HttpRequest, done: int, sentence: str) -> None:
        """Say how many rows an action changed; `sentence` such as `suspended`."""
        messages.success(request, f"{done} {sentence}.")


class ReadOnlyAdmin(OperatorAdmin):
    """A page that shows and changes nothing, for anybody."""

    actions: Sequence[Any] = ()
    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def actor_of(request: HttpRequest) -> str:
    """The e-mail of who is signed in."""
    return request.user.email if isinstance(request.user, User) else "anonymous"


def id_in(kind: str, term: str) -> UUID | None:
    """The id that a search term is, in its public form or as a UUID; None if it is something else."""
    try:
        return ids.read(kind, term.strip())
    except Refused:
        return None


def display(*, description: str, **how: Any) -> Callable[[F], F]:
    """A column: `description` its title, `ordering`, `boolean`, `label` (a value's colour) as the admin's own decorator."""
    return cast(Callable[[F], F], decorators.display(description=description, **how))


def action(*, description: str, permissions: Sequence[str], **how: Any) -> Callable[[F], F]:
    """An action for those who have `permissions`; `url_path` and `icon` for one of a single row."""
    return cast(Callable[[F], F], decorators.action(description=description, permissions=permissions, **how))
