"""`manage.py quota`: how many messages an account may send in a month."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, account_of, operator
from accounts.refusals import Code, Refused
from billing import quotas


class Command(OpsCommand):
    help = "Set, show or remove the monthly quota of an account."
    example = "manage.py quota set acc_0198… --monthly 1000"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["set", "show", "remove"])
        parser.add_argument("account", metavar="ACCOUNT_ID")
        parser.add_argument(
            "--monthly", type=int, help="Live messages per calendar month (UTC); needed by set."
        )

    def answer(self, options: Namespace) -> Answer:
        account = account_of(options.account)
        shown = ids.show("account", account.id)
        if options.action == "remove":
            removed = quotas.remove(account.id, actor=operator())
            return Answer(
                {"account_id": shown, "removed": removed}, "Removed." if removed else "There was none."
            )
        if options.action == "set":
            if options.monthly is None or options.monthly < 0:
                raise Refused(Code.MISSING_FIELD, "Say how many: --monthly 1000.", param="monthly")
            quotas.set_monthly(account.id, options.monthly, actor=operator())
        usage = quotas.usage(account.id)
        if usage is None:
            raise Refused(Code.NOT_FOUND, "This account has no quota.")
        return Answer(
            {"account_id": shown, "monthly": usage.monthly, "used": usage.used, "remaining": usage.remaining},
            f"{usage.used} of {usage.monthly} messages used this month.",
        )
