"""Limits hold to the request, are told on every answer, and neither stop nor slow anything when Redis is
away."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from django.conf import settings as present
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.api import throttling
from accounts.models import ApiKey
from tests.api.conftest import Caller, error_of

Make = Callable[..., Caller]
FIGURES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


@pytest.fixture
def without_redis(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock?db=0"
    settings.WEB_WORKERS = 2
    monkeypatch.setattr(throttling, "_redis", throttling._Redis())


def test_ten_a_minute_are_ten(caller: Make) -> None:
    asking = caller(rate_per_minute=10)
    passed = [asking.get("/v1/balance") for _ in range(10)]
    assert [answer.status_code for answer in passed] == [200] * 10
    assert [answer["X-RateLimit-Remaining"] for answer in passed] == [str(left) for left in range(9, -1, -1)]
    assert {answer["X-RateLimit-Limit"] for answer in passed} == {"10"}
    refused = asking.get("/v1/balance")
    assert (refused.status_code, error_of(refused)["code"]) == (429, "RATE_LIMITED")
    assert 1 <= int(refused["Retry-After"]) <= 6
    assert refused["X-RateLimit-Remaining"] == "0"
    assert 54 <= int(refused["X-RateLimit-Reset"]) <= 60


def test_the_tighter_window_wins_and_is_told(caller: Make) -> None:
    asking = caller(rate_per_minute=100, rate_per_second=3)
    answers = [asking.get("/v1/balance") for _ in range(3)]
    assert [answer["X-RateLimit-Limit"] for answer in answers] == ["3"] * 3
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0"]


def test_a_refused_request_takes_nothing(caller: Make) -> None:
    asking = caller(rate_per_minute=1000, rate_per_second=1)
    asking.get("/v1/balance")
    refused = [asking.get("/v1/balance") for _ in range(5)]
    assert {answer.status_code for answer in refused} == {429}
    key = ApiKey.objects.get(prefix=asking.key[:17])
    assert minute_bucket(f"rate:{key.id.hex}:{throttling.MINUTE}") <= throttling.MINUTE / 1000


def minute_bucket(key: str) -> float:
    """Microseconds until the bucket is full."""
    client = redis.Redis.from_url(present.REDIS_URL)
    with client:
        seconds, micros = client.time()
        kept = client.get(key)
        assert isinstance(kept, bytes)
        return float(kept) - (seconds * 1e6 + micros)


def test_zero_is_no_limit(caller: Make) -> None:
    answer = caller(rate_per_minute=0).get("/v1/balance")
    assert tuple(answer[name] for name in FIGURES) == ("1000000", "1000000", "0")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/health", "/v1/balance", "/v1/openapi.json"])
def test_every_answer_without_a_key_tells_the_addresss_figures(db: None, client: Client, path: str) -> None:
    answer = client.get(path, REMOTE_ADDR=f"198.51.100.{len(path)}")
    assert answer["X-RateLimit-Limit"] == "20"
    assert int(answer["X-RateLimit-Remaining"]) <= 19


def test_strangers_are_slowed_by_address(db: None, client: Client) -> None:
    statuses = [
        client.get("/v1/balance", headers={"x-api-key": "x"}, REMOTE_ADDR="198.51.100.77").status_code
        for _ in range(40)
    ]
    assert statuses[:20] == [401] * 20
    assert 429 in statuses


def test_without_redis_each_process_counts_its_share(without_redis: None, caller: Make) -> None:
    asking = caller(rate_per_minute=10)
    answers = [asking.get("/v1/balance") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert {answer["X-RateLimit-Limit"] for answer in answers} == {"10"}
    assert int(answers[-1]["Retry-After"]) <= 12


def test_without_redis_nothing_waits(without_redis: None, caller: Make) -> None:
    asking = caller(rate_per_minute=1000)
    asking.get("/v1/balance")
    began = time.perf_counter()
    for _ in range(50):
        throttling.take_address("198.51.100.5")
    assert time.perf_counter() - began < 0.05
