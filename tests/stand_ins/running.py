"""Whole running stacks (web, workers, beat) for tests over HTTP. `shared()` is one for the whole test run, on
the run's own PostgreSQL and Redis, started by the first test that needs it; `own()` is one that a test may
break.

The shared one is kept by a process of its own (`python -m tests.stand_ins.running <folder>`). Every user holds
a lock on a file of the folder; when the last one has let go, by its end however it came, the keeper stops the
stack."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import dict_row

from tests.stand_ins import stripe_server
from tests.stand_ins.waiting import until

ROOT = Path(__file__).resolve().parents[2]
RUN_VARIABLE = "RISALA_TEST_RUN"
START_SECONDS = 90.0
STOP_SECONDS = 45.0
SHARED_REDIS = 7  # the number of its database in the run's Redis
# Short waits, so that tests of what time brings about take seconds. The simulator's slowest receipt takes 30 s,
# and the horizon is a little more.
SHARED_SETTINGS = {
    "WEBHOOK_ALLOW_PRIVATE": "1",
    "WEBHOOK_SCHEDULE": "0,1,1,1",
    "WEBHOOK_TIMEOUT_SECONDS": "5",
    "LEASE_SECONDS": "10",
    "CARRIER_TIMEOUT_SECONDS": "5",
    "UNKNOWN_GRACE_SECONDS": "1",
    "RECEIPT_HORIZON_SECONDS": "35",
}
# Every way to pay is configured; Stripe's API is played on a port of loopback (tests/stand_ins/stripe_server.py).
PAYMENT_SETTINGS = {
    "STRIPE_SECRET_KEY": "sk_test_loopback",
    "STRIPE_WEBHOOK_SECRETS": "whsec_loopback",
    "CMI_CLIENT_ID": "600001234",
    "CMI_STORE_KEY": "Store|Key\\1",
    "CMI_GATEWAY_URL": "https://cmi.test/fim/est3Dgate",
    "BANK_RIB": "011780000012345678901234",
    "BANK_NAME": "Banque de Test",
    "BANK_ACCOUNT_HOLDER": "Risala SARL",
}
OF_THE_TEST_RUN = ("DATABASE_URL", "REDIS_URL", "RISALA_VAR", "RISALA_ROLE", "PORT", "HOST", "PUBLIC_URL")


@dataclass(frozen=True)
class Stack:
    """A running stack: where it answers, its servers, and the environment of its commands."""

    port: int
    database_url: str
    redis_url: str
    var: Path
    env: Mapping[str, str]

    @property
    def base_url(self) -> str:
        """Where its API is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """What a statement returns, on a connection of its own."""
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `manage.py` command beside the stack to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def audited(self) -> "subprocess.CompletedProcess[str]":
        """What `audit_books --json` says; its exit code is 0 when the books are in order."""
        return self.command("audit_books", "--json")

    def pids(self) -> dict[str, int]:
        """The main processes by name, as they are now."""
        found: dict[str, int] = json.loads((self.var / "stack.json").read_text())["pids"]
        return found

    def alive(self) -> bool:
        """Whether the web server answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def log(self, name: str) -> str:
        """What a part has written so far."""
        path = self.var / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def of_the_run() -> Path:
    """The folder that all processes of this test run share."""
    return Path(os.environ[RUN_VARIABLE])


def in_database(url: str, name: str) -> str:
    """The same server's database of another name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file, across processes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def template() -> str:
    """The name of a database with all migrations applied, made once in a test run."""
    folder = of_the_run()
    name = "template_" + folder.name.replace("-", "_").lower()
    url = in_database(os.environ["DATABASE_URL"], name)
    with locked(folder / "template.lock"):
        if (folder / "template.made").exists():
            return name
        create_database(name)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            check=True,
            timeout=120,
        )
        (folder / "template.made").touch()
    return name


