"""The addresses that messages name are bounded per account: they cost every look for due deliveries a little."""

import pytest

from accounts.ids import new_id
from accounts.models import Account
from webhooks import publish
from webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db


def told(account: Account, url: str) -> int:
    subject_id = new_id()
    happening = publish.Happening(
        subject_id=subject_id,
        account_id=account.id,
        mode="live",
        sequence=30,
        payload={},
        change="sent",
        callback_url=url,
    )
    publish.events([happening])
    return Delivery.objects.filter(subject_id=subject_id).count()


def test_further_origins_are_told_nothing_and_known_ones_still_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MOST_CALLBACK_ORIGINS", 2)
    account = Account.objects.create(name="Many", currency="MAD")
    other = Account.objects.create(name="Other", currency="MAD")
    origins = [f"https://{n}.example.com" for n in range(3)]
    assert [told(account, f"{origin}/a") for origin in origins] == [1, 1, 0]
    assert [told(account, f"{origin}/b") for origin in origins] == [1, 1, 0]
    assert told(other, f"{origins[2]}/a") == 1
    assert Endpoint.objects.filter(account_id=account.id).count() == 2
