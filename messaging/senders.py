"""Who a message may say it is from: form, approval, and names that belong to others (look-alikes included)."""

import re
import unicodedata
from uuid import UUID

from django.conf import settings

from accounts.refusals import Code, Refused
from messaging.models.sender import ProtectedName, SenderId

ALPHANUMERIC = re.compile(r"[A-Za-z0-9 _.&+-]{1,11}", re.ASCII)
NUMERIC = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
LOOK_ALIKES = str.maketrans("01345789@$|!", "oieasbgpasii")


def skeleton(name: str) -> str:
    """What a name looks like at a glance: without accents, case, punctuation and the digits that imitate letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", plain.translate(LOOK_ALIKES)).replace("l", "i")


def check_form(name: str) -> str:
    """The name, stripped. Up to 11 characters (3GPP TS 23.040 section 9.1.2.5), or a number of 3 to 15 digits.

    Raises `Refused(INVALID_FIELD)`.
    """
    stripped = name.strip()
    if NUMERIC.fullmatch(stripped) or (ALPHANUMERIC.fullmatch(stripped) and re.search("[A-Za-z]", stripped)):
        return stripped
    raise Refused(
        Code.INVALID_FIELD,
        "from must be 1 to 11 letters, digits, spaces or _ . & + - with at least one letter, or a number of 3 to 15 digits.",
        param="from",
    )


class SenderRules:
    """The protected names and one account's own senders, as of one look; `accept` keeps it for a few seconds."""

    def __init__(self, protected: frozenset[str], statuses: dict[str, str], approval_required: bool) -> None:
        self.protected = protected
        self.statuses = statuses
        self.approval_required = approval_required

    def check(self, name: str) -> None:
        """Raises `Refused(SENDER_NOT_APPROVED)` for a refused, unapproved or protected name."""
        status = self.statuses.get(name)
        if status == SenderId.Status.APPROVED:
            return
        if status == SenderId.Status.REFUSED or self.approval_required or skeleton(name) in self.protected:
            raise Refused(
                Code.SENDER_NOT_APPROVED,
                f"The sender id {name!r} needs the operator's approval first.",
                param="from",
            )


def rules_of(account_id: UUID, *, plan_requires_approval: bool) -> SenderRules:
    """The sender rules of one account, read now."""
    return SenderRules(
        protected=frozenset(ProtectedName.objects.values_list("skeleton", flat=True)),
        statuses=dict(SenderId.objects.filter(account_id=account_id).values_list("name", "status")),
        approval_required=settings.REQUIRE_SENDER_APPROVAL or plan_requires_approval,
    )
