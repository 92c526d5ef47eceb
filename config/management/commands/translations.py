"""`manage.py translations`: bring the catalogues of pages up to date and compile them; `--check` only looks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import translations


class Command(BaseCommand):
    """Gathers, compiles or checks."""

    help = "Gather the texts of pages into locale/AREA/LANGUAGE, and compile them (--check only looks)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its arguments."""
        parser.add_argument(
            "areas", nargs="*", choices=[*translations.AREAS, []], help="Areas; all if none is named."
        )
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail if anything is missing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        if options["check"]:
            found = translations.problems()
            if found:
                raise CommandError("\n".join(found))
            return
        for area in options["areas"] or translations.AREAS:
            for language in translations.LANGUAGES:
                missing = translations.refresh(area, language)
                self.stdout.write(f"{area} {language}: {missing} to translate")
