"""What pages show from the code instead of having it written: a line `[[errors]]`, `[[changelog]]` or `[[pages]]` on a
page stands for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from config.api.errors import TABLE, sentence
from config.docs.contents import WORDS
from config.docs.rendering import LinkTo, inline, render
from config.docs.sources import Source

ADVICE = re.compile(r"^### ([A-Z_]+)\n(.*?)(?=^### |\Z)", re.DOTALL | re.MULTILINE)
BY_STATUS = sorted(TABLE, key=lambda code: (TABLE[code].status, code.value))
Insert = Callable[[str, Source, LinkTo], str]


def advice(source: Source) -> dict[str, str]:
    """What to do about each code, in Markdown. A code without advice has its sentence alone."""
    return {found[1]: found[2].strip() for found in ADVICE.finditer(source.advice)}


def errors(language: str, source: Source, link_to: LinkTo) -> str:
    """The table of all codes, an anchor each: the `docs` of every error leads here."""
    told = advice(source)
    rows = [
        {
            "code": code.value,
            "status": TABLE[code].status,
            "sentence": sentence(code, language),
            "advice": inline(told.get(code.value, ""), language=language, link_to=link_to),
            "arabic": sentence(code, "ar"),
        }
        for code in BY_STATUS
    ]
    return render_to_string("docs/errors.html", {"rows": rows, "words": WORDS[language]})


def changelog(language: str, source: Source, link_to: LinkTo) -> str:
    """The project's CHANGELOG.md, which is English."""
    drawn = render(changelog_text(), language=language, link_to=link_to, references={})
    return drawn.html if language == "en" else f'<div lang="en">\n{drawn.html}</div>\n'


def changelog_text() -> str:
    """CHANGELOG.md without its title and introduction."""
    text = (Path(settings.BASE_DIR) / "CHANGELOG.md").read_text()
    return text[text.find("\n## ") + 1 :]


def errors_text(language: str, source: Source) -> str:
    """The table of all codes in Markdown."""
    told = advice(source)
    lines = [
        f"- `{code.value}` ({TABLE[code].status}): {sentence(code, language)} "
        + " ".join(told.get(code.value, "").split())
        for code in BY_STATUS
    ]
    return "\n".join(line.rstrip() for line in lines)


def sentences(language: str) -> list[tuple[str, str]]:
    """Each code and its sentence, for the search."""
    return [(code.value, sentence(code, language)) for code in BY_STATUS]


INSERTS: Mapping[str, Insert] = {"errors": errors, "changelog": changelog}
