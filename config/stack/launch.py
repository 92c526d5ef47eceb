"""`python -m config.stack.launch run` starts a whole Risala on this machine and keeps it running; `services`
only its PostgreSQL and Redis. Ctrl-C or SIGTERM stops everything in order; a second one stops it at once."""

import argparse
import http.client
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config.stack import embedded, parts, records
from config.stack.become import end_with_parent
from config.stack.console import say
from config.stack.orphans import LAUNCHER_VARIABLE
from config.stack.places import hold_folder, open_dir
from config.stack.sessions import SessionList, last_object
from config.stack.spawn import StackError, end, spawn
from config.stack.supervise import FIRST_DELAY, LONGEST_DELAY, Supervisor

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0
TURN_SECONDS = 0.2
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound


@dataclass(frozen=True)
class Wishes:
    """What the environment asks for."""

    var: Path
    host: str
    port: int
    database_url: str
    redis_url: str

    @property
    def local_host(self) -> str:
        """The host by which this machine reaches the web server."""
        return "127.0.0.1" if self.host in EVERYWHERE else self.host

    @property
    def address(self) -> str:
        """The address of the web server as seen from this machine."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"


def read_wishes() -> Wishes:
    """RISALA_VAR, HOST, PORT, DATABASE_URL, REDIS_URL. Raises StackError for a PORT that is none."""
    raw = os.environ.get("PORT") or "8000"
    if not raw.isascii() or not raw.isdigit() or not 0 < int(raw) < 65536:
        raise StackError(f"PORT={raw!r} is not a port: a whole number from 1 to 65535.")
    return Wishes(
        var=Path(os.environ.get("RISALA_VAR") or ROOT / "var").expanduser().absolute(),
        host=os.environ.get("HOST") or "127.0.0.1",
        port=int(raw),
        database_url=os.environ.get("DATABASE_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
    )


class StopRequests:
    """Counts SIGINT, SIGTERM and SIGHUP (unless nohup made us ignore it), and the death of who started us."""

    def __init__(self, *, with_parent: bool) -> None:
        self.count = 0
        self._parent = os.getppid() if with_parent else 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._asked)
        if with_parent:
            end_with_parent(signal.SIGTERM)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def stopping(self) -> bool:
        """Whether to stop."""
        return self.count > 0 or bool(self._parent and os.getppid() != self._parent)

    def hurry(self) -> bool:
        """Whether to stop without waiting for running tasks."""
        return self.count > 1


class Stopped(Exception):
    """A stop was asked for during the start."""


class Launch:
    """One stack from start to end."""

    def __init__(self, wishes: Wishes, stop: StopRequests) -> None:
        self.wishes = wishes
        self.stop = stop
        self.servers = embedded.start(
            wishes.var, postgres=not wishes.database_url, redis=not wishes.redis_url
        )
        places = self.servers.places
        self.var, self.log = places.var, places.log
        self.supervisor = Supervisor(cwd=ROOT, logs=self.log)
        self.addresses = {
            "DATABASE_URL": self.servers.database_url or wishes.database_url,
            "REDIS_URL": self.servers.redis_url or wishes.redis_url,
            "RISALA_SECRET_KEY": records.secret_key(self.var),
        }
        self.env = {
            **os.environ,
            **self.addresses,
            "RISALA_VAR": str(self.var),
            LAUNCHER_VARIABLE: str(os.getpid()),
            "PYTHONUNBUFFERED": "1",
        }
        self.sessions = SessionList(self.addresses["DATABASE_URL"])
        self._revive_at, self._revive_delay = 0.0, FIRST_DELAY
        open_dir(
            self.var / "static"
        )  # whitenoise warns without it, though it serves from the apps' own folders
        # Commands name addresses of the web server too, such as a carrier's callback.
        public = {"PUBLIC_URL": url} if (url := os.environ.get("PUBLIC_URL")) else {}
        records.write_env(self.var, {**self.addresses, "PORT": str(wishes.port), **public})
        self.record()

    def record(self) -> None:
        """Bring `stack.json` up to date."""
        state = {
            "launcher": os.getpid(),
            "pids": {**self.servers.pids, **self.supervisor.pids},
            "host": self.wishes.host,
            "port": self.wishes.port,
            "url": self.wishes.address,
            "database_url": self.addresses["DATABASE_URL"],
            "redis_url": self.addresses["REDIS_URL"],
        }
        records.write_state(self.var, state)

    def step(self, title: str, *arguments: str) -> str:
        """Run one `manage.py` command to its end and return what it printed.

        Raises StackError with the end of its output when it fails, Stopped when a stop is asked for
        meanwhile.
        """
        say(f"{title} …")
        with tempfile.TemporaryFile() as output:
            process = spawn(parts.manage(*arguments), env=self.env, output=output, cwd=ROOT)
            while process.poll() is None:
                if self.stop.stopping():
                    end(process, (signal.SIGTERM, 5.0))
                    raise Stopped
                time.sleep(0.02)
            output.seek(0)
            text = output.read().decode(errors="replace")
        if process.returncode != 0:
            tail = "\n".join(text.splitlines()[-25:])
            raise StackError(f"`manage.py {' '.join(arguments)}` failed:\n{tail}")
        return text

    def start_parts(self) -> None:
        """Start web, workers and beat, and wait until the web server answers."""
        obstacle = parts.why_taken(self.wishes.host, self.wishes.port)
        if obstacle:
            raise StackError(obstacle[0].upper() + obstacle[1:])
        self.supervisor.add(parts.web(self.env, host=self.wishes.host, port=self.wishes.port))
        for part in parts.workers(self.env):
            self.supervisor.add(part)
        deadline = time.monotonic() + READY_SECONDS
        while not self.alive():
            self.turn()
            if self.stop.stopping():
                raise Stopped
            if time.monotonic() > deadline:
                raise StackError(
                    f"The web server does not answer after {READY_SECONDS:.0f} s; see {self.log}."
                )

    def alive(self) -> bool:
        """Whether /livez answers 200."""
        connection = http.client.HTTPConnection(self.wishes.local_host, self.wishes.port, timeout=2)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def turn(self) -> None:
        """One round of supervision."""
        changed = self.supervisor.run_for(TURN_SECONDS)
        changed |= self.revive_servers()
        if changed:
            self.record()

    def revive_servers(self) -> bool:
        """Start PostgreSQL or Redis again if it died, with the same patience as for the parts."""
        now = time.monotonic()
        if now < self._revive_at:
            return False
        try:
            revived = self.servers.restart_dead()
        except StackError as error:
            say(str(error))
            revived = ["?"]
        if not revived:
            if now - self._revive_at > LONGEST_DELAY * 2:
                self._revive_delay = FIRST_DELAY
            return False
        say(f"started again: {', '.join(revived)}")
        self._revive_at = time.monotonic() + self._revive_delay
        self._revive_delay = min(self._revive_delay * 2, LONGEST_DELAY)
        return True

    def match_sessions(self) -> None:
        """Start and stop carrier sessions so that they are those asked for."""
        wanted = self.sessions.poll()
        if wanted is None:
            return
        running = {
            name.removeprefix(parts.SESSION_PREFIX) for name in self.supervisor.parts if is_session(name)
        }
        for carrier in sorted(wanted - running):
            self.supervisor.add(parts.session(self.env, carrier))
        gone = sorted(running - wanted)
        if gone:
            say(f"stopping the session of {', '.join(gone)}")
            self.supervisor.stop([parts.SESSION_PREFIX + name for name in gone], hurry=self.stop.stopping)
            self.record()

    def close(self) -> None:
        """Stop everything: beat, web, the rest, Redis, PostgreSQL."""
        self.sessions.close()
        rest = [name for name in self.supervisor.parts if name not in parts.STOP_ORDER]
        for names in ([name] for name in parts.STOP_ORDER):
            self.supervisor.stop(names, hurry=self.stop.hurry)
        self.supervisor.stop(rest, hurry=self.stop.hurry)
        self.servers.stop()
        for leftover in ("stack.json", "env"):
            (self.var / leftover).unlink(missing_ok=True)


def is_session(name: str) -> bool:
    """Whether a part is a carrier's session."""
    return name.startswith(parts.SESSION_PREFIX)


