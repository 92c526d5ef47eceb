"""The code on the pages of the documentation: finding it, and running it as a reader would, with a key of theirs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.docs import sources

FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
IDS = {
    "msg": "message_id",
    "vrf": "session_id",
    "lst": "list_id",
    "ctc": "contact_id",
    "whk": "webhook_id",
    "key": "key_id",
    "tpl": "template_id",
    "cmp": "campaign_id",
}
# What differs each time: ids, times, secrets, codes, ellipses, and the SIM that the stack's pool happens to offer.
CHANGING = re.compile(
    r"[a-z]+_[0-9a-f]{32}|\d{4}-\d\d-\d\dT.*|whsec_.*|\d{5,}|[0-9a-f-]{32,36}|\+223\d+|.*….*"
)
PROGRAMS: Mapping[str, tuple[str, list[str], str]] = {
    "python": (sys.executable, [], "sample.py"),
    "js": ("node", [], "sample.mjs"),
    "php": ("php", [], "sample.php"),
    "java": ("java", ["-XX:TieredStopAtLevel=1"], "Sample.java"),
    "go": ("go", ["run"], "sample.go"),
}


@dataclass(frozen=True)
class Block:
    """A block of code: its language, the words after it, and the code."""

    language: str
    words: tuple[str, ...]
    code: str


def blocks(language: str, slug: str) -> list[Block]:
    """All code of a page as written."""
    body = sources.read(language, slug).body
    return [Block(kind, tuple(words.split()), code) for kind, words, code in FENCE.findall(body)]


@dataclass
class Reading:
    """A reader who tries one page from its top to its end. `seen` are the values that answers gave for later calls."""

    base: str
    key: str
    home: Path
    receiver: str
    seen: dict[str, str] = field(default_factory=dict)
    answer: Any = None

    def filled(self, code: str) -> str:
        """The code with this reader's values."""
        given = {"base": self.base, "key": self.key, "receiver": self.receiver, **self.seen}
        return sources.filled(code, {**sources.values(), **given})

    def shell(self, block: Block) -> int:
        """Run a command; its status. Its answer is kept for the block that shows one."""
        (self.home / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}"\n')
        done = subprocess.run(
            ["bash", "-c", self.filled(block.code)],
            env={"HOME": str(self.home), "CURL_HOME": str(self.home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        text, _, status = done.stdout.rpartition("\n")
        self.answer = json.loads(text, parse_float=Decimal)
        self.seen |= dict(found(self.answer))
        return int(status)

    def shows(self, block: Block) -> None:
        """The printed answer is the one that came: the same fields, types and, where they do not change, values."""
        same(json.loads(self.filled(block.code), parse_float=Decimal), self.answer, "answer")


def found(answer: Any) -> Iterator[tuple[str, str]]:
    """The values in an answer that later calls on the page need."""
    if isinstance(answer, list):
        for item in reversed(answer):
            yield from found(item)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, dict | list):
                yield from found(value)
            elif name == "sandbox_code":
                yield "code", value
            elif isinstance(value, str) and value.partition("_")[0] in IDS and "id" in name:
                yield IDS[value.partition("_")[0]], value


def same(printed: Any, came: Any, at: str) -> None:
    """Every printed field came, with the same kind of value. Raises AssertionError."""
    if isinstance(printed, dict):
        assert isinstance(came, dict), (at, came)
        assert set(printed) <= set(came), (at, set(printed) - set(came))
        for name, value in printed.items():
            same(value, came[name], f"{at}.{name}")
    elif isinstance(printed, list):
        assert isinstance(came, list), (at, came)
        assert len(printed) == len(came), (at, came)
        for index, value in enumerate(printed):
            same(value, came[index], f"{at}[{index}]")
    elif isinstance(printed, str) and CHANGING.fullmatch(printed):
        assert isinstance(came, str), (at, came)
    else:
        assert (printed, at) == (came, at)


def missing(language: str) -> str | None:
    """Why samples in a language cannot be run here, None if they can."""
    program = PROGRAMS[language][0]
    return None if shutil.which(program) else f"{program} is not installed here"


def run(language: str, code: str, home: Path) -> str:
    """Run a program to its end; what it prints. Raises AssertionError with what it said when it fails."""
    program, options, name = PROGRAMS[language]
    (home / name).write_text(code)
    done = subprocess.run(
        [program, *options, name], cwd=home, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
