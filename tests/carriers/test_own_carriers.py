"""On the running stack: messages by an HTTP provider that is only settings, and by a gateway's SIMs; reasons by the operator's
codes; forged callbacks move nothing."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accounts.models import Account
from messaging import connecting, routing, sim_pool
from messaging.models import CarrierCode, ReceiptRecord, Sim, SimUse, UnknownCode
from messaging.models.carrier import Carrier
from messaging.sending.route import TABLE_SECONDS
from tests.conftest import NewAccount
from tests.stand_ins import http_provider, sim_gateway
from tests.stand_ins.customer import Customer
from tests.stand_ins.http_provider import HttpProvider
from tests.stand_ins.operator import Operator
from tests.stand_ins.sim_gateway import SimGateway
from tests.stand_ins.waiting import until

TEXT = {"to": "+212612345678", "message": "Bonjour"}


@dataclass
class Own:
    """A carrier of the operator's and a customer whose messages go by it."""

    operator: Operator
    carrier: Carrier
    customer: Customer

    def send(self) -> str:
        """Send one message; its id."""
        answer = self.customer.post("/v1/messages", TEXT)
        assert answer.status == 202, answer.body
        return str(answer.body["id"])

    def page(self, message_id: str, **headers: str) -> dict[str, object]:
        """The message's own page."""
        body: dict[str, object] = self.customer.get(f"/v1/messages/{message_id}", **headers).body
        return body

    def comes_to(self, message_id: str, status: str) -> dict[str, object]:
        """Wait for a status; the page."""
        until(lambda: self.page(message_id)["status"] == status, seconds=15, what=f"the message is {status}")
        return self.page(message_id)


def connect(operator: Operator, new_account: NewAccount, kind: str, **values: str) -> Own:
    customer = new_account()
    name = f"own-{random.randint(0, 10**9)}"
    with operator.at_work():
        carrier = connecting.connect(name, kind=kind, values=values, actor="test")
        account = Account.objects.get(pk=customer.account_id)
        routing.add(carrier=name, prefix="", channel="sms", priority=0, account=account, actor="test")
    time.sleep(TABLE_SECONDS)  # until then a process may know only the routes from before, to the simulator
    return Own(operator, carrier, customer)


@pytest.fixture
def provider() -> Iterator[HttpProvider]:
    with http_provider.running() as played:
        yield played


@pytest.fixture
def by_http(operator: Operator, new_account: NewAccount, provider: HttpProvider) -> Iterator[Own]:
    own = connect(
        operator, new_account, "http",
        url=f"{provider.base_url}/send", body_type="json",
        body='{"to":"{{to}}","text":"{{text}}","cb":"{{callback_url}}"}',
        auth="bearer", token="t",
        verdict="status", verdicts="ok:accepted, bad:rejected INVALID_NUMBER", message_id="id",
        receipt_id="id", receipt_status="state", receipt_code="err",
        receipt_statuses="DELIVERED:delivered, FAILED:failed UNKNOWN",
        callback_proof="header", callback_field="X-Secret", callback_secret="s3cret",
    )  # fmt: skip
    yield own
    with operator.at_work():
        connecting.switch(own.carrier.name, enabled=False, actor="test")


def callback(provider: HttpProvider) -> str:
    """The callback address of the last request."""
    return str(http_provider.fields(provider.received[-1])["cb"])


def test_settings_alone_carry_a_message_to_its_receipt(by_http: Own, provider: HttpProvider) -> None:
    provider.say(http_provider.json(status="ok", id="p-1"))
    message = by_http.send()
    by_http.comes_to(message, "sent")
    (request,) = provider.received
    assert (http_provider.fields(request)["text"], request.headers["authorization"]) == (
        "Bonjour",
        "Bearer t",
    )
    url = callback(provider)
    assert sim_gateway.post(url, {"id": "p-1", "state": "FAILED"}, {"X-Secret": "wrong"}) == 400
    with by_http.operator.at_work():
        assert not ReceiptRecord.objects.filter(carrier_id=by_http.carrier.pk).exists()
    assert sim_gateway.post(url, {"id": "p-1", "state": "DELIVERED"}, {"X-Secret": "s3cret"}) == 200
    assert by_http.comes_to(message, "delivered")["error"] is None
    assert sim_gateway.post(url, {"id": "p-1", "state": "FAILED"}, {"X-Secret": "s3cret"}) == 200
    assert by_http.page(message)["status"] == "delivered"
    assert len(provider.received) == 1


