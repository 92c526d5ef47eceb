"""`manage.py number add|assign|list`: the numbers that people write to."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, account_of, operator, subcommands
from messaging import numbers
from messaging.models import InboundNumber

NOBODY = "none"


class Command(OpsCommand):
    help = "The numbers and short codes that people write to."
    example = "manage.py number add +212520000000 --carrier iam-1 --name 'Main line'"

    def arguments(self, parser: ArgumentParser) -> None:
        add = subcommands(parser)
        adding = add("add", help="Add a number or a short code.", example=self.example)
        adding.add_argument("number", metavar="NUMBER", help="E.164, or a short code of 3 to 8 digits.")
        adding.add_argument("--carrier", default="", metavar="NAME", help="The carrier that it comes by.")
        adding.add_argument("--name", default="")
        adding.add_argument("--assign", metavar="ACCOUNT_ID", help="Whose it is; everybody's without.")
        assigning = add(
            "assign",
            help="Give a number to an account; what comes from then on is theirs.",
            example="manage.py number assign +212520000000 acc_0198…",
        )
        assigning.add_argument("number", metavar="NUMBER")
        assigning.add_argument(
            "account", metavar="ACCOUNT_ID", help=f"{NOBODY}: everybody's again, by who wrote last."
        )
        add("list", help="All numbers, and whose they are.", example="manage.py number list --json")

    def answer(self, options: Namespace) -> Answer:
        if options.action == "list":
            rows = list(InboundNumber.objects.select_related("account", "carrier"))
            return Answer(
                {"numbers": [_shown(row) for row in rows]}, "\n".join(map(_line, rows)) or "No number."
            )
        if options.action == "add":
            account = account_of(options.assign) if options.assign else None
            row = numbers.add(
                options.number, name=options.name, carrier=options.carrier, account=account, actor=operator()
            )
        else:
            account = None if options.account == NOBODY else account_of(options.account)
            row = numbers.assign(options.number, account, actor=operator())
        return Answer(_shown(row), _line(row))


def _shown(row: InboundNumber) -> dict[str, object]:
    return {
        "number": row.number,
        "name": row.name,
        "carrier": row.carrier.name if row.carrier else None,
        "account_id": ids.show("account", row.account_id) if row.account_id else None,
    }


def _line(row: InboundNumber) -> str:
    whose = ids.show("account", row.account_id) if row.account_id else "everybody's"
    return "  ".join(filter(None, [row.number, row.name, row.carrier.name if row.carrier else "", whose]))