def create_database(name: str, *, like: str = "template1") -> None:
    """Make a database on the test run's server, in place of one that a broken run left behind."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())


def spawn(env: Mapping[str, str], log: Path, *, with_parent: bool = True) -> "subprocess.Popen[bytes]":
    """Start the launcher; it ends with this process."""
    command = [sys.executable, "-m", "config.stack.launch", "run"]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*command, "--with-parent"] if with_parent else command,
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def environment(var: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a stack in a folder of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
    return {**clean, "RISALA_VAR": str(var), "PORT": str(port), "LOG_LEVEL": "WARNING", **more}


def ready(log: Path, process: "subprocess.Popen[bytes]") -> bool:
    """Whether the launcher has said that everything runs. Raises AssertionError when it has ended instead."""
    text = log.read_text(errors="replace") if log.exists() else ""
    assert process.poll() is None, f"the stack did not start:\n{text}"
    return "Ctrl-C stops everything." in text


def known(env: Mapping[str, str]) -> Stack:
    """The stack that runs in an environment's folder."""
    var = Path(env["RISALA_VAR"])
    state = json.loads((var / "stack.json").read_text())
    addresses = {"DATABASE_URL": state["database_url"], "REDIS_URL": state["redis_url"]}
    return Stack(state["port"], state["database_url"], state["redis_url"], var, {**env, **addresses})


@contextmanager
def own(**settings: str) -> Iterator[Stack]:
    """A stack with servers of its own unless `DATABASE_URL` or `REDIS_URL` are among the settings."""
    folder = Path(tempfile.mkdtemp(prefix="risala-own-"))
    folder.chmod(0o755)  # under root the servers run as somebody else
    env = environment(folder / "var", free_port(), **settings)
    log = folder / "launcher.log"
    process = spawn(env, log)
    try:
        until(lambda: ready(log, process), seconds=START_SECONDS, what="the stack runs")
        yield known(env)
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a launcher in order, or at once when that takes too long."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@cache
def shared() -> Stack:
    """The stack of this test run, started when nobody has yet. It runs until every process that asked for it
    has ended or called `let_go`."""
    folder = of_the_run() / "shared"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    with locked(folder / "start.lock"):
        global _use
        _use = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(_use, fcntl.LOCK_SH)
        if not (folder / "ready.json").exists():
            start_keeper(folder)
    return known(json.loads((folder / "ready.json").read_text()))


_use: int | None = None


def let_go() -> None:
    """Say that this process needs the shared stack no more."""
    global _use
    if _use is not None:
        os.close(_use)
        _use = None
        shared.cache_clear()


def start_keeper(folder: Path) -> None:
    """Make the database and start the keeper, and wait until the stack runs."""
    name = "shared_" + folder.parent.name.replace("-", "_").lower()
    create_database(name, like=template())
    redis = os.environ["REDIS_URL"].partition("?")[0]
    redis = (
        f"{redis}?db={SHARED_REDIS}"
        if redis.startswith("unix:")
        else urlunsplit(urlsplit(redis)._replace(path=f"/{SHARED_REDIS}"))
    )
    env = environment(
        folder / "var",
        free_port(),
        DATABASE_URL=in_database(os.environ["DATABASE_URL"], name),
        REDIS_URL=redis,
        **SHARED_SETTINGS,
        **PAYMENT_SETTINGS,
        STRIPE_API_BASE=f"http://127.0.0.1:{free_port()}",
    )
    (folder / "env.json").write_text(json.dumps(env))
    with (folder / "keeper.log").open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.stand_ins.running", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def runs() -> bool:
        assert keeper.poll() is None, (folder / "keeper.log").read_text(errors="replace")
        return (folder / "ready.json").exists()

    until(runs, seconds=START_SECONDS, what="the shared stack runs")


def read_env(folder: Path) -> dict[str, str]:
    """The environment of the shared stack of a folder."""
    env: dict[str, str] = json.loads((folder / "env.json").read_text())
    return env


def ended(folder: Path) -> bool:
    """Whether the keeper of a folder has stopped its stack, or there was none."""
    return not (folder / "env.json").exists() or (folder / "ended").exists()


def keep(folder: Path) -> None:
    """The keeper: run the stack until nobody uses it."""
    env = read_env(folder)
    log = folder / "launcher.log"
    process = spawn(env, log)
    handle = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    told = False
    try:
        while True:
            if not told and ready(log, process):
                (folder / "ready.json").write_text(json.dumps(env))
                told = True
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.1)
                continue
            return
    finally:
        stop(process)
        (folder / "ended").touch()


def keep_all(folder: Path) -> None:
    """The keeper with what it plays for the stack."""
    with stripe_server.running(urlsplit(read_env(folder)["STRIPE_API_BASE"]).port or 0):
        keep(folder)


if __name__ == "__main__":
    keep_all(Path(sys.argv[1]))