def test_an_unknown_code_is_collected_and_gets_a_reason(by_http: Own, provider: HttpProvider) -> None:
    with by_http.operator.at_work():
        CarrierCode.objects.create(carrier=by_http.carrier, code=":E9", reason="BLOCKED")
    provider.say(http_provider.json(status="ok", id="p-2"), http_provider.json(status="ok", id="p-3"))
    headers = {"X-Secret": "s3cret"}
    first, second = by_http.send(), ""
    by_http.comes_to(first, "sent")
    sim_gateway.post(callback(provider), {"id": "p-2", "state": "FAILED", "err": "E8"}, headers)
    failed = by_http.comes_to(first, "failed")
    assert (failed["error_code"], failed["refunded"]) == ("UNKNOWN", True)
    second = by_http.send()
    by_http.comes_to(second, "sent")
    sim_gateway.post(callback(provider), {"id": "p-3", "state": "FAILED", "err": "E9"}, headers)
    by_http.comes_to(second, "failed")
    assert by_http.page(second, accept_language="fr")["error"] == {
        "code": "BLOCKED",
        "message": "L'opérateur ou le destinataire bloque ce message.",
        "advice": "Ne le renvoyez pas. Demandez au destinataire s'il souhaite vos messages, ou changez d'expéditeur.",
        "retryable": False,
        "who_pays": "nobody",
        "carrier_code": "FAILED:E9",
    }
    with by_http.operator.at_work():
        (row,) = UnknownCode.objects.filter(carrier=by_http.carrier)
        assert (row.code, row.times) == ("FAILED:E8", 1)


@pytest.fixture
def gateway() -> Iterator[SimGateway]:
    with sim_gateway.running() as played:
        yield played


@pytest.fixture
def by_sims(operator: Operator, new_account: NewAccount, gateway: SimGateway) -> Iterator[Own]:
    own = connect(operator, new_account, "sim_gateway", base_url=gateway.base_url, api_key="a-key")
    with operator.at_work():
        for port in (1, 2):
            number = f"+2236{random.randint(0, 9_999_999):07d}"
            values: sim_pool.Values = {
                "carrier": own.carrier.name, "port": port, "slot": 0, "daily_limit": 2,
                "account": Account.objects.get(pk=own.customer.account_id),
            }  # fmt: skip
            sim_pool.add(number, values, actor="test")
    yield own
    with operator.at_work():
        connecting.switch(own.carrier.name, enabled=False, actor="test")
        Sim.objects.filter(carrier=own.carrier).update(enabled=False)


def test_sims_take_turns_within_their_limits_and_are_asked_about(by_sims: Own, gateway: SimGateway) -> None:
    sent = [by_sims.send() for _ in range(4)]
    for message in sent:
        by_sims.comes_to(message, "sent")
    assert sorted(task.port for task in gateway.tasks.values()) == [1, 1, 2, 2]
    with by_sims.operator.at_work():
        assert list(Sim.objects.filter(carrier=by_sims.carrier).values_list("used_today", flat=True)) == [
            2,
            2,
        ]
        assert SimUse.objects.filter(sim_id__in=Sim.objects.filter(carrier=by_sims.carrier)).count() == 4
    beyond = by_sims.send()
    until(lambda: "submit_retry" in str(by_sims.page(beyond)["timeline"]), seconds=10, what="the fifth waits")
    assert len(gateway.tasks) == 4
    first, second, *rest = gateway.tasks.values()
    first.status = "delivered"  # told only when asked
    assert gateway.post(second, "failed", "invalid_number") == 200
    assert gateway.post(rest[0], "delivered") == 200
    assert gateway.post(rest[0], "failed") == 200
    statuses = sorted(str(by_sims.page(message)["status"]) for message in sent)
    until(
        lambda: (
            sorted(str(by_sims.page(message)["status"]) for message in sent)
            == ["delivered", "delivered", "failed", "sent"]
        ),
        seconds=20,
        what=f"receipts by callback and by asking, not {statuses}",
    )


def test_a_sim_that_fails_is_set_aside_and_comes_back(by_sims: Own, gateway: SimGateway) -> None:
    with by_sims.operator.at_work():
        one, two = Sim.objects.filter(carrier=by_sims.carrier).order_by("port")
        Sim.objects.filter(carrier=by_sims.carrier).update(daily_limit=None)
        Sim.objects.filter(pk=one.pk).update(failures=2)
        Sim.objects.filter(pk=two.pk).update(failures=2, used_today=1)
    gateway.states[1, 0] = "no_network"
    until(
        lambda: by_sims.send() and _state(by_sims, one.pk).aside_at is not None, seconds=10, what="set aside"
    )
    before = len(gateway.provider.received)
    message = by_sims.send()
    by_sims.comes_to(message, "sent")
    assert [task.port for task in gateway.tasks.values()][-1] == 2
    assert _state(by_sims, two.pk).failures == 0
    assert len(gateway.provider.received) > before
    gateway.states.clear()
    with by_sims.operator.at_work():
        Sim.objects.filter(pk=one.pk).update(probe_after="2020-01-01T00:00:00Z")
    until(lambda: _state(by_sims, one.pk).aside_at is None, seconds=15, what="the SIM is back")


def _state(own: Own, sim_id: int) -> Sim:
    with own.operator.at_work():
        return Sim.objects.get(pk=sim_id)
