"""`manage.py account suspend|activate`: whether an account may send."""

from argparse import ArgumentParser, Namespace

from accounts import ids, standing
from accounts.management.command import Answer, OpsCommand, account_of, operator, subcommands


class Command(OpsCommand):
    help = "Suspend an account, or let it act again."
    example = 'manage.py account suspend acc_0198… --reason "Unpaid invoice"'

    def arguments(self, parser: ArgumentParser) -> None:
        add = subcommands(parser)
        for name, says in (("suspend", "Stop an account."), ("activate", "Let an account act again.")):
            sub = add(name, help=says, example=f"manage.py account {name} acc_0198…")
            sub.add_argument("account", metavar="ACCOUNT_ID")
            sub.add_argument("--reason", default="", help="Stands in the audit trail.")

    def answer(self, options: Namespace) -> Answer:
        account = account_of(options.account)
        rule = standing.suspend if options.action == "suspend" else standing.activate
        changed = rule(account.id, actor=operator(), reason=options.reason)
        status = "suspended" if options.action == "suspend" else "active"
        shown = ids.show("account", account.id)
        return Answer(
            {"account_id": shown, "status": status, "changed": changed},
            f"Account {shown} {'is now' if changed else 'was already'} {status}.",
        )
