"""Telling an account that the guard closed a country to it: one mail per closing, sent by a task, so that no request waits for a
mail server. The audit trail already has the fact."""

from smtplib import SMTPException
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Account, Membership

log = structlog.get_logger()
ROLES = (Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.DEVELOPER)

TAKE = """
UPDATE verify_countryblock SET told_at = now() WHERE told_at IS NULL RETURNING account_id, country, reason
"""


def tell_due() -> int:
    """Mail the people of every account whose country was closed since the last time. Returns how many mails went out."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE)
        found = cursor.fetchall()
    return sum(_tell(*row) for row in found)


def _tell(account_id: UUID, country: str, reason: str) -> int:
    people = Membership.objects.filter(account_id=account_id, role__in=ROLES, user__is_active=True)
    to = list(people.values_list("user__email", flat=True))
    if not to:
        return 0
    with translation.override(Account.objects.values_list("language", flat=True).get(pk=account_id)):
        subject = _("%(brand)s: one-time codes were stopped") % {"brand": settings.BRAND_NAME}
        why = {
            "unverified": _("Many codes were sent there and few were verified."),
            "sequential": _("Codes were asked for to many numbers in a row."),
        }[reason]
        text = _(
            "For %(minutes)d minutes, no one-time codes are sent to %(country)s.\n\n%(why)s\n\nSomebody may be using "
            "your sign-up form to earn money with calls to these numbers: limit it per person and per address, and send "
            "us end_user_ip. Nothing was charged for the codes that were stopped."
        ) % {"minutes": settings.OTP_PUMPING_BLOCK_SECONDS // 60, "country": country, "why": why}
    try:
        EmailMessage(subject=subject, body=text, to=to).send()
    except (OSError, SMTPException) as error:
        log.warning("mail about stopped codes not sent", account_id=str(account_id), error=str(error))
        return 0
    return 1
