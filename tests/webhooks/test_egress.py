"""P16 and P9 on real sockets: what a receiver, a name server or a network may do to a post, and what it may
not."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.stand_ins import receiver
from tests.stand_ins.receiver import Receiver, Reply
from tests.webhooks.posting import BODY, INSIDE, OUTSIDE, names, only_outside, post
from webhooks.egress import NOT_PUBLIC, REDIRECTED, Answer, Egress


def test_the_bytes_and_headers_arrive_as_given_and_nothing_else_is_sent_along() -> None:
    with receiver.running() as there:
        answer = post(f"{there.url}/hook?a=%2B+b")
    (request,) = there.requests
    assert (request.method, request.path, request.body) == ("POST", "/hook?a=%2B+b", BODY)
    assert request.headers == {
        "host": f"127.0.0.1:{there.port}",
        "user-agent": "Webhooks/1.0",
        "accept": "*/*",
        "accept-encoding": "identity",
        "x-test": "1",
        "content-length": str(len(BODY)),
        "content-type": "application/octet-stream",
    }
    assert (answer.status, answer.body_excerpt, answer.error, answer.taken) == (200, "ok", None, True)


def test_proxies_of_the_environment_and_cookies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async def twice(url: str) -> None:
        async with Egress(allow_private=True) as egress:
            await egress.post(url, BODY, {})
            await egress.post(url, BODY, {})

    with receiver.running() as there, receiver.running() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        there.answer(Reply(headers=(("Set-Cookie", "a=b"),)))
        asyncio.run(twice(there.url))
    assert proxy.connections == 0
    assert [request.headers.get("cookie") for request in there.requests] == [None, None]


@pytest.mark.parametrize(
    ("status", "taken"), [(200, True), (204, True), (299, True), (400, False), (410, False)]
)
def test_only_a_2xx_takes_the_event(status: int, taken: bool) -> None:
    with receiver.running() as there:
        there.answer(Reply(status=status, body=b""))
        answer = post(there.url)
    assert (answer.status, answer.taken, answer.error) == (status, taken, None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    with receiver.running() as there, receiver.running() as elsewhere:
        there.answer(receiver.redirect(elsewhere.url, status))
        answer = post(there.url)
    assert elsewhere.connections == 0
    assert (answer.status, answer.taken, answer.error) == (status, False, REDIRECTED)


def test_a_name_is_connected_to_at_the_checked_address_under_its_own_host_header() -> None:
    with receiver.running(OUTSIDE) as there:
        answer = post(f"http://hooks.example:{there.port}/", resolve=names([OUTSIDE]), permits=only_outside)
    assert answer.taken
    assert there.requests[0].headers["host"] == f"hooks.example:{there.port}"


@pytest.mark.parametrize(
    "found", [[INSIDE], [OUTSIDE, INSIDE], [INSIDE, OUTSIDE], ["::1", "::2"], [], ["nonsense"]]
)
def test_a_name_with_one_inner_address_is_refused_whole(found: list[str]) -> None:
    with receiver.running(OUTSIDE) as there, receiver.running(INSIDE, port=there.port) as inside:
        answer = post(f"http://hooks.example:{there.port}/", resolve=names(found), permits=only_outside)
    assert (answer.status, answer.error) == (None, NOT_PUBLIC)
    assert (there.connections, inside.connections) == (0, 0)


def test_dns_rebinding_between_two_posts_never_reaches_inside() -> None:
    async def run(url: str) -> list[Answer]:
        resolve = names([OUTSIDE], [INSIDE])
        async with Egress(allow_private=True, resolve=resolve, permits=only_outside) as egress:
            return [await egress.post(url, BODY, {}), await egress.post(url, BODY, {})]

    with receiver.running(OUTSIDE) as there, receiver.running(INSIDE, port=there.port) as inside:
        there.answer(Reply(close=True))
        first, second = asyncio.run(run(f"http://hooks.example:{there.port}/"))
    assert first.taken
    assert (second.status, second.error) == (None, NOT_PUBLIC)
    assert (len(there.requests), inside.connections) == (1, 0)


def test_a_name_that_rebinds_after_its_check_is_not_looked_up_again() -> None:
    """The address that was checked is the one connected to: one look-up for each connection, no second."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [OUTSIDE] if len(asked) == 1 else [INSIDE]

    with receiver.running(OUTSIDE) as there, receiver.running(INSIDE, port=there.port) as inside:
        answer = post(f"http://hooks.example:{there.port}/", resolve=resolve, permits=only_outside)
    assert (answer.taken, asked, inside.connections) == (True, ["hooks.example"], 0)


