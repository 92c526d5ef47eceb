"""`manage.py route add|remove|list|explain`: which carrier takes what."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, account_of, operator, subcommands
from accounts.models import Mode
from billing.money import number
from messaging import routing
from messaging.models import Route


class Command(OpsCommand):
    help = "Routes: which carrier takes messages to which numbers."
    example = "manage.py route add --carrier smsto-1 --prefix +212 --channel sms --priority 10"

    def arguments(self, parser: ArgumentParser) -> None:
        add = subcommands(parser)
        adding = add(
            "add", help="Add a route. Longest prefix first, then the lower priority.", example=self.example
        )
        adding.add_argument("--carrier", required=True, metavar="NAME")
        adding.add_argument("--prefix", default="", help="Such as +212; empty for every number.")
        adding.add_argument("--channel", default="sms")
        adding.add_argument("--priority", type=int, default=100, help="The lower goes first.")
        adding.add_argument("--weight", type=int, default=1, help="Share among routes of the same priority.")
        adding.add_argument("--account", metavar="ACCOUNT_ID", help="For this account only.")
        removing = add("remove", help="Remove a route.", example="manage.py route remove 12")
        removing.add_argument("route", type=int, metavar="ROUTE_ID", help="As `route list` shows it.")
        add("list", help="All routes.", example="manage.py route list --json")
        explaining = add(
            "explain",
            help="Where a message to a number would go, and what a segment costs.",
            example="manage.py route explain +212612345678 --account acc_0198…",
        )
        explaining.add_argument("to", metavar="NUMBER")
        explaining.add_argument("--account", required=True, metavar="ACCOUNT_ID")
        explaining.add_argument("--channel", default="sms")
        explaining.add_argument("--mode", choices=Mode.values, default=Mode.LIVE)

    def answer(self, options: Namespace) -> Answer:
        return {"add": _add, "remove": _remove, "list": _list, "explain": _explain}[options.action](options)


def _add(options: Namespace) -> Answer:
    row = routing.add(
        carrier=options.carrier,
        prefix=options.prefix,
        channel=options.channel,
        priority=options.priority,
        weight=options.weight,
        account=account_of(options.account) if options.account else None,
        actor=operator(),
    )
    return Answer(_shown(row), _line(row))


def _remove(options: Namespace) -> Answer:
    row = routing.remove(options.route, actor=operator())
    return Answer({**_shown(row), "route_id": options.route, "removed": True}, f"Removed: {_line(row)}")


def _list(_: Namespace) -> Answer:
    rows = list(Route.objects.select_related("carrier").order_by("channel", "-prefix", "priority", "id"))
    return Answer({"routes": [_shown(row) for row in rows]}, "\n".join(map(_line, rows)) or "No route.")


def _explain(options: Namespace) -> Answer:
    account = account_of(options.account)
    told = routing.explain(options.to, account=account, channel=options.channel, mode=options.mode)
    price = None if told.price is None else number(told.price.in_currency(account.currency))
    routes = [
        {
            "carrier": c.carrier,
            "route_id": c.route_id,
            "prefix": c.prefix,
            "priority": c.priority,
            "own": c.account_id is not None,
            "paused": c.paused,
        }
        for c in told.candidates
    ]
    data = {
        "to": told.to,
        "country": told.country,
        "channel": told.channel,
        "carrier": routes[0]["carrier"] if routes else None,
        "price": price,
        "currency": account.currency,
        "routes": routes,
    }
    cost = "no price: refused (NO_PRICE)" if price is None else f"{price} {account.currency} per segment"
    tried = [
        f"  {i}. {r['carrier']}  {r['prefix'] or 'any'}  priority {r['priority']}"
        for i, r in enumerate(routes, 1)
    ]
    return Answer(
        data, "\n".join([f"{told.to} ({told.country}, {told.channel}): {cost}", *(tried or ["  no route"])])
    )


def _shown(row: Route) -> dict[str, object]:
    return {
        "route_id": row.pk,
        "carrier": row.carrier.name,
        "prefix": row.prefix,
        "channel": row.channel,
        "priority": row.priority,
        "weight": row.weight,
        "account_id": ids.show("account", row.account_id) if row.account_id else None,
        "enabled": row.enabled,
    }


def _line(row: Route) -> str:
    whose = f"  for {ids.show('account', row.account_id)}" if row.account_id else ""
    state = "" if row.enabled else "  disabled"
    number = f"{row.pk}  " if row.pk else ""
    return f"{number}{row.channel}  {row.prefix or 'any'}  priority {row.priority}  -> {row.carrier.name}{whose}{state}"
