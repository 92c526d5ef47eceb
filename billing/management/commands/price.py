"""`manage.py price set`: what one segment costs to a country by a channel, in both currencies."""

from argparse import ArgumentParser, Namespace

from accounts.management.command import Answer, OpsCommand, subcommands
from accounts.refusals import Code, Refused
from billing.money import number, parse_positive
from billing.opening import known_country
from billing.pricing import set_price

MOST_CHANNEL = 12


class Command(OpsCommand):
    help = "Prices of segments, per plan, country and channel."
    example = "manage.py price set --plan business --country ML --channel sms --mad 0.55 --eur 0.05"

    def arguments(self, parser: ArgumentParser) -> None:
        setter = subcommands(parser)(
            "set", help="Set a price; it counts for what is accepted from now on.", example=self.example
        )
        setter.add_argument("--plan", required=True)
        setter.add_argument("--country", required=True, metavar="CC")
        setter.add_argument("--channel", default="sms")
        setter.add_argument("--mad", required=True, help="The price of one segment in MAD.")
        setter.add_argument("--eur", required=True, help="The price of one segment in EUR.")

    def answer(self, options: Namespace) -> Answer:
        if not 0 < len(options.channel) <= MOST_CHANNEL:
            raise Refused(Code.INVALID_FIELD, "channel must have 1 to 12 characters.", param="channel")
        price = set_price(
            options.plan,
            country=known_country(options.country),
            channel=options.channel,
            mad=parse_positive(options.mad, param="mad"),
            eur=parse_positive(options.eur, param="eur"),
        )
        data = {
            "plan": price.plan_id,
            "country": price.country,
            "channel": price.channel,
            "mad": number(price.mad),
            "eur": number(price.eur),
        }
        return Answer(data, "{plan} {country} {channel}: {mad} MAD, {eur} EUR per segment.".format(**data))