def test_a_literal_inner_address_is_refused_without_a_connection() -> None:
    with receiver.running(INSIDE) as inside:
        answer = post(inside.url, permits=only_outside)
        form = post_strictly(f"https://{INSIDE}:8443/")
    assert (answer.status, answer.error, inside.connections) == (
        None,
        "The address in the URL is not public.",
        0,
    )
    assert form.error == "The address in the URL is not public."


def post_strictly(url: str, **how: object) -> Answer:
    async def run() -> Answer:
        async with Egress(allow_private=False, **how) as egress:  # type: ignore[arg-type]
            return await egress.post(url, BODY, {}, 2.0)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["::1"], ["8.8.8.8", "fe80::1"]]
)
def test_in_production_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    answer = post_strictly("https://hooks.example/", resolve=names(found))
    assert (answer.status, answer.error) == (None, NOT_PUBLIC)


def test_the_connected_peer_is_judged_once_more_before_a_byte_is_written() -> None:
    """Name, socket and peer are three judgements: a peer that fails the last gets a connection and no
    request."""
    verdicts = [True, True, False]
    with receiver.running(OUTSIDE) as there:
        answer = post(
            f"http://hooks.example:{there.port}/", resolve=names([OUTSIDE]), permits=lambda _: verdicts.pop(0)
        )
    assert (answer.error, there.requests, verdicts) == (NOT_PUBLIC, [], [])


def test_ipv6_receivers_are_reached() -> None:
    with receiver.running("::1") as there:
        direct = post(there.url)
        named = post(f"http://hooks.example:{there.port}/", resolve=names(["::1"]), permits=only_outside)
    assert direct.taken
    assert named.taken


def many(there: Receiver, count: int, **how: object) -> list[Answer]:
    async def run() -> list[Answer]:
        async with Egress(allow_private=True, **how) as egress:  # type: ignore[arg-type]
            return await asyncio.gather(*(egress.post(f"{there.url}/{n}", BODY, {}) for n in range(count)))

    return asyncio.run(run())


def test_sixty_four_posts_wait_together_and_not_one_after_the_other() -> None:
    with receiver.running() as there:
        there.answer(receiver.slow(0.3))
        began = time.monotonic()
        answers = many(there, 64)
    assert time.monotonic() - began < 1.5
    assert [answer.status for answer in answers] == [200] * 64


def test_connections_are_kept_for_the_same_host_and_dropped_when_old(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(url: str, times: int) -> None:
        async with Egress(allow_private=True) as egress:
            for _ in range(times):
                assert (await egress.post(url, BODY, {})).taken

    with receiver.running() as there:
        asyncio.run(run(there.url, 5))
        assert there.connections == 1
        monkeypatch.setattr("webhooks.egress.POOL_SECONDS", 0.0)
        asyncio.run(run(there.url, 5))
        assert there.connections == 6


def test_a_kept_connection_is_never_used_for_another_name() -> None:
    """Two names at one address: the second name is looked up and judged for itself."""

    async def resolve(host: str, port: int) -> list[str]:
        return [OUTSIDE] if host == "good.example" else [INSIDE]

    async def run(port: int) -> list[Answer]:
        async with Egress(allow_private=True, resolve=resolve, permits=only_outside) as egress:
            good = await egress.post(f"http://good.example:{port}/", BODY, {})
            return [good, await egress.post(f"http://evil.example:{port}/", BODY, {})]

    with receiver.running(OUTSIDE) as there:
        good, evil = asyncio.run(run(there.port))
    assert (good.taken, evil.error, there.connections) == (True, NOT_PUBLIC, 1)


def test_a_kept_connection_that_died_while_idle_costs_the_receiver_no_failure() -> None:
    with dying_after_first() as (port, requests):

        async def run() -> list[Answer]:
            async with Egress(allow_private=True) as egress:
                url = f"http://127.0.0.1:{port}/"
                return [await egress.post(url, BODY, {}), await egress.post(url, BODY, {})]

        first, second = asyncio.run(run())
    assert (first.taken, second.taken) == (True, True)
    assert requests == [1, 1, 2]


@contextmanager
def dying_after_first() -> Iterator[tuple[int, list[int]]]:
    """Answers the first request of its first connection, and closes on that connection's second without an
    answer."""
    requests: list[int] = []
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def serve(listener: socket.socket) -> None:
        for number in (1, 2):
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                requests.append(number)
                client.sendall(reply)
                if number == 1:
                    client.recv(65536)
                    requests.append(number)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2)
        listener.settimeout(10)
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1], requests
        thread.join(10)
