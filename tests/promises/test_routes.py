"""Which carrier takes a message: precedence, pauses, and that the simulator never stands in for a real carrier."""

import uuid

import pytest

from messaging.models import Carrier, Route
from messaging.sending import route

pytestmark = pytest.mark.django_db
ACCOUNT = uuid.UUID(int=7)
TO = "+212612345678"


@pytest.fixture(autouse=True)
def no_routes() -> None:
    Route.objects.all().delete()
    Route.objects.create(
        carrier=Carrier.objects.get(name="simulator"), prefix="", channel="sms", priority=1000
    )


def carrier(name: str, **changes: object) -> Carrier:
    return Carrier.objects.create(name=name, kind="sms_to", **changes)


def order(to: str = TO) -> list[str]:
    route.forget()
    return [candidate.carrier for candidate in route.candidates(ACCOUNT, "sms", to)]


def test_without_a_real_carrier_the_simulator_takes_live_messages() -> None:
    assert order() == ["simulator"]


def test_longest_prefix_first_then_priority() -> None:
    Route.objects.create(carrier=carrier("wide"), prefix="+", channel="sms", priority=1)
    Route.objects.create(carrier=carrier("second"), prefix="+212", channel="sms", priority=20)
    Route.objects.create(carrier=carrier("first"), prefix="+212", channel="sms", priority=10)
    assert order() == ["first", "second", "wide"]


def test_the_simulator_never_stands_in_for_a_carrier_out_of_reach() -> None:
    real = carrier("real")
    Route.objects.create(carrier=real, prefix="+212", channel="sms")
    assert order() == ["real"]
    assert order("+33612345678") == ["simulator"]


def test_a_disabled_carrier_leaves_nothing_rather_than_the_simulator() -> None:
    Route.objects.create(carrier=carrier("closed", enabled=False), prefix="+212", channel="sms")
    assert order() == []


def test_a_paused_carrier_goes_last_and_keeps_the_simulator_out() -> None:
    from_now = "2026-01-01T00:00:00Z"
    Route.objects.create(
        carrier=carrier("paused", paused_at=from_now), prefix="+212", channel="sms", priority=1
    )
    Route.objects.create(carrier=carrier("other"), prefix="", channel="sms", priority=900)
    assert order() == ["other", "paused"]


def test_a_simulator_that_is_the_first_choice_is_meant() -> None:
    mine = Carrier.objects.create(name="load-test", kind="simulator")
    Route.objects.create(carrier=carrier("real"), prefix="", channel="sms", priority=1)
    Route.objects.create(carrier=mine, prefix="+21261", channel="sms", priority=1)
    assert order()[0] == "load-test"
