"""How people sign up: only where the installation lets them, or with an invitation in hand. Mails speak of the brand and
lead to `PUBLIC_URL`, whatever host the request named: a link made for a stranger's host would hand them its token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm as PlainSignupForm
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

INVITATION_KEY = "invitation"


@dataclass(frozen=True, slots=True)
class Site:
    """What mails call this place."""

    name: str
    domain: str


def on_our_host(address: str) -> str:
    """An absolute address led to `PUBLIC_URL`, its path and query kept."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return address
    return settings.PUBLIC_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up can be switched off (`SIGNUP_OPEN=0`); whoever follows an invitation may still come in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may sign up."""
        return bool(settings.SIGNUP_OPEN or request.session.get(INVITATION_KEY))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of the mails about signing in."""
        led = {key: on_our_host(value) if isinstance(value, str) else value for key, value in context.items()}
        led["current_site"] = Site(settings.BRAND_NAME, urlsplit(settings.PUBLIC_URL).netloc)
        super().send_mail(template_prefix, email, led)


class SignupForm(PlainSignupForm):  # type: ignore[misc]
    """Takes as long for an address that is known as for one that is not."""

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Make the person, or tell the owner of the address by mail."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)  # type: ignore[no-any-return]
