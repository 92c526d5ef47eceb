"""Keeps named child processes running: starts them, starts again what dies, passes on what they print, and
stops them in an order. One thread, one loop: `run_for` is called again and again and does everything."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.stack.console import ChildLog, say
from config.stack.spawn import spawn

FIRST_DELAY = 0.2  # seconds before a part that died starts again, doubled each time
LONGEST_DELAY = 5.0
SETTLED_SECONDS = 10.0  # alive this long: the next death counts as the first again
STOP_SECONDS = 30.0
KILL_SECONDS = 5.0
LAST_READS = 50  # what stopped parts said last; bounded, because others go on talking


def nothing_in_the_way() -> str:
    """The obstacle of a part that can always start."""
    return ""


@dataclass
class Part:
    """One process to keep running. `obstacle` says before each start why it cannot be started now, or
    nothing.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    obstacle: Callable[[], str] = nothing_in_the_way
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # monotonic seconds
    due_at: float = 0.0
    delay: float = field(default=FIRST_DELAY)


class Supervisor:
    """The parts of a stack, by name."""

    def __init__(self, *, cwd: Path, logs: Path) -> None:
        self.cwd = cwd
        self.logs = logs
        self.parts: dict[str, Part] = {}
        self._outputs = selectors.DefaultSelector()

    @property
    def pids(self) -> dict[str, int]:
        """Main pids of the parts that live, by name."""
        return {name: part.process.pid for name, part in self.parts.items() if part.process}

    def add(self, part: Part) -> None:
        """Keep `part` running from the next turn on."""
        self.parts[part.name] = part

    def run_for(self, seconds: float) -> bool:
        """One turn: wait up to `seconds` for output, pass it on, restart what is due.

        Returns whether a pid has changed.
        """
        self._pass_on(seconds)
        before = self.pids
        for part in list(self.parts.values()):
            self._notice_death(part)
            if part.process is None and time.monotonic() >= part.due_at:
                self._start(part)
        return self.pids != before

    def stop(self, names: Iterable[str], *, seconds: float = STOP_SECONDS, hurry: Callable[[], bool]) -> None:
        """SIGTERM to the main process of each, then SIGKILL to what is left after `seconds` or when
        `hurry()`.
        """
        stopping = [part for name in names if (part := self.parts.pop(name, None)) and part.process]
        for part in stopping:
            if part.process:
                part.process.terminate()
        deadline = time.monotonic() + seconds
        while any(_alive(part) for part in stopping) and time.monotonic() < deadline and not hurry():
            self._pass_on(0.05)
        for part in stopping:
            if _alive(part):
                say(f"{part.name} did not stop in time and is killed.")
            _kill_group(part)
        for _ in range(LAST_READS):
            if not self._pass_on(0):
                break

    def _start(self, part: Part) -> None:
        now = time.monotonic()
        obstacle = part.obstacle()
        if obstacle:
            say(f"{part.name} cannot start: {obstacle}")
            self._postpone(part, now)
            return
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        try:
            part.process = spawn(part.command, env=part.env, output=write_end, cwd=self.cwd)
        finally:
            os.close(write_end)
        part.started_at = now
        self._outputs.register(read_end, selectors.EVENT_READ, ChildLog(self.logs, part.name))

    def _notice_death(self, part: Part) -> None:
        if part.process is None or part.process.poll() is None:
            return
        now = time.monotonic()
        status = part.process.returncode
        _kill_group(part)  # workers it left behind
        part.process = None
        if now - part.started_at >= SETTLED_SECONDS:
            part.delay = FIRST_DELAY
        say(f"{part.name} ended ({_ending(status)}); it starts again in {part.delay:.1f} s.")
        self._postpone(part, now)

    def _postpone(self, part: Part, now: float) -> None:
        part.due_at = now + part.delay
        part.delay = min(part.delay * 2, LONGEST_DELAY)

    def _pass_on(self, seconds: float) -> bool:
        """Wait up to `seconds` for output and pass it on; returns whether there was any."""
        if not self._outputs.get_map():
            time.sleep(seconds)
            return False
        ready = self._outputs.select(seconds)
        for key, _ in ready:
            log: ChildLog = key.data
            data = os.read(key.fd, 65536)
            if data:
                log.feed(data)
            else:
                log.close()
                self._outputs.unregister(key.fd)
                os.close(key.fd)
        return bool(ready)


def _alive(part: Part) -> bool:
    return part.process is not None and part.process.poll() is None


def _kill_group(part: Part) -> None:
    """SIGKILL to all that is left of the process group of a part (each is the leader of its own)."""
    if part.process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(part.process.pid, signal.SIGKILL)
    part.process.wait(KILL_SECONDS)


def _ending(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit {status}"
