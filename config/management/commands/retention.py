"""`manage.py retention`: forget what was kept long enough, now; `--dry-run` only tells."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from accounts.management.command import Answer, OpsCommand
from config import retention


class Command(OpsCommand):
    help = "Forget what was kept long enough: texts, numbers, old months. It also runs by itself, once a day."
    example = "manage.py retention --dry-run"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only tell what would be forgotten.")

    def answer(self, options: Namespace) -> Answer:
        report = retention.plan() if options.dry_run else retention.run()
        verb = "Would forget" if options.dry_run else "Forgot"
        lines = [
            f"{verb} {report.texts} texts and {report.numbers} numbers.",
            *(f"{'Would drop' if options.dry_run else 'Dropped'} {name}." for name in report.dropped),
            *(f"{name} stays: {why}." for name, why in report.blocked.items()),
        ]
        return Answer({"dry_run": options.dry_run, **asdict(report)}, "\n".join(lines))
