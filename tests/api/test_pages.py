"""Lists say how many rows there are without counting them all, and a list of one status holds just those."""

import pytest

from accounts.api import pagination
from messaging.models import Message
from messaging.models.message import Status, in_statuses
from tests.ops.worlds import message, opened

pytestmark = pytest.mark.django_db


def test_who_goes_on_until_the_total_is_reached_sees_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    account = opened().account
    made = {message(account, mode="test").id for _ in range(12)}
    monkeypatch.setattr(pagination, "COUNT_MOST", 4)
    rows = Message.objects.filter(account=account)
    seen: list[object] = []
    totals = []
    total = 1
    while len(seen) < total:
        page = pagination.page(rows, {"limit": "3", "offset": str(len(seen))}, lambda row: {"id": row.id})
        seen += [row["id"] for row in page["data"]]
        total = page["total"]
        totals.append((total, page.get("total_capped", False)))
    assert totals == [(4, True), (7, True), (10, True), (12, False)]
    assert set(seen) == made
    assert len(seen) == 12


def test_an_exact_total_is_not_called_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    account = opened().account
    for _ in range(4):
        message(account, mode="test")
    monkeypatch.setattr(pagination, "COUNT_MOST", 4)
    page = pagination.page(
        Message.objects.filter(account=account), {"limit": "1"}, lambda row: {"id": row.id}
    )
    assert (page["total"], "total_capped" in page) == (4, False)


@pytest.mark.parametrize(
    "statuses", [*([status.value] for status in Status), ["sent", "uncertain"], ["queued", "failed"], []]
)
def test_a_list_of_statuses_holds_just_those(statuses: list[str]) -> None:
    account = opened().account
    made = {status.value: message(account, status=status.value, mode="test").id for status in Status}
    found = in_statuses(Message.objects.filter(account=account), statuses)
    assert {row.status: row.id for row in found} == {status: made[status] for status in statuses}
