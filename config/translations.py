"""The translations of pages: one catalogue an area and language, so that two people can work at two areas. Gathering needs
`xgettext` (Debian: gettext); compiling and checking need nothing but Python."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGES = ("fr", "ar")
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
}
# area: the folders and files whose texts are in its catalogue
AREAS: dict[str, tuple[str, ...]] = {
    "shell": (
        "accounts/pages",
        "accounts/templatetags",
        "config/dashboard",
        "templates/dashboard",
        "templates/allauth",
    ),
    "messaging": ("messaging/views", "templates/messaging"),
    "contacts": ("contacts/views", "templates/contacts"),
    "campaigns": ("campaigns/views", "templates/campaigns"),
    "billing": ("billing/pages", "templates/billing/pages"),
    "webhooks": ("webhooks/views", "templates/webhooks"),
    "verify": ("verify/views", "templates/verify"),
    "team": ("accounts/views", "templates/accounts"),
}
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3", "_",
)  # fmt: skip


def catalogue(area: str, language: str) -> Path:
    """Where a catalogue is."""
    return Path(settings.BASE_DIR) / "locale" / area / language / "LC_MESSAGES" / "django.po"


def _sources(area: str) -> Iterator[Path]:
    for place in AREAS[area]:
        folder = Path(settings.BASE_DIR) / place
        yield from sorted(
            p
            for p in folder.rglob("*")
            if p.suffix in {".py", ".html", ".txt"} and "migrations" not in p.parts
        )


def gathered(area: str) -> list[polib.POEntry]:
    """Every text of an area's sources, without translation. Raises FileNotFoundError where there is no `xgettext`."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, source in enumerate(_sources(area)):
            text = source.read_text()
            kept = Path(folder) / f"{number}.py"
            kept.write_text(text if source.suffix == ".py" else templatize(text, origin=str(source)))
            files.append(str(kept))
        if not files:
            return []
        target = Path(folder) / "all.pot"
        command = [
            "xgettext",
            "-L",
            "Python",
            "--from-code=UTF-8",
            "--no-location",
            "--no-wrap",
            "-o",
            str(target),
        ]
        command += [f"--keyword={word}" for word in KEYWORDS]
        subprocess.run([*command, *files], check=True, capture_output=True)  # noqa: S603 - our own file names
        return list(polib.pofile(str(target))) if target.exists() else []


def refresh(area: str, language: str) -> int:
    """Bring a catalogue up to its sources: new texts in, texts that are gone out. Returns how many want translating."""
    path = catalogue(area, language)
    known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": language,
        "Plural-Forms": PLURALS[language],
    }  # fmt: skip
    for found in sorted(gathered(area), key=lambda e: (e.msgid, e.msgctxt or "")):
        kept = known.get((found.msgctxt, found.msgid))
        entry = polib.POEntry(
            msgid=found.msgid, msgctxt=found.msgctxt, msgid_plural=found.msgid_plural, flags=found.flags
        )
        if found.msgid_plural:
            entry.msgstr_plural = dict(kept.msgstr_plural) if kept else {}
        else:
            entry.msgstr = kept.msgstr if kept else ""
        fresh.append(entry)
    if len(fresh):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(path))
        compile_one(path)
    return len(fresh.untranslated_entries())


def compile_one(path: Path) -> None:
    """Write the `.mo` beside a `.po`."""
    polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def problems() -> list[str]:
    """What is wrong with the catalogues as they are, one sentence each; empty when all is translated and compiled."""
    found = []
    for path in sorted((Path(settings.BASE_DIR) / "locale").rglob("*.po")):
        name = path.relative_to(settings.BASE_DIR)
        catalogue_file = polib.pofile(str(path))
        found += [
            f"{name}: {entry.msgid!r} is not translated." for entry in catalogue_file.untranslated_entries()
        ]
        found += [f"{name}: {entry.msgid!r} is marked fuzzy." for entry in catalogue_file.fuzzy_entries()]
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != catalogue_file.to_binary():
            found.append(f"{name}: the .mo beside it is not of this .po; run manage.py translations.")
    return found
