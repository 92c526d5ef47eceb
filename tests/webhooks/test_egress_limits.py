"""P9 at the wire: time and size are bounded whatever a receiver does, and nothing it writes is an
exception."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.stand_ins import receiver
from tests.stand_ins.receiver import Reply
from tests.webhooks.posting import post
from webhooks.egress import CLOSED, retry_after_seconds


def test_silence_ends_with_the_first_byte_limit() -> None:
    with receiver.running() as there:
        there.answer(receiver.HANG)
        began = time.monotonic()
        answer = post(there.url, timeout_seconds=0.4)
    assert time.monotonic() - began < 2
    assert (answer.status, answer.error) == (None, "No answer within 0.4 seconds.")


def test_an_answer_that_drips_is_cut_off_by_the_clock_on_the_wall() -> None:
    with receiver.running() as there:
        there.answer(receiver.drip(0.1))
        began = time.monotonic()
        answer = post(there.url, timeout_seconds=0.6)
    assert 0.85 <= time.monotonic() - began < 2
    assert (answer.status, answer.error) == (None, "No answer within 0.9 seconds.")


def test_a_status_counts_even_when_the_body_behind_it_drips_or_breaks() -> None:
    with receiver.running() as there:
        there.answer(
            receiver.drip(0.05, body_only=True),
            Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
        )
        began = time.monotonic()
        dripping, broken = post(there.url, timeout_seconds=0.4), post(there.url)
    assert time.monotonic() - began < 4
    assert (dripping.status, dripping.taken, dripping.error) == (200, True, None)
    assert (broken.status, broken.taken) == (200, True)
    assert dripping.latency_ms < 400


def test_of_a_huge_answer_little_is_read_and_less_is_kept() -> None:
    with receiver.running() as there:
        there.answer(receiver.huge(50_000_000))
        began = time.monotonic()
        answer = post(there.url)
    assert time.monotonic() - began < 2
    assert (answer.status, answer.body_excerpt) == (200, "x" * 1024)


def test_the_kept_excerpt_is_text_that_the_database_can_hold() -> None:
    with receiver.running() as there:
        there.answer(Reply(status=500, body=b"a\x00b\xff" + "é".encode() * 600))
        answer = post(there.url)
    assert answer.body_excerpt.startswith("a\ufffdb\ufffdé")
    assert len(answer.body_excerpt) <= 1024
    assert "\x00" not in answer.body_excerpt


GARBAGE = [
    b"\x16\x03\x01\x02",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 banana OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"HTTP/1.1 200 OK\r\nBad\x00Name: x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("raw", GARBAGE, ids=range(len(GARBAGE)))
def test_whatever_a_receiver_writes_is_an_answer_and_not_an_exception(raw: bytes) -> None:
    with receiver.running() as there:
        there.answer(Reply(raw=raw))
        answer = post(there.url, timeout_seconds=1.0)
    assert not answer.taken
    assert answer.error


def test_a_compressed_answer_is_not_unpacked() -> None:
    with receiver.running() as there:
        there.answer(Reply(body=b"\x1f\x8bnot gzip", headers=(("Content-Encoding", "gzip"),)))
        answer = post(there.url)
    assert answer.taken


def test_a_closed_port_and_a_dropped_connection_say_so() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refused = post(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    with receiver.running() as there:
        there.answer(receiver.DROP)
        dropped = post(there.url)
    assert (refused.status, refused.error) == (
        None,
        "No connection: the receiver refused it or cannot be reached.",
    )
    assert (dropped.status, dropped.error) == (None, CLOSED)


@contextmanager
def full_backlog() -> Iterator[int]:
    """A port whose queue of connections is full, so that the next connect gets no answer at all."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        try:
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(listener.getsockname())
            time.sleep(0.05)
            yield listener.getsockname()[1]
        finally:
            for client in waiting:
                client.close()


def test_a_connect_that_nobody_answers_ends_after_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.egress.CONNECT_SECONDS", 0.3)
    with full_backlog() as port:
        began = time.monotonic()
        answer = post(f"http://127.0.0.1:{port}/")
    assert time.monotonic() - began < 2
    assert (answer.status, answer.error) == (None, "No connection within 0.3 seconds.")


def test_a_name_server_that_hangs_counts_as_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.egress.CONNECT_SECONDS", 0.2)

    async def never(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    assert post("http://hooks.example/", resolve=never).error == "No connection within 0.2 seconds."


NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Fri, 01 May 2026 12:01:30 GMT", 90.0),
        ("Fri, 01 May 2026 11:00:00 GMT", 0.0),
        ("99999999999999", timedelta(days=7).total_seconds()),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("", None),
        ("Fri, 99 May 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds
