"""The launcher's supervision: a part that dies comes back, parts stop in order, nothing outlives the
launcher, and a port somebody listens on is refused."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from config.stack.launch import read_wishes
from config.stack.parts import why_taken
from config.stack.spawn import StackError
from config.stack.supervise import Part, Supervisor
from tests.stack.conftest import Start, eventually, living

# Tells when it starts and when it is asked to stop; finishes "the running task" first.
WORKER = """
import signal, sys, time
def stop(number, frame):
    time.sleep(0.3)
    open(sys.argv[1], "a").write(f"stopped {sys.argv[2]}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("hello from " + sys.argv[2], flush=True)
open(sys.argv[1], "a").write(f"started {sys.argv[2]}\\n")
while True:
    time.sleep(60)
"""

# A child of the launcher with a forked grandchild, as the web server and the Celery workers have.
FAMILY = """
import os, sys, time
from pathlib import Path
from config.stack.orphans import die_with_parent
from config.stack.supervise import Part, Supervisor
if sys.argv[1] == "launcher":
    supervisor = Supervisor(cwd=Path.cwd(), logs=Path(sys.argv[2]))
    env = {**os.environ, "RISALA_LAUNCHER": str(os.getpid())}
    supervisor.add(Part("main", [sys.executable, "-c", os.environ["FAMILY"], "main", sys.argv[2]], env))
    while True:
        supervisor.run_for(0.05)
grandchild = os.fork() == 0
if grandchild:
    os.setsid()
    die_with_parent()
Path(sys.argv[2], "grandchild" if grandchild else "main").write_text(str(os.getpid()))
while True:
    time.sleep(60)
"""


def never() -> bool:
    """No hurry."""
    return False


def worker(journal: Path, name: str) -> Part:
    return Part(name, [sys.executable, "-c", WORKER, str(journal), name], dict(os.environ))


def lines(journal: Path) -> list[str]:
    return journal.read_text().splitlines() if journal.exists() else []


def turn_until(supervisor: Supervisor, journal: Path, count: int) -> list[str]:
    """Supervise until the journal has `count` lines."""

    def enough() -> bool:
        supervisor.run_for(0.02)
        return len(lines(journal)) >= count

    eventually(enough)
    return lines(journal)


def test_a_part_that_is_killed_comes_back_and_its_lines_are_kept_with_its_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor, journal = Supervisor(cwd=tmp_path, logs=tmp_path), tmp_path / "journal"
    supervisor.add(worker(journal, "one"))
    assert turn_until(supervisor, journal, 1) == ["started one"]
    first = supervisor.pids["one"]
    os.kill(first, signal.SIGKILL)
    assert turn_until(supervisor, journal, 2) == ["started one", "started one"]
    assert supervisor.pids["one"] != first
    supervisor.stop(["one"], hurry=never)
    assert lines(journal)[2:] == ["stopped one"]
    assert (tmp_path / "one.log").read_text().splitlines() == ["hello from one"] * 2
    shown = capfd.readouterr().out
    assert shown.count("one      | hello from one\n") == 2
    assert "one ended (SIGKILL); it starts again in 0.2 s.\n" in shown


def test_stop_waits_for_running_tasks_and_keeps_the_order(tmp_path: Path) -> None:
    supervisor, journal = Supervisor(cwd=tmp_path, logs=tmp_path), tmp_path / "journal"
    for name in ("worker", "web", "beat"):
        supervisor.add(worker(journal, name))
    turn_until(supervisor, journal, 3)
    for name in ("beat", "web", "worker"):
        supervisor.stop([name], hurry=never)
    assert lines(journal)[3:] == ["stopped beat", "stopped web", "stopped worker"]
    assert supervisor.pids == {}


def test_a_part_that_does_not_stop_is_killed_after_its_time(tmp_path: Path) -> None:
    supervisor = Supervisor(cwd=tmp_path, logs=tmp_path)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); open('deaf', 'w').close(); time.sleep(60)"
    supervisor.add(Part("deaf", [sys.executable, "-c", deaf], dict(os.environ)))

    def up() -> bool:
        supervisor.run_for(0.02)
        return (tmp_path / "deaf").exists()

    eventually(up)
    pid = supervisor.pids["deaf"]
    began = time.monotonic()
    supervisor.stop(["deaf"], seconds=0.3, hurry=never)
    assert 0.3 <= time.monotonic() - began < 5
    assert not living(pid)


def test_kill_9_of_the_launcher_takes_children_and_grandchildren_along(tmp_path: Path, start: Start) -> None:
    launcher = start("-c", FAMILY, "launcher", str(tmp_path), FAMILY=FAMILY)
    files = [tmp_path / "main", tmp_path / "grandchild"]
    eventually(lambda: all(file.exists() and file.read_text() for file in files))
    pids = [int(file.read_text()) for file in files]
    assert all(living(pid) for pid in pids)
    launcher.kill()
    launcher.wait()
    eventually(lambda: not any(living(pid) for pid in pids), seconds=5)


def test_a_port_shared_by_reuse_is_still_taken(free_port: int) -> None:
    assert why_taken("127.0.0.1", free_port) == ""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("0.0.0.0", free_port))  # noqa: S104 - the case in question
        listener.listen()
        expected = f"port {free_port} on 127.0.0.1 is taken; set PORT to a free one."
        assert why_taken("127.0.0.1", free_port) == expected
    assert why_taken("127.0.0.1", free_port) == ""


def test_run_refuses_a_taken_port_before_it_touches_anything(var: Path, start: Start, free_port: int) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port))
        listener.listen()
        launcher = start("-m", "config.stack.launch", "run", PORT=str(free_port))
        said, _ = launcher.communicate(timeout=15)
    assert launcher.returncode == 2
    assert said == f"Risala cannot run: Port {free_port} on 127.0.0.1 is taken; set PORT to a free one.\n"
    assert not (var / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1", "８"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(StackError, match=r"^PORT='.*' is not a port: a whole number from 1 to 65535\.$"):
        read_wishes()
