"""The embedded PostgreSQL: created once, started, recovered after any kind of death, stopped. It listens on a
Unix socket in a 0700 folder and nowhere else, because its local connections need no password."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.stack.binaries import postgres_programs
from config.stack.places import Places, hand_over, private_dir
from config.stack.spawn import Owner, StackError, end, spawn

NAME = "risala"
START_SECONDS = 60.0  # crash recovery of a big write-ahead log takes its time
NAMED_UID = 65534  # `nobody`; initdb wants a uid with a name, the server does not

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "jit": "off",
}


class Postgres:
    """One embedded PostgreSQL server; `start` may be called again after it died."""

    def __init__(self, places: Places, lock: int, extra: Mapping[str, str]) -> None:
        self.places = places
        self.lock = lock
        self.settings = {**SETTINGS, "unix_socket_directories": str(places.run), **extra}
        self.programs = postgres_programs(places.owner)
        self.data = places.home / "postgres"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the application connects: an ordinary role that owns its database, not a superuser."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.places.run), safe='')}"

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it lives."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def start(self) -> None:
        """Create the cluster if there is none, start it, wait until it answers, make role and database."""
        if not self.data.exists():
            self._create()
        self._check_version()
        self._forget_reused_pids()
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with (self.places.log / "postgres.log").open("ab") as output:
            self.process = spawn(
                [str(self.programs / "postgres"), "-D", str(self.data), *settings],
                env={"LC_ALL": "C", "PATH": os.defpath},
                output=output,
                death_signal=signal.SIGINT,  # "fast": aborts transactions and ends cleanly
                owner=self.places.owner,
                keep=(self.lock,),
                cwd=self.data,
            )
        with self._connect_when_ready() as connection:
            _make_role_and_database(connection)

    def stop(self) -> None:
        """Fast shutdown, then immediate, then SIGKILL."""
        if self.process is not None:
            end(self.process, (signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0))
            self.process = None

    def _create(self) -> None:
        """initdb into a folder beside, which becomes the data folder only when complete.

        As root it runs as `nobody` in a folder only our group may enter, since initdb refuses a uid without a
        name.
        """
        owner = self.places.owner
        nursery = self.places.home / "postgres.new"
        shutil.rmtree(nursery, ignore_errors=True)
        private_dir(nursery, None)
        fresh = nursery / "data"
        maker = owner
        if owner is not None:
            os.chown(nursery, 0, owner.gid)
            nursery.chmod(0o710)
            maker = Owner(NAMED_UID, owner.gid)
        private_dir(fresh, maker)
        self._initdb(fresh, maker)
        hand_over(fresh, owner)
        fresh.rename(self.data)
        nursery.rmdir()

    def _initdb(self, folder: Path, maker: Owner | None) -> None:
        command = [
            str(self.programs / "initdb"),
            "-D",
            str(folder),
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
        ]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        log = self.places.log / "initdb.log"
        with log.open("wb") as output:
            process = spawn(
                command, env={"LC_ALL": "C", "PATH": os.defpath}, output=output, owner=maker, cwd=folder
            )
            if process.wait() != 0:
                raise StackError(f"PostgreSQL could not create its data folder; {log} says:\n{_tail(log)}")

    def _check_version(self) -> None:
        """Refuse data of another major version: opening it needs pg_upgrade, which is the operator's
        decision.
        """
        marker = self.programs.parent / "share" / "postgres.bki"
        marker = marker if marker.exists() else self.programs.parent / "share" / "postgresql" / "postgres.bki"
        if not marker.exists():
            return
        with marker.open() as lines:
            ours = lines.readline().split()[-1]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise StackError(
                f"{self.data} is of PostgreSQL {theirs}, the program is {ours}; run pg_upgrade first."
            )

    def _forget_reused_pids(self) -> None:
        """Remove a lock file of a dead server whose pid now belongs to another program.

        PostgreSQL cleans up after a pid that is gone, but refuses to start when the recorded pid lives again
        as another program of the same user, as happens after a container restart (seen: `lock file
        "postmaster.pid" already exists`). A server on this data has the data folder as its working folder;
        without /proc nothing is removed.
        """
        for lock_file in (self.data / "postmaster.pid", self.places.run / ".s.PGSQL.5432.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                process = Path("/proc") / str(int(lock_file.read_text().split()[0]))
                if process.exists() and _working_folder(process) != self.data:
                    lock_file.unlink()

    def _connect_when_ready(self) -> psycopg.Connection[tuple[object, ...]]:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return psycopg.connect(
                    host=str(self.places.run), user="postgres", port=5432, dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError as error:
                log = self.places.log / "postgres.log"
                if self.pid is None:
                    raise StackError(f"PostgreSQL did not start; {log} ends with:\n{_tail(log)}") from error
                if time.monotonic() > deadline:
                    self.stop()
                    raise StackError(
                        f"PostgreSQL was not ready after {START_SECONDS:.0f} s; see {log}."
                    ) from error
            time.sleep(0.02)


def _make_role_and_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The role may create roles (`auditor`) and databases (for tests), and is no superuser."""
    name = sql.Identifier(NAME)
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (NAME,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB").format(name))
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _working_folder(process: Path) -> Path | None:
    """The working folder of a process under /proc; None for a zombie or another user's process."""
    try:
        return (process / "cwd").resolve(strict=True)
    except OSError:
        return None


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
