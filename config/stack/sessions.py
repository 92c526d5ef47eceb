"""Which carriers need a session right now. The launcher knows no models, so it asks `manage.py carrier
sessions --json` in the background; when that fails, whatever runs goes on running."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from config.stack.parts import manage
from config.stack.spawn import spawn

EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
# Starting the command takes more than a second of processor: at the lowest priority it takes it from nobody.
POLITELY = [nice, "-n", "19"] if (nice := shutil.which("nice")) else []


class SessionList:
    """Asks again and again; `poll` never blocks."""

    def __init__(self, env: Mapping[str, str], *, cwd: Path) -> None:
        self.env = env
        self.cwd = cwd
        self._asking: subprocess.Popen[bytes] | None = None
        self._answer: IO[bytes] | None = None
        self._due_at = 0.0
        self._asked_at = 0.0

    def poll(self) -> frozenset[str] | None:
        """The names of the carriers, once per answer; None while there is nothing new."""
        now = time.monotonic()
        if self._asking is None:
            if now >= self._due_at:
                self._ask(now)
            return None
        if self._asking.poll() is None:
            if now - self._asked_at > PATIENCE_SECONDS:
                self._asking.kill()
            return None
        return self._read(now)

    def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.kill()
            self._asking.wait()

    def _ask(self, now: float) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115 - read and closed when the command has ended
        command = [*POLITELY, *manage("carrier", "sessions", "--json")]
        self._asking = spawn(command, env=self.env, output=self._answer, cwd=self.cwd)
        self._asked_at = now

    def _read(self, now: float) -> frozenset[str] | None:
        asking, answer = self._asking, self._answer
        self._asking = self._answer = None
        self._due_at = now + EVERY_SECONDS
        if asking is None or answer is None:
            return None
        with answer:
            answer.seek(0)
            text = answer.read().decode(errors="replace")
        if asking.returncode != 0:
            return None
        return _names(text)


def _names(text: str) -> frozenset[str] | None:
    """The list in the last line that is a JSON object with `sessions`; None when there is none."""
    found = last_object(text).get("sessions")
    if not isinstance(found, list):
        return None
    return frozenset(str(name) for name in found)


def last_object(text: str) -> dict[str, object]:
    """The last line of a command's output that is a JSON object; warnings may stand before it. Empty if
    none.
    """
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if isinstance(value, dict):
                return value
    return {}
