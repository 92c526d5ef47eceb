"""Reading the Markdown of a page, and putting this installation's values in for `[[base]]`, `[[key]]`, `[[brand]]` and
the others. Double square brackets, because `{{code}}` means something to templates of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, get_resolver

HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
CONDITION = re.compile(r"\s*\[\[(needs|lacks) ([a-z0-9/-]+)\]\]")
ADVICE = "\n<!-- advice -->\n"
EXAMPLES: Mapping[str, str] = {
    "message_id": "msg_01a1f92ffd4176d0b5ea45eaa65f91db",
    "session_id": "vrf_01a1f930a1c27be2a4f09d3c55e01b77",
    "code": "483921",
    "list_id": "lst_01a1f931be0f7d10913af1f0d8a14c20",
    "contact_id": "ctc_01a1f931d7a8710fb8c2f6a1e9035b4c",
    "webhook_id": "whk_01a1f932405d7a6e8f30b1c4d2e5a697",
    "event_id": "01a1f92f-fd41-76d0-b5ea-45eaa65f91db",
    "key_id": "key_01a1f933c1d87e94a5b60718293a4b5c",
    "template_id": "tpl_01a1f9341b2c7d3e8f40516273849506",
    "campaign_id": "cmp_01a1f934c5d67e8f9a0b1c2d3e4f5061",
    "topup_id": "topup_01a1f93571827a3b8c4d5e6f70819203",
    "sms_id": "01a1f92f-fd41-76d0-b5ea-45eaa65f91db",
    "receiver": "https://example.com",
}
"""What stands in the printed examples where a call needs the answer of another. Tests put the real values in."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page as written: what its head says, its Markdown, and (on the page of errors) the advice to each code."""

    head: Mapping[str, str]
    body: str
    advice: str = ""

    @property
    def title(self) -> str:
        return self.head["title"]

    @property
    def description(self) -> str:
        return self.head["description"]


def placeholder_key() -> str:
    """What stands for a key in examples until the reader's own takes its place."""
    return f"{settings.BRAND_KEY_PREFIX}_test_YOUR_KEY"


def values() -> dict[str, str]:
    """What the names in double brackets stand for here."""
    return {
        **EXAMPLES,
        "base": settings.PUBLIC_URL,
        "host": settings.PUBLIC_URL.partition("://")[2],
        "key": placeholder_key(),
        "brand": settings.BRAND_NAME,
        "header": settings.BRAND_HEADER,
        "prefix": settings.BRAND_KEY_PREFIX,
        "sender": settings.BRAND_DEFAULT_SENDER,
    }


def filled(text: str, given: Mapping[str, str]) -> str:
    """The text with every `[[name]]` that is among `given` replaced."""
    return re.sub(r"\[\[([a-z_]+)\]\]", lambda found: given.get(found[1], found[0]), text)


def folder() -> Path:
    """Where the pages are, a folder for each language."""
    return Path(settings.BASE_DIR) / "docs" / "site"


def read(language: str, slug: str) -> Source:
    """A page as written, its values not yet filled in.

    Raises FileNotFoundError if there is none, ValueError if it has no head."""
    text = (folder() / language / f"{slug}.md").read_text()
    head = HEAD.match(text)
    if head is None:
        raise ValueError(f"{language}/{slug}.md has no head between two lines of ---")
    pairs = (line.partition(":") for line in head[1].splitlines())
    body, _, advice = fitted(text[head.end() :]).partition(ADVICE)
    return Source({name.strip(): value.strip() for name, _, value in pairs}, body.strip() + "\n", advice)


def served(source: Source) -> bool:
    """Whether the API has what the page is about: `needs` in its head names an address, such as `v1/campaigns`."""
    needed = source.head.get("needs")
    return not needed or has(needed)


def has(path: str) -> bool:
    """Whether the API answers at an address."""
    try:
        get_resolver("config.api.urls").resolve(f"/{path}")
    except Resolver404:
        return False
    return True


def fitted(text: str) -> str:
    """The text without the lines about what the API has not: a line with `[[needs v1/x]]` stands only where `v1/x` is
    an address, one with `[[lacks v1/x]]` only where it is not."""
    kept = []
    for line in text.splitlines():
        found = CONDITION.search(line)
        if found is None or has(found[2]) == (found[1] == "needs"):
            kept.append(CONDITION.sub("", line).strip() if found else line)
    return "\n".join(kept) + "\n"
