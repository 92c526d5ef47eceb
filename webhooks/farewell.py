"""Telling an account that one of its endpoints was switched off: the mail of promise P9. It goes out on a
thread of its own, because a slow mail server must not hold deliveries up; the audit log already has the
fact."""

from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException
from typing import Self

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Account, Membership
from webhooks.outcome import SwitchedOff

log = structlog.get_logger()
ROLES = (Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.DEVELOPER)


class Farewell:
    """Sends these mails, used as `with Farewell() as farewell`; the end of the block waits for those under
    way."""

    def __enter__(self) -> Self:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="farewell")
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True)

    def tell(self, one: SwitchedOff) -> None:
        """Mail the people who look after an account's integrations. Never raises."""
        to = list(
            Membership.objects.filter(
                account_id=one.account_id, role__in=ROLES, user__is_active=True
            ).values_list("user__email", flat=True)
        )
        log.warning("endpoint switched off", endpoint=str(one.endpoint_id), reason=one.reason, mails=len(to))
        if to:
            self._threads.submit(_send, message(one, to))


def message(one: SwitchedOff, to: list[str]) -> EmailMessage:
    """The mail, in the account's language."""
    language = Account.objects.values_list("language", flat=True).get(pk=one.account_id)
    with translation.override(language):
        subject = _("%(brand)s: a webhook was switched off") % {"brand": settings.BRAND_NAME}
        text = _(
            "Events are no longer posted to this address:\n\n%(url)s\n\n%(reason)s\n\n"
            "Once the receiver works again, switch the webhook on in the dashboard (or with "
            "PATCH /v1/webhooks/{id}) and replay what it missed: events are kept for 30 days."
        ) % {"url": one.url, "reason": one.reason}
    return EmailMessage(subject=subject, body=text, to=to)


def _send(mail: EmailMessage) -> None:
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        log.warning("mail about a switched-off endpoint not sent", error=str(error))
