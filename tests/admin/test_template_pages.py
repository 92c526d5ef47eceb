"""Operators decide on templates: what waits is listed, approved by a click, rejected with a reason."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, AuditEntry, User
from messaging import templates
from messaging.models import Template, TemplateVersion
from tests.ops.worlds import opened

pytestmark = pytest.mark.django_db
LIST = "admin:messaging_templateversion_changelist"


@pytest.fixture
def operator() -> User:
    return User.objects.create_superuser("boss@risala.test", "a rather long sentence")


@pytest.fixture
def client(operator: User) -> Client:
    browser = Client()
    browser.force_login(operator)
    return browser


def waiting(account: Account, name: str, body: str = "Bonjour {{name}}") -> TemplateVersion:
    wish = templates.Wish(name=name, channel="sms", category="marketing", language="fr", body=body)
    template = templates.create(account.id, wish)
    return templates.newest(templates.submit(account.id, template.id, actor="test"))


def test_the_list_opens_with_what_waits_and_approves_it(client: Client, operator: User) -> None:
    account = opened().account
    version = waiting(account, "Spring offer")
    draft = templates.create(
        account.id, templates.Wish(name="Unfinished", channel="sms", category="otp", language="fr", body="x")
    )
    shown = client.get(reverse(LIST)).content.decode()
    assert "Spring offer" in shown
    assert "Unfinished" not in shown
    client.post(reverse(LIST), {"action": "approve", "_selected_action": [str(version.pk)]})
    version.refresh_from_db()
    assert (version.state, version.decided_by) == ("approved", operator.email)
    assert Template.objects.get(name="Spring offer").in_use_id == version.pk
    assert Template.objects.get(pk=draft.pk).in_use_id is None
    entry = AuditEntry.objects.filter(account=account).order_by("-id")[0]
    assert (entry.actor, entry.action) == (operator.email, "template.approved")


def test_a_rejection_needs_a_reason(client: Client) -> None:
    version = waiting(opened().account, "Spring offer", "Gagnez {{prize}} !")
    address = reverse("admin:messaging_templateversion_reject", args=[version.pk])
    assert "Gagnez" in client.get(address).content.decode()
    assert client.post(address, {"reason": "  "}).status_code == 200
    version.refresh_from_db()
    assert version.state == "pending"
    assert client.post(address, {"reason": "No lotteries"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.reason) == ("rejected", "No lotteries")
    assert Template.objects.get().in_use_id is None


def test_staff_without_the_permission_decides_nothing() -> None:
    version = waiting(opened().account, "Spring offer")
    browser = Client()
    browser.force_login(User.objects.create_user("staff@risala.test", "a rather long one", is_staff=True))
    for what in ("approve_one", "reject"):
        address = reverse(f"admin:messaging_templateversion_{what}", args=[version.pk])
        assert browser.post(address, {"reason": "No"}).status_code == 403
    version.refresh_from_db()
    assert version.state == "pending"


def test_a_template_shows_its_versions_and_takes_the_providers_name(client: Client) -> None:
    version = waiting(opened().account, "Spring offer")
    address = reverse("admin:messaging_template_change", args=[version.template_id])
    assert "Bonjour {{name}}" in client.get(address).content.decode()
    answer = client.post(
        address,
        {"provider_name": "spring_offer", "provider_language": "fr", "provider_status": "APPROVED"},
    )
    assert answer.status_code == 302
    template = Template.objects.get(pk=version.template_id)
    assert (template.name, template.provider_name) == ("Spring offer", "spring_offer")
