"""Markdown to HTML. Written HTML is not let through; code is coloured here, so that pages need no script for it. Code in
several languages, one block right after the other, becomes a group that the page's script turns into tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from config.docs.contents import WORDS

LABELS = {
    "bash": "curl",
    "python": "Python",
    "js": "Node.js",
    "php": "PHP",
    "java": "Java",
    "go": "Go",
    "json": "JSON",
    "http": "HTTP",
    "text": "",
    "ini": "nginx",
}
TABBED = frozenset({"bash", "python", "js", "php", "java", "go"})
OWN_ID = re.compile(r"\s*\{#([A-Za-z0-9_-]+)\}\s*$")
CALLOUT = re.compile(r"^\[!(NOTE|WARNING|TIP)\]\s*")
FORMAT = HtmlFormatter(nowrap=True)
LinkTo = Callable[[str], str | None]
"""The address for a link to `page.md` or `page.md#part`; None where there is no such page now."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3: a line of "on this page"."""

    level: int
    id: str
    text: str


@dataclass(slots=True)
class Section:
    """What the search knows of a part of a page. `id` is empty for what stands before the first heading."""

    id: str
    title: str
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A drawn page."""

    html: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]


def render(text: str, *, language: str, link_to: LinkTo, references: dict[str, str]) -> Rendered:
    """Draw Markdown. `references` are addresses for links of the form `[words][name]`."""
    env = {
        "language": language,
        "references": {
            name.upper(): {"title": "", "href": href, "map": [0, 0]} for name, href in references.items()
        },
    }
    tokens = _PARSER.parse(text, env)
    _name_headings(tokens)
    _aim_links(tokens, link_to)
    _mark_callouts(tokens)
    _empty_corners(tokens)
    tokens = _group_tabs(tokens)
    headings, sections = _outline(tokens)
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, env)
    return Rendered(html, tuple(headings), tuple(sections))


def inline(text: str, *, language: str, link_to: LinkTo) -> str:
    """Draw paragraphs without headings."""
    return render(text, language=language, link_to=link_to, references={}).html


def coloured(code: str, language: str) -> str:
    """Code as HTML, its tokens in classes of Pygments."""
    lexer = get_lexer_by_name(language if language in LABELS else "text", stripnl=False)
    html: str = highlight(code, lexer, FORMAT)
    return html


class _Renderer(RendererHTML):
    """HTML with what a reader of documentation needs."""

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        language, *_ = (tokens[index].info or "text").split()
        label = LABELS.get(language, language)
        words = WORDS[env["language"]]
        caption = f"<figcaption>{escape(label)}</figcaption>" if label else ""
        name = escape(f"{words['code']} {label}".strip())
        return (
            f'<figure class="code" data-language="{escape(language)}">{caption}'
            f'<pre tabindex="0" role="group" aria-label="{name}"><code>'
            f"{coloured(tokens[index].content, language)}</code></pre></figure>\n"
        )

    def tabs_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return '<div class="tabs">\n'

    def tabs_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</div>\n"

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        label = WORDS[env["language"]]["table"]
        return f'<div class="wide" tabindex="0" role="group" aria-label="{label}"><table>\n'

    def table_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        own = tokens[index].attrGet("id")
        label = escape(WORDS[env["language"]]["link_here"])
        anchor = f' <a class="anchor" href="#{own}" aria-label="{label}">#</a>' if own else ""
        return f"{anchor}</{tokens[index].tag}>\n"

    def blockquote_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        kind = str(tokens[index].meta.get("kind", ""))
        if not kind:
            return "<blockquote>\n"
        title = escape(WORDS[env["language"]][kind])
        return f'<aside class="callout {kind}"><p class="callout-title">{title}</p>\n'

    def blockquote_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</aside>\n" if tokens[index].meta.get("kind") else "</blockquote>\n"


_PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable(["table", "strikethrough"])


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give headings of level 2 and 3 their ids: the one written as `{#id}`, else one made of their words."""
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.tag not in ("h2", "h3"):
            continue
        line = tokens[index + 1]
        found = OWN_ID.search(line.content)
        if found and line.children:
            line.content = line.content[: found.start()]
            line.children[-1].content = OWN_ID.sub("", line.children[-1].content)
        own = found[1] if found else slugify(_plain(line))
        token.attrSet("id", own)
        tokens[index + 2].attrSet("id", own)


def _aim_links(tokens: Sequence[Token], link_to: LinkTo) -> None:
    """Lead links between pages to their addresses; what leads to no page now becomes plain words."""
    for line in tokens:
        gone = False
        for token in line.children or ():
            href = str(token.attrGet("href") or "") if token.type == "link_open" else ""
            if re.match(r"[a-z-]+\.md(#|$)", href):
                aim = link_to(href)
                gone = aim is None
                token.attrSet("href", aim or "")
            elif href and not href.startswith(("http", "#", "/")):
                gone = True
            if gone and token.type in ("link_open", "link_close"):
                gone = token.type == "link_open"
                token.type, token.tag, token.nesting, token.attrs = "text", "", 0, {}


def _mark_callouts(tokens: Sequence[Token]) -> None:
    """Quotes that begin with `[!NOTE]`, `[!WARNING]` or `[!TIP]` are callouts."""
    open_quotes: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            open_quotes.append(token)
            line = tokens[index + 2] if index + 2 < len(tokens) else token
            found = CALLOUT.match(line.content) if line.type == "inline" else None
            if found and line.children:
                token.meta = {"kind": found[1].lower()}
                line.children = line.children[1:]
                if line.children and line.children[0].type == "softbreak":
                    line.children = line.children[1:]
        elif token.type == "blockquote_close":
            token.meta = dict(open_quotes.pop().meta)


def _empty_corners(tokens: Sequence[Token]) -> None:
    """A cell of the head without words is no heading of its column."""
    for index, token in enumerate(tokens):
        if token.type == "th_open" and not tokens[index + 1].content:
            token.tag = tokens[index + 2].tag = "td"


def _group_tabs(tokens: Sequence[Token]) -> list[Token]:
    """Put code blocks that follow each other into one group."""
    grouped: list[Token] = []
    run: list[Token] = []
    for token in [*tokens, Token("end", "", 0)]:
        if token.type == "fence" and token.info.split()[:1] and token.info.split()[0] in TABBED:
            run.append(token)
            continue
        several = len(run) > 1
        grouped += [Token("tabs_open", "div", 1), *run, Token("tabs_close", "div", -1)] if several else run
        run = []
        if token.type != "end":
            grouped.append(token)
    return grouped


def _outline(tokens: Sequence[Token]) -> tuple[list[Heading], list[Section]]:
    """The headings, and the words under each of level 2."""
    headings: list[Heading] = []
    sections = [Section("", "")]
    for index, token in enumerate(tokens):
        if token.type == "inline" and tokens[index - 1].type != "heading_open":
            sections[-1].words.append(_plain(token))
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            text = _plain(tokens[index + 1])
            heading = Heading(int(token.tag[1]), str(token.attrGet("id")), text)
            headings.append(heading)
            if heading.level == 2:
                sections.append(Section(heading.id, text))
    return headings, sections


def _plain(line: Token) -> str:
    """The words of a line, without marks."""
    parts = (child.content if child.type != "softbreak" else " " for child in line.children or ())
    return "".join(parts).strip()
