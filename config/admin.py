"""The pages of other people's models in the operators' admin: the periodic tasks, and how people sign in."""

from typing import ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest
from django_celery_beat.admin import PeriodicTaskAdmin as PlainPeriodicTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.operating import OperatorAdmin

PLAIN = (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule)
for model in (*PLAIN, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The registered tasks, in the admin's own look."""


class TaskForm(PeriodicTaskForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(PlainPeriodicTaskAdmin, ModelAdmin):
    form = TaskForm


@admin.register(ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule)
class ScheduleAdmin(ModelAdmin):
    """Schedules are few and short."""


@admin.register(EmailAddress)
class EmailAddressAdmin(OperatorAdmin):
    """The addresses that people proved to be theirs."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("verified",)
    search_fields = ("email__istartswith",)
    autocomplete_fields = ("user",)


@admin.register(Authenticator)
class AuthenticatorAdmin(OperatorAdmin):
    """Second steps of people; an operator may take one away when a phone is lost, never read or make one."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email__istartswith",)
    fields: ClassVar[tuple[str, ...]] = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes one for somebody else."""
        return False


@admin.register(UserSession)
class UserSessionAdmin(OperatorAdmin):
    """Where people are signed in; deleting a row ends that session's listing, its key is never shown."""

    list_display = ("user", "ip", "created_at", "last_seen_at")
    search_fields = ("user__email__istartswith",)
    fields: ClassVar[tuple[str, ...]] = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made by signing in."""
        return False
