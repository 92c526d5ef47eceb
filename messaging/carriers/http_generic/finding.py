"""Finding a value in what a provider sent: by a path in JSON, or by a pattern in text. Both engines are ours and take time
in proportion to the text, so that no setting and no answer can make them run away (a regular expression could).

A path: names and `[n]`, such as `messages[0].id`. A pattern: the text around the value, with `{}` for the value, such as
`<id>{}</id>` or `OK: {}`; without a text after it, the value goes to the end of the line."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_PATH = 200
LONGEST_VALUE = 120
_STEP = re.compile(r"[^.\[\]]+|\[[0-9]{1,4}\]")
_PATH = re.compile(r"(?:[^.\[\]]+|\[[0-9]{1,4}\])(?:\.[^.\[\]]+|\[[0-9]{1,4}\])*")


class Unreadable(ValueError):
    """The text is not the JSON that it should be."""


def parsed(text: str) -> object:
    """JSON as objects; numbers with a fraction as they are written, whole numbers of any length exactly. Raises
    `Unreadable`."""
    try:
        found: object = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise Unreadable("not valid JSON") from None
    return found


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value stands in JSON."""

    steps: tuple[str | int, ...]

    def find(self, document: object) -> object:
        """What stands there; None if nothing does."""
        here = document
        for step in self.steps:
            if isinstance(step, str) and isinstance(here, dict):
                here = here.get(step)
            elif isinstance(step, int) and isinstance(here, list) and step < len(here):
                here = here[step]
            else:
                return None
        return here


@dataclass(frozen=True, slots=True)
class Pattern:
    """The text before a value and after it."""

    before: str
    after: str

    def find(self, document: object) -> object:
        """The first such value in a text; None if there is none. A blank or a single sign after the value may also be the
        end of the line."""
        if not isinstance(document, str):
            return None
        start = document.find(self.before)
        if start < 0:
            return None
        rest = document[start + len(self.before) :]
        line = rest.split("\n", 1)[0].rstrip("\r")
        if not self.after:
            return line
        if self.after == " ":
            return next(iter(line.split(maxsplit=1)), "")
        found, sign, _ = rest.partition(self.after)
        if sign:
            return found
        return line if len(self.after) == 1 else None


Finder = Path | Pattern


def path(text: str) -> Path:
    """Read a path. Raises ValueError."""
    if len(text) > LONGEST_PATH or _PATH.fullmatch(text) is None:
        raise ValueError("must be a path such as messages[0].id.")
    steps: Sequence[str] = _STEP.findall(text)
    return Path(tuple(int(step[1:-1]) if step.startswith("[") else step for step in steps))


def pattern(text: str) -> Pattern:
    """Read a pattern. Raises ValueError."""
    before, value, after = text.partition("{}")
    if len(text) > LONGEST_PATH or not value or "{}" in after:
        raise ValueError("must be a text with {} in the place of the value, such as <id>{}</id>.")
    return Pattern(before, after)


def word(value: object) -> str:
    """A value as a word of at most 120 characters; "" for what is none (nothing, a list, an object)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        return ""
    try:
        # NUL cannot be stored, and nothing a provider says may stop its answer from being kept.
        return str(value).replace("\x00", "").strip()[:LONGEST_VALUE]
    except ValueError:  # a whole number of thousands of digits
        return ""
