"""How people sign up: only where the installation lets them, or with an invitation in hand."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

INVITATION_KEY = "invitation"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up can be switched off (`SIGNUP_OPEN=0`); whoever follows an invitation may still come in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may sign up."""
        return bool(settings.SIGNUP_OPEN or request.session.get(INVITATION_KEY))
