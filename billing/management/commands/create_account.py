"""`manage.py create_account`: an account with its ledger, opening credit and owner."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, operator
from billing.money import known_currency, parse
from billing.opening import Opening, open_account


class Command(OpsCommand):
    help = "Open an account: its ledger, its opening credit and the user who owns it."
    example = (
        'manage.py create_account "Atlas SARL" --email ops@atlas.ma --password "a long sentence" '
        "--currency MAD --plan business --credit 500 --allow-country FR --channel sms --channel whatsapp"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="What the account is called.")
        parser.add_argument("--email", required=True, help="The owner signs in with it.")
        parser.add_argument("--password", required=True, help="At least 10 characters, not a common one.")
        parser.add_argument("--currency", default="MAD", help="MAD or EUR: what the account is booked in.")
        parser.add_argument("--plan", default="business", help="The code of a plan: its price list.")
        parser.add_argument("--credit", default="0", help="Opening top-up in that currency.")
        parser.add_argument("--country", default="MA", help="National numbers are read as of this country.")
        parser.add_argument("--allow-country", action="append", default=[], metavar="CC", help="Repeatable.")
        parser.add_argument(
            "--channel", action="append", default=[], help="Beside sms, which all have. Repeatable."
        )

    def answer(self, options: Namespace) -> Answer:
        opened = open_account(
            Opening(
                name=options.name,
                email=options.email,
                password=options.password,
                currency=known_currency(options.currency),
                plan=options.plan,
                credit=parse(options.credit, param="credit"),
                country=options.country,
                allowed_countries=options.allow_country,
                channels=options.channel,
            ),
            actor=operator(),
        )
        shown = ids.show("account", opened.account.id)
        return Answer(
            {"account_id": shown, "callback_secret": opened.callback_secret},
            f"Account {shown} is open. Its callback secret, shown only now: {opened.callback_secret}",
        )
