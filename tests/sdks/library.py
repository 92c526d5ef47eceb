"""A client library under test, in its own language: a program in `drivers/` that is told what to do, line by line."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRIVERS = Path(__file__).parent / "drivers"
PROGRAMS = {
    "python": [sys.executable, "-I", "-S", str(DRIVERS / "driver.py")],
    "node": ["node", str(DRIVERS / "driver.mjs")],
    "php": ["php", str(DRIVERS / "driver.php")],
}


class LibraryError(Exception):
    """What the library raised: the name of its class, and what it tells."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told)
        self.kind: str = told["kind"]
        self.told = told


def missing(language: str) -> str:
    """Why a library cannot be run here, empty when it can."""
    if language == "php" and shutil.which("php"):
        asked = ["php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"]
        return "" if subprocess.run(asked, check=False).returncode == 0 else "PHP has no curl here (php-curl)"
    return "" if shutil.which(PROGRAMS[language][0]) else f"{language} is not installed here"


@dataclass
class Library:
    """One library, and the client it was told to make."""

    language: str
    process: subprocess.Popen[str]

    @classmethod
    def started(cls, language: str) -> Library:
        """Its program, waiting for tasks."""
        pipe = subprocess.PIPE
        return cls(language, subprocess.Popen(PROGRAMS[language], stdin=pipe, stdout=pipe, text=True))

    def stop(self) -> None:
        """End the program."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def do(self, what: str, **task: Any) -> Any:
        """What comes of one task. Raises LibraryError when the library raised, AssertionError when it broke."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **task}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the {self.language} program ended at {what} {task}"
        answer = json.loads(line)
        if "error" in answer:
            raise LibraryError(answer["error"])
        return answer["ok"]

    def connect(self, base_url: str, api_key: str, *, retries: int = 3) -> None:
        """Make the client of the tasks that follow."""
        assert self.do("client", base_url=base_url, api_key=api_key, retries=retries) == "0.1.0"

    def call(self, name: str, /, *parts: str, key: str | None = None, **fields: object) -> Any:
        """One call: `messages.send`, parts of the path, fields. `from_` is the field `from`."""
        return self.do("call", **self._task(name, parts, fields, key))

    def all(self, name: str, /, *parts: str, **fields: object) -> list[Any]:
        """All rows of a list, on however many pages."""
        rows: list[Any] = self.do("all", **self._task(name, parts, fields, None))
        return rows

    def verify(
        self,
        body: bytes,
        headers: Mapping[str, str],
        secret: str | Sequence[str],
        *,
        profile: str = "standard",
        **more: float,
    ) -> Any:
        """The event of a webhook post."""
        payload = base64.b64encode(body).decode()
        return self.do(
            "verify", payload=payload, headers=dict(headers), secret=secret, profile=profile, **more
        )

    @staticmethod
    def _task(
        name: str, parts: Sequence[str], fields: Mapping[str, object], key: str | None
    ) -> dict[str, Any]:
        task: dict[str, Any] = {"name": name, "parts": list(parts)}
        if fields:
            task["fields"] = {field.rstrip("_"): value for field, value in fields.items()}
        if key:
            task["idempotency_key"] = key
        return task
