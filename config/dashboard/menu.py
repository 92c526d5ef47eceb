"""The dashboard's menu: which pages there are, in which group, and who sees them. An entry whose address is not there is
left out."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.pages.place import Place
from accounts.pages.roles import May


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu. `name` is its address's name; `prefix` marks the entry as current for what is below it."""

    label: str | Promise
    icon: str
    name: str
    right: May = May.READ


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it."""

    label: str | Promise
    icon: str
    url: str
    current: bool


GROUPS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(_("Home"), "house", "home"),
            Entry(_("Send"), "send", "page-send", May.SEND),
            Entry(_("Messages"), "messages-square", "page-messages"),
            Entry(_("Scheduled"), "calendar-clock", "page-scheduled"),
            Entry(_("Inbox"), "inbox", "page-inbox"),
        ),
    ),
    (
        _("Audience"),
        (
            Entry(_("Contacts"), "users", "page-contacts"),
            Entry(_("Templates"), "file-text", "page-templates"),
            Entry(_("Campaigns"), "megaphone", "page-campaigns"),
        ),
    ),
    (
        _("Insight"),
        (
            Entry(_("Verify"), "shield-check", "page-verify"),
            Entry(_("Analytics"), "chart-column", "page-analytics"),
        ),
    ),
    (
        _("Account"),
        (
            Entry(_("Developers"), "code-xml", "page-developers", May.DEVELOP),
            Entry(_("Billing"), "wallet", "page-billing", May.BILLING),
            Entry(_("Team"), "users-round", "page-team", May.TEAM),
            Entry(_("Settings"), "settings", "page-settings"),
        ),
    ),
)


def shown(place: Place, path: str) -> list[tuple[str | Promise, list[Shown]]]:
    """The groups and entries that a person sees, with the one of `path` marked."""
    groups = []
    for title, entries in GROUPS:
        visible = [entry for entry in (_shown(entry, place, path) for entry in entries) if entry]
        if visible:
            groups.append((title, visible))
    return groups


def _shown(entry: Entry, place: Place, path: str) -> Shown | None:
    if not place.may(entry.right):
        return None
    try:
        url = reverse(entry.name)
    except NoReverseMatch:
        return None
    current = path == url or (entry.name != "home" and path.startswith(url))
    return Shown(entry.label, entry.icon, url, current)
