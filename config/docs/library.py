"""The finished pages of this installation, each drawn once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from django.template.loader import render_to_string
from django.utils.html import escape

from config.docs import contents, inserts, sources
from config.docs.rendering import Heading, Section, render
from config.docs.sources import Source


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language. `key_name` stands in `html` where the reader's key belongs; `compat` is the dialect that
    a key for its examples should speak."""

    language: str
    slug: str
    title: str
    description: str
    html: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    compat: str

    @property
    def address(self) -> str:
        return contents.address(self.language, self.slug)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    slug: str
    title: str
    description: str
    address: str


@cache
def source(language: str, slug: str) -> Source | None:
    """A page as written; None if there is none, or the API has not what it is about."""
    if slug not in set(contents.slugs()):
        return None
    found = sources.read(language, slug)
    return found if sources.served(found) else None


@cache
def menu(language: str) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """The groups of the menu with their pages."""
    return tuple(
        (
            group.title[language],
            tuple(entry for slug in group.slugs if (entry := _entry(language, slug)) is not None),
        )
        for group in contents.GROUPS
    )


def entries(language: str) -> list[Entry]:
    """All pages in reading order."""
    return [entry for _, group in menu(language) for entry in group]


@cache
def page(language: str, slug: str) -> Page | None:
    """A finished page, None if there is none."""
    found = source(language, slug)
    if found is None:
        return None
    given = sources.values()
    aim = partial(link_to, language)
    drawn = render(
        sources.filled(found.body, given), language=language, link_to=aim, references=references(language)
    )
    html = drawn.html.replace("<p>[[pages]]</p>", _cards(language))
    for name, insert in inserts.INSERTS.items():
        mark = f"<p>[[{name}]]</p>"
        if mark in html:
            html = html.replace(mark, insert(language, found, aim))
    return Page(
        language,
        slug,
        sources.filled(found.title, given),
        sources.filled(found.description, given),
        html,
        drawn.headings,
        drawn.sections,
        found.head.get("compat", "native"),
    )


def as_text(language: str, slug: str) -> str | None:
    """A page in Markdown, its values filled in; None if there is none."""
    found = source(language, slug)
    if found is None:
        return None
    given = {**sources.values(), "errors": "", "changelog": "", "pages": ""}
    if "[[errors]]" in found.body:
        given["errors"] = inserts.errors_text(language, found)
    if "[[changelog]]" in found.body:
        given["changelog"] = inserts.changelog_text()
    if "[[pages]]" in found.body:
        given["pages"] = "\n".join(
            f"- [{entry.title}]({entry.slug}.md): {entry.description}" for entry in entries(language)
        )
    return f"# {sources.filled(found.title, given)}\n\n{sources.filled(found.body, given)}"


def link_to(language: str, href: str) -> str | None:
    """The address behind a link to `page.md#part`."""
    slug, _, part = href.partition("#")
    slug = slug.removesuffix(".md")
    if source(language, slug) is None:
        return None
    return contents.address(language, slug) + (f"#{part}" if part else "")


def references(language: str) -> dict[str, str]:
    """Addresses of the site that are no pages, for links of the form `[words][name]`."""
    return {
        "reference": f"/{language}/docs/reference",
        "openapi": "/docs/openapi.yaml",
        "postman": "/docs/postman.json",
        "llms": "/llms.txt",
    }


def neighbours(found: Page) -> tuple[Entry | None, Entry | None]:
    """The pages before and after one."""
    order = entries(found.language)
    at = next(index for index, entry in enumerate(order) if entry.slug == found.slug)
    return (order[at - 1] if at else None), (order[at + 1] if at + 1 < len(order) else None)


def _entry(language: str, slug: str) -> Entry | None:
    found = source(language, slug)
    if found is None:
        return None
    given = sources.values()
    return Entry(
        slug,
        sources.filled(found.title, given),
        sources.filled(found.description, given),
        escape(contents.address(language, slug)),
    )


def _cards(language: str) -> str:
    shown = [(title, [e for e in group if e.slug != contents.HOME]) for title, group in menu(language)]
    return render_to_string("docs/cards.html", {"menu": shown})
