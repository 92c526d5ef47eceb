"""P8 and P9 with real receivers and the real database: signed, repeated, bounded, and a dead receiver harms
nobody."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.ids import new_id, show
from accounts.models import AuditEntry
from accounts.vault import seal
from tests.stand_ins import receiver
from tests.stand_ins.receiver import Reply
from tests.webhooks.conftest import SECRET, Customer
from webhooks import deliver, signing, tasks
from webhooks.models import Delivery, DeliveryAttempt, Endpoint
from webhooks.prepare import NO_EVENT, NO_SECRET


def test_an_event_arrives_signed_and_is_logged(customer: Customer) -> None:
    with receiver.running() as there:
        endpoint = customer.endpoint(f"{there.url}/hook", profile="smsmaroc")
        (message_id,) = customer.happen()
        assert deliver.due() == 1
    (request,) = there.requests
    delivery = Delivery.objects.get(endpoint=endpoint)
    body = json.loads(request.body)
    assert (body["event"], body["message_id"], body["status"]) == (
        "message.delivered",
        f"msg_{message_id.hex}",
        "delivered",
    )
    assert request.headers["webhook-id"] == body["id"] == str(delivery.event_id)
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 5
    assert request.headers["webhook-signature"] == signing.standard_signature(
        SECRET,
        event_id=str(delivery.event_id),
        timestamp=int(request.headers["webhook-timestamp"]),
        body=request.body,
    )
    digest = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-smsmaroc-signature"] == f"sha256={digest}"
    assert (delivery.state, delivery.attempts, delivery.last_status, delivery.lease_owner) == (
        "done",
        1,
        200,
        None,
    )
    attempt = DeliveryAttempt.objects.get(endpoint=endpoint)
    assert (attempt.number, attempt.status, attempt.error, attempt.answer) == (1, 200, "", "ok")
    endpoint.refresh_from_db()
    assert endpoint.last_status == 200
    assert endpoint.last_triggered_at is not None


def test_failures_are_repeated_with_the_same_id_and_bytes_until_taken(
    customer: Customer, settings: Any
) -> None:
    settings.WEBHOOK_SCHEDULE = (0, 0, 0, 0)
    with receiver.running() as there:
        there.answer(Reply(status=500, close=True), receiver.DROP, receiver.OK)
        endpoint = customer.endpoint(there.url)
        customer.happen()
        assert deliver.due() == 3
    assert len({request.body for request in there.requests}) == 1
    assert len({request.headers["webhook-id"] for request in there.requests}) == 1
    assert customer.states(endpoint) == {"done": 1}
    attempts = DeliveryAttempt.objects.filter(endpoint=endpoint).order_by("number")
    assert [(one.number, one.status, one.error) for one in attempts] == [
        (1, 500, ""),
        (2, None, "The connection was closed before an answer."),
        (3, 200, ""),
    ]
    endpoint.refresh_from_db()
    assert (endpoint.consecutive_failures, endpoint.failing_since) == (0, None)


def test_after_the_last_try_a_delivery_is_dead_and_stays_listed(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_SCHEDULE = (0, 0, 0)
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        endpoint = customer.endpoint(there.url)
        customer.happen()
        assert deliver.due() == 3
    delivery = Delivery.objects.get(endpoint=endpoint)
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("dead", 3, 500)
    assert delivery.done_at is not None


def test_a_retry_waits_for_its_step_in_the_schedule(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_SCHEDULE = (0, 100, 200)
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        endpoint = customer.endpoint(there.url)
        customer.happen()
        assert deliver.due() == 1
        assert deliver.due() == 0
    delivery = Delivery.objects.get(endpoint=endpoint)
    wait = (delivery.next_at - datetime.now(UTC)).total_seconds()
    assert delivery.state == "pending"
    assert 78 <= wait <= 120


def test_a_dead_receiver_gets_a_handful_of_posts_and_the_rest_is_kept(customer: Customer) -> None:
    with receiver.running() as dead, receiver.running() as alive:
        dead.answer(receiver.FAIL)
        failing, healthy = customer.endpoint(dead.url), customer.endpoint(alive.url)
        customer.happen(200)
        deliver.due()
    assert customer.states(healthy) == {"done": 200}
    assert customer.states(failing) == {"pending": 200}
    assert 5 <= len(dead.requests) <= 7
    failing.refresh_from_db()
    assert failing.failing_since is not None
    assert failing.not_before is not None
    assert failing.not_before > datetime.now(UTC)
    untried = Delivery.objects.filter(endpoint=failing, attempts=0)
    assert untried.count() == 200 - len(dead.requests)
    assert set(untried.values_list("lease_owner", flat=True)) == {None}
    healthy.refresh_from_db()
    assert healthy.consecutive_failures == 0


def test_while_the_breaker_is_open_one_probe_at_a_time_and_one_success_frees_the_rest(
    customer: Customer,
) -> None:
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        endpoint = customer.endpoint(there.url)
        customer.happen(50)
        deliver.due()
        first = len(there.requests)
        for probes in (1, 2):
            customer.hurry(endpoint)
            assert deliver.due() == 1
            assert len(there.requests) == first + probes
        there.answer(receiver.OK)
        customer.hurry(endpoint)
        deliver.due()
    assert customer.states(endpoint) == {"done": 50}
    endpoint.refresh_from_db()
    assert (endpoint.consecutive_failures, endpoint.failing_since, endpoint.not_before) == (0, None, None)


def test_a_receiver_that_hangs_delays_nobody(customers: Callable[[], Customer]) -> None:
    """Twelve endpoints that never answer, with many events each, beside one that does."""
    one, other = customers(), customers()
    with receiver.running() as hanging, receiver.running() as alive:
        hanging.answer(receiver.HANG)
        for n in range(12):
            one.endpoint(f"{hanging.url}/{n}")
        endpoint = other.endpoint(alive.url)
        one.happen(100)
        stop = threading.Event()
        worker = threading.Thread(target=_run_until, args=(stop,))
        worker.start()
        hanging.wait_for(12)
        began = time.monotonic()
        other.happen(100)
        alive.wait_for(100, timeout_seconds=5)
        assert time.monotonic() - began < 1.5
        stop.set()
        worker.join(15)
    assert not worker.is_alive()
    assert other.states(endpoint) == {"done": 100}


def _run_until(stop: threading.Event) -> None:
    deliver.due(stopping=stop.is_set)
    connection.close()


def test_410_switches_the_endpoint_off_with_audit_mail_and_no_further_post(customer: Customer) -> None:
    with receiver.running() as there:
        there.answer(receiver.GONE)
        endpoint = customer.endpoint(f"{there.url}/gone")
        customer.happen(30)
        deliver.due()
        posted = len(there.requests)
        customer.happen()
        deliver.due()
        assert len(there.requests) == posted <= 3
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.disabled_reason) == (False, "The receiver answered 410 Gone.")
    assert customer.states(endpoint) == {"dead": 30}
    entry = AuditEntry.objects.get(account=customer.account, action="endpoint.disabled")
    assert (entry.actor, entry.subject) == ("webhooks", show("endpoint", endpoint.id))
    assert entry.detail == {"reason": "The receiver answered 410 Gone.", "url": endpoint.url}
    (letter,) = [one for one in mail.outbox if one.to == [customer.user.email]]
    assert f"{there.url}/gone" in letter.body
    assert "410" in letter.body


def test_days_of_only_failures_switch_the_endpoint_off(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_DISABLE_AFTER_SECONDS = 5 * 86400
    with receiver.running() as there:
        there.answer(receiver.FAIL)
        endpoint = customer.endpoint(there.url)
        customer.happen(20)
        deliver.due()
        for age, active in ((timedelta(days=4, hours=23), True), (timedelta(days=5), False)):
            Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=datetime.now(UTC) - age)
            customer.hurry(endpoint)
            assert deliver.due() == 1
            endpoint.refresh_from_db()
            assert endpoint.active is active
    assert endpoint.disabled_reason == "Every delivery failed for 5 days."
    assert customer.states(endpoint) == {"dead": 20}
    assert len([one for one in mail.outbox if one.to == [customer.user.email]]) == 1


def test_during_a_rotation_both_secrets_sign_and_afterwards_the_new_one(customer: Customer) -> None:
    new = signing.new_secret()
    with receiver.running() as there:
        endpoint = customer.endpoint(there.url, secrets=[seal(new), seal(SECRET)])
        for until, expected in ((timedelta(hours=1), [new, SECRET]), (-timedelta(hours=1), [new])):
            Endpoint.objects.filter(pk=endpoint.pk).update(secrets_overlap_until=datetime.now(UTC) + until)
            customer.happen()
            deliver.due()
            request = there.requests[-1]
            assert request.headers["webhook-signature"].split(" ") == [
                signing.standard_signature(
                    secret,
                    event_id=request.headers["webhook-id"],
                    timestamp=int(request.headers["webhook-timestamp"]),
                    body=request.body,
                )
                for secret in expected
            ]


def test_the_callback_url_of_a_message_is_posted_to_with_the_accounts_own_secret(customer: Customer) -> None:
    with receiver.running() as there:
        customer.happen(callback_url=f"{there.url}/status?order=7")
        assert deliver.due() == 1
    (request,) = there.requests
    digest = hmac.new(f"callback-{SECRET}".encode(), request.body, hashlib.sha256).hexdigest()
    assert request.path == "/status?order=7"
    assert request.headers["x-risala-signature"] == f"sha256={digest}"


def test_two_workers_at_once_post_everything_exactly_once(customer: Customer) -> None:
    with receiver.running() as there:
        endpoints = [customer.endpoint(f"{there.url}/{n}") for n in range(3)]
        customer.happen(150)
        stop = threading.Event()
        worker = threading.Thread(target=_run_until, args=(stop,))
        worker.start()
        deliver.due()
        worker.join(15)
    seen = [(request.path, request.headers["webhook-id"]) for request in there.requests]
    assert len(seen) == len(set(seen)) == 450
    assert [customer.states(endpoint) for endpoint in endpoints] == [{"done": 150}] * 3


def test_a_limit_and_a_stop_leave_the_rest_due(customer: Customer) -> None:
    with receiver.running() as there:
        endpoint = customer.endpoint(there.url)
        customer.happen(40)
        assert 10 <= deliver.due(10) <= 17
        assert deliver.due(stopping=lambda: True) == 0
        left = Delivery.objects.filter(endpoint=endpoint, state="pending")
        assert left.count() == 40 - len(there.requests)
        assert set(left.values_list("lease_owner", flat=True)) == {None}
        deliver.due()
    assert customer.states(endpoint) == {"done": 40}
    assert len(there.requests) == 40


def test_nothing_is_posted_to_an_inactive_endpoint_until_it_is_active_again(customer: Customer) -> None:
    with receiver.running() as there:
        endpoint = customer.endpoint(there.url)
        customer.happen()
        Endpoint.objects.filter(pk=endpoint.pk).update(active=False)
        assert deliver.due() == 0
        Endpoint.objects.filter(pk=endpoint.pk).update(active=True)
        assert deliver.due() == 1


def test_in_production_an_address_inside_is_never_posted_to(customer: Customer, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with receiver.running() as inside:
        endpoint = customer.endpoint(f"https://127.0.0.1:{inside.port}/")
        customer.happen()
        deliver.due()
    assert inside.connections == 0
    assert Delivery.objects.get(endpoint=endpoint).last_error == "The port of the URL must be 443 or 8443."


def test_what_cannot_be_made_is_a_failed_delivery_and_stops_nobody(customer: Customer) -> None:
    with receiver.running() as there:
        unreadable = customer.endpoint(f"{there.url}/unreadable", secrets=[b"not a seal"])
        eventless, fine = customer.endpoint(f"{there.url}/eventless"), customer.endpoint(f"{there.url}/fine")
        customer.happen()
        Delivery.objects.filter(endpoint=eventless).delete()
        delivery = Delivery.objects.get(endpoint=fine)
        Delivery.objects.create(
            event_id=new_id(), endpoint=eventless, subject_id=delivery.subject_id, type="message.sent"
        )
        deliver.due()
    assert [request.path for request in there.requests] == ["/fine"]
    lost, kept = Delivery.objects.get(endpoint=eventless), Delivery.objects.get(endpoint=unreadable)
    assert (lost.state, lost.last_error) == ("dead", NO_EVENT)
    assert (kept.state, kept.last_error, kept.attempts) == ("pending", NO_SECRET, 1)


@pytest.mark.parametrize("answer", [Reply(status=302), Reply(status=404), Reply(status=500)])
def test_whatever_is_not_2xx_is_tried_again(customer: Customer, answer: Reply) -> None:
    with receiver.running() as there:
        there.answer(answer)
        endpoint = customer.endpoint(there.url)
        customer.happen()
        deliver.due()
    assert customer.states(endpoint) == {"pending": 1}


def test_one_run_at_a_time_and_a_stopping_worker_begins_none(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver.running() as there:
        endpoint = customer.endpoint(there.url)
        customer.happen(3)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(_query, "SELECT pg_advisory_lock(hashtext('webhooks.deliver'))").result()
            tasks.deliver()
            assert there.requests == []
            # Let go before the connection ends: the server may notice its end only later.
            elsewhere.submit(_query, "SELECT pg_advisory_unlock(hashtext('webhooks.deliver'))").result()
            elsewhere.submit(_hang_up).result()
        monkeypatch.setattr(tasks._stopping, "value", 1)
        tasks.deliver()
        assert there.requests == []
        monkeypatch.undo()
        tasks._stopping.value = 0
        tasks.deliver()
    assert customer.states(endpoint) == {"done": 3}


def _query(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _hang_up() -> None:
    connection.close()
