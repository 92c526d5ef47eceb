"""`manage.py topup`: money that an account brought, booked by the operator with a reason."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, account_of, operator
from accounts.refusals import Code, Refused
from billing import topups
from billing.money import known_currency, number, parse_positive


class Command(OpsCommand):
    help = "Book a top-up of an account."
    example = 'manage.py topup acc_0198… --amount 50 --currency MAD --reason "Bank transfer 2211"'

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="ACCOUNT_ID")
        parser.add_argument("--amount", required=True, help="At most four decimals.")
        parser.add_argument("--currency", help="Checked against the account's own.")
        parser.add_argument("--reason", required=True, help="Stands in the ledger for good.")

    def answer(self, options: Namespace) -> Answer:
        account = account_of(options.account)
        booked = topups.by_operator(
            account,
            amount=parse_positive(options.amount),
            currency=known_currency(options.currency or account.currency),
            actor=operator(),
            reason=options.reason,
        )
        if booked is None:
            raise Refused(Code.INVALID_STATE, "This top-up was booked before.")
        balance = number(booked.balance_after)
        return Answer(
            {
                "account_id": ids.show("account", account.id),
                "seq": booked.seq,
                "balance": balance,
                "currency": account.currency,
            },
            f"Booked as entry {booked.seq}. The balance is {balance} {account.currency}.",
        )
