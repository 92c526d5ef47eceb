"""Every answer of SMS.to, and every way its network can fail, becomes the one result the money rules need."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from messaging.carriers import registry
from messaging.carriers.contract import Accepted, Carrier, Rejected, Result, TryLater, Unknown
from tests.carriers.rows import CALLBACK, MESSAGE, config, submission
from tests.stand_ins import sms_to_server
from tests.stand_ins.sms_to_server import Received, SmsToServer


def sms_to(
    base_url: str, *, timeout_seconds: float = 5.0, window: int = 10, callback_url: str = CALLBACK
) -> Carrier:
    """An adapter for a carrier at this address."""
    return registry.build(
        config(
            "sms_to",
            settings={"base_url": base_url},
            secrets={"api_key": "a-key"},
            timeout_seconds=timeout_seconds,
            window=window,
            callback_url=callback_url,
        )
    )


def submit(base_url: str, *, timeout_seconds: float = 5.0) -> Result:
    """The result of one message."""

    async def once() -> Result:
        carrier = sms_to(base_url, timeout_seconds=timeout_seconds)
        try:
            return await carrier.submit(submission())
        finally:
            await carrier.close()

    return asyncio.run(once())


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A bare listening socket and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_accepted_message_carries_all_fields_and_gives_the_carriers_id() -> None:
    with sms_to_server.running() as server:
        assert submit(server.base_url) == Accepted("smsto-1")
        assert list(server.received) == [
            Received("+212612345678", MESSAGE.hex, "RISALA", "Bonjour", "smsto-1", "a-key")
        ]


def test_acceptance_without_an_id_is_acceptance() -> None:
    with sms_to_server.running(mode="no_id") as server:
        assert submit(server.base_url) == Accepted("")


MESSAGE_OF_MODE = "refused by mode"
STATUSES: list[tuple[int, Result]] = [
    (400, Rejected("HTTP_400", "CARRIER_REFUSED", MESSAGE_OF_MODE)),
    (404, Rejected("HTTP_404", "CARRIER_REFUSED", MESSAGE_OF_MODE)),
    (422, Rejected("HTTP_422", "CARRIER_REFUSED", MESSAGE_OF_MODE)),
    (401, TryLater("HTTP_401", "denied", MESSAGE_OF_MODE)),
    (402, TryLater("HTTP_402", "denied", MESSAGE_OF_MODE)),
    (403, TryLater("HTTP_403", "denied", MESSAGE_OF_MODE)),
    (405, TryLater("HTTP_405", "denied", MESSAGE_OF_MODE)),
    (415, TryLater("HTTP_415", "denied", MESSAGE_OF_MODE)),
    (301, TryLater("HTTP_301", "denied", MESSAGE_OF_MODE)),
    (307, TryLater("HTTP_307", "denied", MESSAGE_OF_MODE)),
    (429, TryLater("HTTP_429", "throttled", MESSAGE_OF_MODE)),
    (503, TryLater("HTTP_503", "throttled", MESSAGE_OF_MODE)),
    (408, TryLater("HTTP_408", "unreachable", MESSAGE_OF_MODE)),
    (500, Unknown("HTTP_500", MESSAGE_OF_MODE)),
    (502, Unknown("HTTP_502", MESSAGE_OF_MODE)),
    (504, Unknown("HTTP_504", MESSAGE_OF_MODE)),
]


@pytest.mark.parametrize(("status", "expected"), STATUSES)
def test_a_status_decides(status: int, expected: Result) -> None:
    with sms_to_server.running(mode=str(status)) as server:
        assert submit(server.base_url) == expected
        assert server.total == 1


def test_success_false_is_a_refusal_and_the_named_field_gives_the_reason() -> None:
    with sms_to_server.running(mode="refuse") as server:
        assert submit(server.base_url) == Rejected("SUCCESS_FALSE", "INVALID_NUMBER", "Not possible")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("86400", 3600.0), ("-5", None), ("soon", None), ("1" * 400, None)],
)
@pytest.mark.parametrize("status", ["429", "503"])
def test_the_carriers_wish_to_wait_is_passed_on(status: str, header: str, seconds: float | None) -> None:
    with sms_to_server.running(mode=status, retry_after=header) as server:
        assert submit(server.base_url) == TryLater(f"HTTP_{status}", "throttled", MESSAGE_OF_MODE, seconds)


def test_a_wish_to_wait_may_be_a_date() -> None:
    with sms_to_server.running(mode="429", retry_after="Fri, 31 Dec 2100 23:59:59 GMT") as server:
        assert submit(server.base_url) == TryLater("HTTP_429", "throttled", MESSAGE_OF_MODE, 3600.0)


def test_a_past_date_means_at_once() -> None:
    with sms_to_server.running(mode="503", retry_after="Sat, 01 Jan 2000 00:00:00 GMT") as server:
        assert submit(server.base_url) == TryLater("HTTP_503", "throttled", MESSAGE_OF_MODE, 0.0)


def test_a_refused_connection_is_certainly_not_taken() -> None:
    with listening() as (_, base_url):
        pass
    result = submit(base_url)
    assert isinstance(result, TryLater)
    assert (result.code, result.cause) == ("ClientConnectorError", "unreachable")


def test_a_name_that_does_not_exist_is_certainly_not_taken() -> None:
    result = submit("http://carrier.invalid")
    assert isinstance(result, TryLater)
    assert result.cause == "unreachable"


def test_a_failed_tls_handshake_is_certainly_not_taken() -> None:
    with sms_to_server.running() as server:
        result = submit(server.base_url.replace("http://", "https://"), timeout_seconds=0.6)
        assert isinstance(result, TryLater)
        assert result.cause == "unreachable"
        assert server.total == 0


def test_a_connection_that_is_never_opened_is_certainly_not_taken() -> None:
    # A full backlog: the kernel drops the handshake, so that the connect neither succeeds nor fails.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        try:
            result = submit(f"http://127.0.0.1:{address[1]}", timeout_seconds=0.6)
        finally:
            for filler in fillers:
                filler.close()
    assert isinstance(result, TryLater)
    assert (result.code, result.cause) == ("ConnectionTimeoutError", "unreachable")


@pytest.mark.parametrize(
    ("mode", "codes"),
    [
        ("close", {"ServerDisconnectedError"}),
        ("reset", {"ClientOSError", "ServerDisconnectedError"}),
        ("half", {"ANSWER_CUT"}),
        ("garbage", {"GARBLED"}),
        ("big", {"ANSWER_CUT"}),
        ("nonsense", {"ClientResponseError"}),
    ],
)
def test_an_answer_lost_after_the_request_was_read_is_unknown(mode: str, codes: set[str]) -> None:
    with sms_to_server.running(mode=mode) as server:
        result = submit(server.base_url)
        assert isinstance(result, Unknown)
        assert result.code in codes
        assert server.total == 1, "it is never sent a second time by itself"


@pytest.mark.parametrize(("mode", "code"), [("silent", "Timeout"), ("drip", "ANSWER_CUT")])
def test_the_wall_clock_ends_a_call_however_it_is_drawn_out(mode: str, code: str) -> None:
    with sms_to_server.running(mode=mode) as server:
        started = time.monotonic()
        result = submit(server.base_url, timeout_seconds=0.4)
        assert time.monotonic() - started < 2.0
        assert isinstance(result, Unknown)
        assert result.code == code


def test_a_refusal_whose_text_never_ends_is_still_a_refusal() -> None:
    with sms_to_server.running(mode="slow_refuse") as server:
        assert submit(server.base_url, timeout_seconds=0.4) == Rejected("HTTP_400", "CARRIER_REFUSED", "")


def test_a_server_that_takes_the_connection_and_reads_nothing_is_unknown() -> None:
    with listening() as (_, base_url):
        result = submit(base_url, timeout_seconds=0.4)
    assert result == Unknown("Timeout", "no answer within 0.4 seconds")


def test_text_that_is_not_unicode_is_refused_and_nothing_is_sent() -> None:
    async def once(base_url: str) -> Result:
        carrier = sms_to(base_url)
        try:
            return await carrier.submit(submission(text="\ud800"))
        finally:
            await carrier.close()

    with sms_to_server.running() as server:
        result = asyncio.run(once(server.base_url))
        assert isinstance(result, Rejected)
        assert (result.code, result.reason) == ("UNENCODABLE", "CONTENT_REFUSED")
        assert server.total == 0


@pytest.mark.parametrize(
    ("callback_url", "reference"),
    [("", ""), (CALLBACK, MESSAGE.hex), (f"{CALLBACK}?a=b", MESSAGE.hex)],
)
def test_the_callback_address_carries_our_reference(callback_url: str, reference: str) -> None:
    async def once(base_url: str) -> None:
        carrier = sms_to(base_url, callback_url=callback_url)
        await carrier.submit(submission())
        await carrier.close()

    with sms_to_server.running() as server:
        asyncio.run(once(server.base_url))
        assert [message.reference for message in server.received] == [reference]


def many(server: SmsToServer, messages: list[UUID], *, window: int) -> list[Result]:
    """The results of many messages, all submitted at once."""

    async def all_of_them() -> list[Result]:
        carrier = sms_to(server.base_url, window=window)
        try:
            return await asyncio.gather(*[carrier.submit(submission(message=m)) for m in messages])
        finally:
            await carrier.close()

    return asyncio.run(all_of_them())


def test_connections_are_reused_and_never_more_than_the_window() -> None:
    messages = [uuid4() for _ in range(200)]
    with sms_to_server.running(latency_seconds=0.005) as server:
        results = many(server, messages, window=4)
        assert {type(result) for result in results} == {Accepted}
        assert (server.most_in_flight, server.connections) == (4, 4)
        assert server.by_reference == {message.hex: 1 for message in messages}


def test_each_answer_goes_to_its_own_message() -> None:
    messages = [uuid4() for _ in range(100)]
    with sms_to_server.running() as server:
        results = many(server, messages, window=8)
        by_reference = {message.reference: message.message_id for message in server.received}
        assert results == [Accepted(by_reference[message.hex]) for message in messages]


def test_an_adapter_goes_on_after_close_and_in_another_loop() -> None:
    with sms_to_server.running() as server:
        carrier = sms_to(server.base_url)

        async def once() -> Result:
            result = await carrier.submit(submission())
            await carrier.close()
            return result

        assert [asyncio.run(once()), asyncio.run(once())] == [Accepted("smsto-1"), Accepted("smsto-2")]


def test_no_proxy_variable_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with sms_to_server.running() as server:
        assert submit(server.base_url) == Accepted("smsto-1")


@pytest.mark.parametrize(
    ("mode", "balance", "expected"),
    [
        ("ok", 12.5, Accepted("")),
        ("404", 12.5, Accepted("")),
        ("ok", 0.0, TryLater("NO_CREDIT", "denied", "the balance at SMS.to is used up")),
        ("401", 12.5, TryLater("HTTP_401", "denied")),
        ("503", 12.5, TryLater("HTTP_503", "throttled")),
    ],
)
def test_a_probe_says_whether_messages_would_be_taken_and_sends_none(
    mode: str, balance: float, expected: Result
) -> None:
    async def once(base_url: str) -> Result:
        carrier = sms_to(base_url)
        try:
            return await carrier.probe()
        finally:
            await carrier.close()

    with sms_to_server.running(mode=mode, balance=balance) as server:
        assert asyncio.run(once(server.base_url)) == expected
        assert server.total == 0
