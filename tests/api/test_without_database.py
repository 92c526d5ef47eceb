"""Without PostgreSQL the API says so at once, in its own form, and the process stays alive (promises P12 and
P14)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

KEY = "rsl_live_" + "A" * 43


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _ask(port: int, path: str) -> tuple[int, dict[str, str], bytes, float]:
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"X-API-Key": KEY})
    answer = connection.getresponse()
    body = answer.read()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, headers, body, time.monotonic() - began


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A real web server whose database is not there."""
    nowhere = tmp_path_factory.mktemp("nowhere")
    number = _free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--workers", "1"]
    command += [
        "--blocking-threads",
        "8",
        "--host",
        "127.0.0.1",
        "--port",
        str(number),
        "config.wsgi:application",
    ]
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://risala@/risala?host={nowhere}",
        "RISALA_ROLE": "web",
        "RISALA_VAR": str(nowhere),
    }
    with (nowhere / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if _ask(port, "/livez")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the web server did not start")


def test_requests_are_503_in_about_two_seconds_and_then_at_once(port: int) -> None:
    first, *rest = [_ask(port, "/v1/balance") for _ in range(4)]
    for status, headers, body, _ in (first, *rest):
        assert (status, headers["retry-after"]) == (503, "5")
        assert json.loads(body)["error"]["code"] == "SERVICE_UNAVAILABLE"
        assert headers["x-ratelimit-limit"]
    assert first[3] < 3
    assert max(seconds for *_, seconds in rest) < 1


def test_health_is_503_and_the_process_is_alive(port: int) -> None:
    status, headers, body, seconds = _ask(port, "/health")
    assert (status, headers["retry-after"], json.loads(body)["database"]) == (503, "5", "down")
    assert seconds < 3
    assert _ask(port, "/livez")[0] == 200
    assert _ask(port, "/readyz")[0] == 503
