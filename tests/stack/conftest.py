"""What the tests of the launcher share: a short folder of their own, processes that end with the test, free
ports."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parents[2]
OF_THE_TEST_RUN = ("DATABASE_URL", "REDIS_URL", "RISALA_SECRET_KEY")
T = TypeVar("T")

Start = Callable[..., "subprocess.Popen[str]"]


def eventually(check: Callable[[], T], *, seconds: float = 15.0) -> T:
    """The first true value of `check`, asked again and again for `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        assert time.monotonic() < deadline, f"not true after {seconds} s"
        time.sleep(0.02)


def living(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that an unprivileged server can reach and whose sockets have short names."""
    folder = Path(tempfile.mkdtemp(prefix="risala-stack-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(var: Path) -> Iterator[Start]:
    """Starts `python …` on the folder `var`, without the servers of the test run."""
    started: list[subprocess.Popen[str]] = []

    def start_python(*arguments: str, **env: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**clean, "RISALA_VAR": str(var), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start_python
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout:
            process.stdout.close()
