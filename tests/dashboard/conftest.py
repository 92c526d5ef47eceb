"""Signed-in people of each role, in an account of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Account, Membership, Mode, User
from accounts.pages.place import MODE_KEY
from tests.ops.worlds import opened

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(db: None) -> Account:
    return opened().account


@pytest.fixture
def sign_in(account: Account) -> SignIn:
    def signed_in(
        role: str = Membership.Role.OWNER, *, mode: str = Mode.TEST, into: Account | None = None
    ) -> Client:
        user = User.objects.create_user(f"{role}@example.test", "a long password")
        Membership.objects.create(account=into or account, user=user, role=role)
        client = Client()
        client.force_login(user)
        session = client.session
        session[MODE_KEY] = mode
        session.save()
        return client

    return signed_in
