"""A SIM whose last messages all failed for no known reason is set aside; and which SIM a message goes by."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging import connecting, sim_pool, sims
from messaging.carriers.contract import Submission
from messaging.models import Message, Sim, SimUse
from messaging.sending import by_sim
from tests.ops.worlds import message, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> list[Sim]:
    """Three SIMs of one gateway, everybody's."""
    connecting.connect(
        "gate", kind="sim_gateway", values={"base_url": "http://127.0.0.1:1", "api_key": "k"}, actor="t"
    )
    return [sim_pool.add(f"+2236660000{n}", {"carrier": "gate", "port": n}, actor="t") for n in range(3)]


def submission(made: Message) -> Submission:
    return Submission(
        made.id, 1, made.to, made.sender, made.text, "gsm7", 1, "sms", datetime.now(UTC) + timedelta(hours=1)
    )


def test_a_sim_whose_last_messages_all_failed_is_set_aside(pool: list[Sim]) -> None:
    account = opened().account

    def ended(sim: Sim, status: str, reason: str | None) -> None:
        made = message(account, status=status, error_code=reason)
        SimUse.objects.create(message_id=made.id, sim_id=sim.id)

    for _ in range(5):
        ended(pool[0], "failed", "UNKNOWN")
        ended(pool[1], "failed", "INVALID_NUMBER")
    for _ in range(4):
        ended(pool[2], "failed", "UNKNOWN")
    assert by_sim.look() == 1
    assert [sims.ready(sim) for sim in Sim.objects.order_by("port")] == [False, True, True]
    assert by_sim.take_back(pool[0].id, actor="test")
    assert not by_sim.take_back(pool[0].id, actor="test")
    assert by_sim.look() == 0


def test_the_account_s_own_sim_first_then_the_least_used_and_none_beyond_their_limits(
    pool: list[Sim],
) -> None:
    account, other = opened().account, opened().account
    Sim.objects.filter(pk=pool[0].pk).update(account=account, daily_limit=1)
    Sim.objects.filter(pk=pool[1].pk).update(account=other)
    Sim.objects.filter(pk=pool[2].pk).update(daily_limit=2)
    made = [submission(message(account)) for _ in range(4)]
    given = by_sim.give(pool[0].carrier_id, made)
    assert [s.sim and s.sim.port for s in given] == [0, 2, 2, None]
    again = by_sim.give(pool[0].carrier_id, made[:3])
    assert [s.sim and s.sim.port for s in again] == [0, 2, 2]
    assert list(Sim.objects.order_by("port").values_list("used_today", flat=True)) == [1, 0, 2]
    assert SimUse.objects.count() == 3


def test_a_sim_that_was_asked_for_is_waited_for_and_another_is_not(pool: list[Sim]) -> None:
    account = opened().account
    chosen, rotated = message(account, sender=pool[0].number), message(account)
    SimUse.objects.create(message_id=chosen.id, sim_id=pool[0].id)
    SimUse.objects.create(message_id=rotated.id, sim_id=pool[0].id)
    by_sim.set_aside(pool[0].id, "test")
    given = by_sim.give(pool[0].carrier_id, [submission(chosen), submission(rotated)])
    assert [s.sim and s.sim.port for s in given] == [None, 1]
    assert SimUse.objects.get(message_id=rotated.id).sim_id == pool[1].id
