"""`manage.py analytics_rebuild [--check]`: the statistics made anew from the messages, or compared with them."""

from argparse import ArgumentParser, Namespace

from accounts.management.command import Answer, OpsCommand, as_json
from messaging import tally


class Command(OpsCommand):
    help = "Count all messages anew for analytics, while messages go on; or only check that the counts are right."
    example = "manage.py analytics_rebuild --check"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; exit code 1 and the rows that differ if a count is wrong.",
        )

    def answer(self, options: Namespace) -> Answer:
        if not options.check:
            rows = tally.rebuild()
            return Answer({"rebuilt": True, "rows": rows}, f"Counted anew: {rows} rows.")
        wrong = tally.differences()
        lines = ["Every count is that of the messages."]
        if wrong:
            lines = ["Counts that are not those of the messages:", *(f"  {as_json(row)}" for row in wrong)]
        return Answer({"right": not wrong, "rows": wrong}, "\n".join(lines), failed=bool(wrong))
