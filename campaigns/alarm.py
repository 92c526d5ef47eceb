"""Mailing the people of an account about a campaign that failed: it was to be sent in their absence. By a task, so that no
sending waits for a mail server; the audit trail has the fact already."""

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
ROLES = (Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.SENDER)
MOST_MAILS = 100
TAKE = f"""
UPDATE campaigns_campaign SET told_at = now() WHERE id IN (
  SELECT id FROM campaigns_campaign WHERE status = 'failed' AND told_at IS NULL LIMIT {MOST_MAILS} FOR UPDATE SKIP LOCKED)
RETURNING account_id, name, reason_detail
"""  # noqa: S608 - put together from constants


def tell_due() -> int:
    """Mail about every failed campaign once. Returns how many mails went out."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE)
        found = cursor.fetchall()
    return sum(_tell(*row) for row in found)


def _tell(account_id: UUID, name: str, reason: str) -> int:
    people = Membership.objects.filter(account_id=account_id, role__in=ROLES, user__is_active=True)
    to = list(people.values_list("user__email", flat=True))
    if not to:
        return 0
    with translation.override(Account.objects.values_list("language", flat=True).get(pk=account_id)):
        title = " ".join(name.split())
        subject = _("%(brand)s: the campaign “%(name)s” was not sent") % {
            "brand": settings.BRAND_NAME,
            "name": title,
        }
        text = _("Nothing of it was sent, and nothing was charged.\n\n%(reason)s") % {"reason": reason}
    try:
        EmailMessage(subject=subject, body=text, to=to).send()
    except (OSError, SMTPException) as error:
        log.warning("mail about a failed campaign not sent", account_id=str(account_id), error=str(error))
        return 0
    return 1
