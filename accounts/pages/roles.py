"""What each role of a team may do. One table; pages ask it, and never compare roles themselves."""

from enum import StrEnum

from accounts.models import Membership


class May(StrEnum):
    """One thing that a member of a team may be allowed to do."""

    READ = "read"
    SEND = "send"
    CONTACTS = "contacts"
    CAMPAIGNS = "campaigns"
    DEVELOP = "develop"
    BILLING = "billing"
    TEAM = "team"
    SETTINGS = "settings"


Role = Membership.Role
ALL = frozenset(May)
RIGHTS: dict[str, frozenset[May]] = {
    Role.OWNER: ALL,
    Role.ADMIN: ALL,
    Role.DEVELOPER: frozenset({May.READ, May.SEND, May.CONTACTS, May.DEVELOP}),
    Role.SENDER: frozenset({May.READ, May.SEND, May.CONTACTS, May.CAMPAIGNS}),
    Role.BILLING: frozenset({May.READ, May.BILLING}),
    Role.READ_ONLY: frozenset({May.READ}),
}


def rights_of(role: str) -> frozenset[May]:
    """What a role may do; nothing for one that is not known."""
    return RIGHTS.get(role, frozenset())
