"""Other processes that a benchmark needs: started from the main thread, stopped by their own pid, gone when the benchmark is."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.stack.spawn import end, spawn

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 40.0


class NotReady(Exception):
    """A process did not begin to answer."""


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """The command's process while inside; gives its pid. What it says goes to `log`."""
    with log.open("ab") as output:
        process = spawn(
            command, env={**os.environ, **(env or {})}, output=output, cwd=ROOT, death_signal=signal.SIGTERM
        )
    try:
        yield process.pid
    finally:
        end(process, (signal.SIGTERM, 10.0), (signal.SIGINT, 3.0))


def wait_for_http(port: int, path: str, *, log: Path) -> None:
    """Wait until `path` answers anything below 500. Raises `NotReady` with the end of the log."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise NotReady(f"nothing answers on port {port}:\n{tail(log)}")


def wait_for_port(port: int, *, log: Path) -> None:
    """Wait until something listens. Raises `NotReady` with the end of the log."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NotReady(f"nothing listens on port {port}:\n{tail(log)}")


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


@contextmanager
def granian(application: str, *, log: Path, env: Mapping[str, str], path: str) -> Iterator[int]:
    """A web server as `config/stack/parts.py` starts it, with 2 workers and 32 threads each; gives its port."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", os.environ.get("WEB_WORKERS") or "2"]
    command += ["--blocking-threads", os.environ.get("WEB_THREADS") or "32", "--http", "1", "--no-ws"]
    command += ["--workers-kill-timeout", "5", "--no-access-log", application]
    with running(command, log=log, env={**env, "PORT": str(port)}):
        wait_for_http(port, path, log=log)
        yield port


class Helper:
    """A process of ours that says `ready`, waits for a line on its standard input, works, and prints what it found."""

    def __init__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            text=True,
        )
        said = self.next_line()
        if said != "ready":
            raise NotReady(f"{module} said {said!r}")

    def next_line(self) -> str:
        """What it says next; empty when it has ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def go(self, order: str = "go") -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()

    def result(self) -> str:
        """The line it ends with. Raises `NotReady` when it ended without one."""
        said = self.next_line()
        self.stop()
        if not said:
            raise NotReady("a helper process ended without a result")
        return said

    def stop(self) -> None:
        """End it, if it has not ended."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait(5)
