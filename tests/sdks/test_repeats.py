"""When a client library makes a call again: so that a lost answer sends nothing twice, and a refusal is not asked again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.conftest import NewAccount
from tests.sdks.library import Library, LibraryError
from tests.stand_ins import lossy_proxy
from tests.stand_ins.lossy_proxy import DROP, Own, Proxy
from tests.stand_ins.running import Stack, free_port


@pytest.fixture(scope="module")
def behind(stack: Stack) -> Iterator[Proxy]:
    with lossy_proxy.running(stack.port) as running:
        yield running


@pytest.fixture
def proxy(behind: Proxy) -> Proxy:
    behind.harm.clear()
    behind.seen.clear()
    return behind


def refusal(status: int, code: str, *headers: tuple[str, str]) -> Own:
    body = {"success": False, "error": {"code": code, "message": "No.", "request_id": "req_1"}}
    return Own(status, json.dumps(body).encode(), headers)


def test_a_lost_answer_sends_nothing_twice(library: Library, new_account: NewAccount, proxy: Proxy) -> None:
    customer = new_account()
    library.connect(proxy.url, customer.key)
    proxy.harm.append(DROP)
    sent = library.call("messages.send", to="+212612345678", message="Bonjour")
    keys = [request.headers["idempotency-key"] for request in proxy.seen]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    messages = customer.get("/v1/messages").body
    assert [row["id"] for row in messages["data"]] == [sent["id"]]
    assert [row["type"] for row in customer.transactions()] == ["top-up", "usage"]
    library.call("messages.send", to="+212612345678", message="Bonjour")
    assert proxy.seen[2].headers["idempotency-key"] not in keys


def test_a_call_that_could_be_done_twice_is_not_repeated(
    library: Library, new_account: NewAccount, proxy: Proxy
) -> None:
    customer = new_account()
    library.connect(proxy.url, customer.key)
    proxy.harm.append(DROP)
    with pytest.raises(LibraryError) as lost:
        library.call("api_keys.create", name="Shop")
    assert (lost.value.kind, lost.value.told["answer_lost"]) == ("ConnectionFailedError", True)
    assert len(proxy.seen) == 1
    assert [key["name"] for key in customer.get("/v1/api-keys").body["data"]].count("Shop") == 1


def test_where_nobody_listens_nothing_was_sent(library: Library) -> None:
    library.connect(f"http://127.0.0.1:{free_port()}", "rsl_live_none", retries=1)
    began = time.monotonic()
    with pytest.raises(LibraryError) as lost:
        library.call("api_keys.create", name="Shop")
    assert (lost.value.kind, lost.value.told["answer_lost"]) == ("ConnectionFailedError", False)
    assert time.monotonic() - began >= 0.25  # it waited before it tried again


@pytest.mark.parametrize(
    ("status", "code", "wait"),
    [(503, "SERVICE_UNAVAILABLE", 1), (429, "rate_limit_exceeded", 0), (409, "IDEMPOTENCY_IN_PROGRESS", 0)],
)
def test_it_comes_again_when_it_is_told_to(
    library: Library, new_account: NewAccount, proxy: Proxy, status: int, code: str, wait: int
) -> None:
    customer = new_account()
    library.connect(proxy.url, customer.key)
    proxy.harm.append(refusal(status, code, ("Retry-After", str(wait))))
    began = time.monotonic()
    sent = library.call("messages.send", to="+212612345678", message="Bonjour", key="mine")
    assert time.monotonic() - began >= wait
    assert [request.headers["idempotency-key"] for request in proxy.seen] == ["mine", "mine"]
    assert proxy.seen[0].body == proxy.seen[1].body
    assert [row["id"] for row in customer.get("/v1/messages").body["data"]] == [sent["id"]]


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        (refusal(429, "MAX_ATTEMPTS", ("Retry-After", "1")), "RateLimitedError"),
        (refusal(429, "RATE_LIMITED", ("Retry-After", "3600")), "RateLimitedError"),
        (refusal(409, "INVALID_STATE"), "ConflictError"),
        (refusal(500, "INTERNAL_ERROR"), "ServerError"),
        (Own(502, b"<html>Bad gateway</html>", (("Content-Type", "text/html"),)), "ServerError"),
        (Own(302, b"", (("Location", "http://127.0.0.1:9/"),)), "InvalidRequestError"),
    ],
    ids=lambda value: str(getattr(value, "status", "")) or None,
)
def test_it_does_not_ask_again_for_what_will_not_change(
    library: Library, proxy: Proxy, own: Own, kind: str
) -> None:
    library.connect(proxy.url, "rsl_live_none")
    proxy.harm.append(own)
    with pytest.raises(LibraryError) as refused:
        library.call("messages.send", to="+212612345678", message="Bonjour")
    assert (refused.value.kind, refused.value.told["status"]) == (kind, own.status)
    assert len(proxy.seen) == 1


def test_it_gives_up_after_its_retries(library: Library, proxy: Proxy) -> None:
    library.connect(proxy.url, "rsl_live_none", retries=2)
    proxy.harm.extend([refusal(503, "SERVICE_UNAVAILABLE", ("Retry-After", "0"))] * 3)
    with pytest.raises(LibraryError) as refused:
        library.call("messages.list")
    assert (refused.value.kind, len(proxy.seen)) == ("ServerError", 3)
