"""The search over the pages: the same list of sections for the page's script (as JSON) and for readers without script.
Accents and capitals do not matter; every word must begin some word of the section or its page's title."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import cache

from config.docs import contents, inserts, library

MOST_SHOWN = 20
TEXT_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Place:
    """A section of a page: `page` and `title` in words, `url` where it is, `text` how it begins."""

    page: str
    title: str
    url: str
    text: str


@cache
def places(language: str) -> tuple[Place, ...]:
    """Every section of every page."""
    found: list[Place] = []
    for entry in library.entries(language):
        page = library.page(language, entry.slug)
        for section in page.sections if page else ():
            url = entry.address + (f"#{section.id}" if section.id else "")
            text = " ".join(section.words).strip()[:TEXT_CHARACTERS]
            opening = entry.description if not section.id else ""
            found.append(Place(entry.title, section.title, url, f"{opening} {text}".strip()))
    found += [
        Place(code, "", f"{contents.address(language, 'errors')}#{code.lower()}", text)
        for code, text in inserts.sentences(language)
    ]
    return tuple(found)


def as_rows(language: str) -> list[dict[str, str]]:
    """The list for the page's script."""
    return [asdict(place) for place in places(language)]


def search(language: str, query: str) -> list[Place]:
    """The best places for a query, at most `MOST_SHOWN`."""
    words = _fold(query).split()
    if not words:
        return []
    scored = ((_score(place, words), place) for place in places(language))
    best = sorted(((score, place) for score, place in scored if score), key=lambda pair: -pair[0])
    return [place for _, place in best[:MOST_SHOWN]]


def _score(place: Place, words: list[str]) -> int:
    """How well a place answers: words in titles weigh more; 0 when a word is missing."""
    total = 0
    for word in words:
        weights = ((place.page, 8), (place.title, 6), (place.text, 1))
        score = sum(weight for text, weight in weights if _begins(_fold(text), word))
        if not score:
            return 0
        total += score
    return total


def _begins(text: str, word: str) -> bool:
    return text.startswith(word) or f" {word}" in text


def _fold(text: str) -> str:
    """Lower case without accents, words parted by one blank."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()
