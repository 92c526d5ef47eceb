"""`manage.py audit_books`: adds the books up again; exit code 1 and the offending rows when a coin or a message is off."""

from argparse import Namespace

from accounts.management.command import Answer, OpsCommand, as_json
from billing.audit_books import CHECKS, findings


class Command(OpsCommand):
    help = "Check every promise about money and messages that the database can check. Exit code 1 if one is broken."
    example = "manage.py audit_books --json"

    def answer(self, options: Namespace) -> Answer:
        found = findings()
        data = {
            "clean": not found,
            "checks": len(CHECKS) + 1,
            "findings": [
                {"check": f.check.name, "promise": f.check.promise, "says": f.check.says, "rows": f.rows}
                for f in found
            ],
        }
        lines = [f"The books are in order: {len(CHECKS) + 1} checks, nothing found."]
        if found:
            lines = [
                line
                for f in found
                for line in (f"{f.check.name} ({f.check.promise}): NOT {f.check.says}", *map(_row, f.rows))
            ]
        return Answer(data, "\n".join(lines), failed=bool(found))


def _row(row: dict[str, object]) -> str:
    return "  " + as_json(row)