def welcome(wishes: Wishes, demo: Mapping[str, object]) -> str:
    """What a newcomer needs, once everything answers."""
    sandbox_key = demo.get("api_key") or "YOUR_TEST_KEY"
    key = demo.get("live_key") or "YOUR_KEY"
    password = demo.get("admin_password") or "(the password you have)"
    body = '{"to":"+212600000000","message":"Hello from Risala"}'
    rows = [
        "",
        f"Risala is running.   Dashboard  {demo.get('dashboard') or wishes.address}",
        f"                     Login      {demo.get('admin_email', '?')}  {password}",
        f"                     Test key   {sandbox_key}   (never costs money)",
        f"                     Live key   {key}   "
        "(charges the demo balance; goes to the simulator until a carrier has a route)",
        "",
        "Send a first message (paste this into another terminal):",
        "",
        f'curl -s {wishes.address}/v1/messages -H "Authorization: Bearer {key}" '
        f"-H \"Content-Type: application/json\" -d '{body}'",
        "",
        "See it delivered, and what it cost:",
        "",
        f'curl -s "{wishes.address}/v1/messages?limit=1" -H "Authorization: Bearer {key}"',
        f'curl -s {wishes.address}/v1/balance -H "Authorization: Bearer {key}"',
        "",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(rows)


def run(launch: Launch) -> None:
    """Prepare the database, start everything, supervise until a stop is asked for."""
    launch.step("Bringing the database up to date", "migrate", "--no-input")
    demo = last_object(launch.step("Looking after the demo account", "bootstrap", "--json"))
    say("Starting web, workers and beat …")
    launch.start_parts()
    say(welcome(launch.wishes, demo))
    while not launch.stop.stopping():
        launch.turn()
        launch.match_sessions()


def services(launch: Launch) -> None:
    """Keep only PostgreSQL and Redis running until a stop is asked for."""
    say(f"DATABASE_URL={launch.addresses['DATABASE_URL']}\nREDIS_URL={launch.addresses['REDIS_URL']}")
    say(f"PostgreSQL and Redis are running; {launch.var / 'env'} has their addresses. Ctrl-C stops them.")
    while not launch.stop.stopping():
        launch.turn()


def work(wishes: Wishes, stop: StopRequests, job: Callable[[Launch], None]) -> None:
    """Do `job` on a started stack, and stop the stack however that ends."""
    launch = Launch(wishes, stop)
    try:
        job(launch)
    except Stopped:
        pass
    finally:
        say("Stopping …")
        launch.close()
        say("Stopped.")


def main() -> int:
    """Returns the exit status: 0 after an orderly stop, 2 when the stack could not start or go on."""
    parser = argparse.ArgumentParser(prog="python -m config.stack.launch", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("run", "services"), default="run")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this ends"
    )
    arguments = parser.parse_args()
    stop = StopRequests(with_parent=arguments.with_parent)
    try:
        wishes = read_wishes()
        taken = parts.why_taken(wishes.host, wishes.port) if arguments.what == "run" else ""
        if taken:
            os.close(hold_folder(open_dir(wishes.var)))  # a second start on one folder is told just that
            raise StackError(taken[0].upper() + taken[1:])
        say(f"Starting Risala in {wishes.var} …")
        work(wishes, stop, run if arguments.what == "run" else services)
    except (StackError, PermissionError) as error:
        say(f"Risala cannot run: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
