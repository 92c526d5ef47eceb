"""`manage.py sim add|list|set|enable|disable`: the pool of SIMs (document D)."""

from argparse import ArgumentParser, Namespace

from accounts import ids
from accounts.management.command import Answer, OpsCommand, account_of, operator, subcommands
from accounts.refusals import Code, Refused
from messaging import sim_pool, sims
from messaging.models import Sim
from messaging.sim_pool import Values

PLAIN = ("name", "operator", "carrier", "port", "slot")
LIMITS = ("daily_limit", "monthly_limit")
NOBODY = "none"


class Command(OpsCommand):
    help = "The pool of SIMs: numbers of your own that messages go out by."
    example = (
        "manage.py sim add +22366603716 --carrier gateway-1 --name 'Orange Mali' --operator Orange --port 8 --slot 2 "
        "--daily-limit 100 --monthly-limit 3000 --default"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        add = subcommands(parser)
        adding = add("add", help="Add a SIM.", example=self.example)
        adding.add_argument("number", metavar="NUMBER", help="E.164, such as +22366603716.")
        _values(adding, adding_one=True)
        changing = add(
            "set",
            help="Change a SIM; what is not named stays.",
            example="manage.py sim set +22366603716 --daily-limit 200 --assign acc_0198…",
        )
        changing.add_argument("sim", metavar="SIM", help="Its number or id.")
        _values(changing, adding_one=False)
        for action, what in (("enable", "Use a SIM again."), ("disable", "Use a SIM no more.")):
            add(action, help=what, example=f"manage.py sim {action} +22366603716").add_argument(
                "sim", metavar="SIM", help="Its number or id."
            )
        add("list", help="All SIMs, with what they were used for.", example="manage.py sim list --json")

    def answer(self, options: Namespace) -> Answer:
        if options.action == "list":
            rows = list(Sim.objects.select_related("carrier", "account"))
            lines = "\n".join(map(_line, rows)) or "No SIM."
            return Answer({"sims": [_shown(sim) for sim in rows]}, lines)
        if options.action == "add":
            sim = sim_pool.add(options.number, _given(options), actor=operator())
        elif options.action == "set":
            sim = sim_pool.change(sim_pool.find(options.sim), _given(options), actor=operator())
        else:
            enabled = options.action == "enable"
            sim = sim_pool.change(sim_pool.find(options.sim), {"enabled": enabled}, actor=operator())
        return Answer(_shown(sim), _line(sim))


def _values(parser: ArgumentParser, *, adding_one: bool) -> None:
    parser.add_argument("--carrier", required=adding_one, metavar="NAME", help="The gateway it is in.")
    parser.add_argument("--name")
    parser.add_argument("--operator", help="Such as Orange.")
    parser.add_argument("--port", type=int)
    parser.add_argument("--slot", type=int)
    parser.add_argument("--daily-limit", type=int, metavar="N", help="Messages per day (UTC); -1: no limit.")
    parser.add_argument(
        "--monthly-limit", type=int, metavar="N", help="Messages per month (UTC); -1: no limit."
    )
    parser.add_argument(
        "--default", action="store_true", help="Who has none of their own sends by this one first."
    )
    parser.add_argument(
        "--assign", metavar="ACCOUNT_ID", help=f"For this account alone; {NOBODY}: for everybody."
    )


def _given(options: Namespace) -> Values:
    values = Values()
    for name in PLAIN:
        if getattr(options, name) is not None:
            values[name] = getattr(options, name)  # type: ignore[literal-required]
    for name in LIMITS:
        limit = getattr(options, name)
        if limit is not None:
            values[name] = None if limit == -1 else limit  # type: ignore[literal-required]
    if options.default:
        values["is_default"] = True
    if options.assign is not None:
        values["account"] = None if options.assign == NOBODY else account_of(options.assign)
    if not values:
        raise Refused(Code.MISSING_FIELD, "Say what to change; see --help.")
    return values


def _shown(sim: Sim) -> dict[str, object]:
    usage = sims.used(sim)
    return {
        "sim_id": sim.id,
        "number": sim.number,
        "name": sim.name,
        "operator": sim.operator,
        "carrier": sim.carrier.name,
        "port": sim.port,
        "slot": sim.slot,
        "is_default": sim.is_default,
        "account_id": ids.show("account", sim.account_id) if sim.account_id else None,
        "daily_limit": sim.daily_limit,
        "monthly_limit": sim.monthly_limit,
        "enabled": sim.enabled,
        "used_today": usage.today,
        "used_this_month": usage.this_month,
    }


def _line(sim: Sim) -> str:
    usage = sims.used(sim)
    notes = [
        "default" if sim.is_default else "",
        f"for {ids.show('account', sim.account_id)}" if sim.account_id else "",
        "" if sim.enabled else "disabled",
    ]
    limits = f"{usage.today}/{_limit(sim.daily_limit)} today, {usage.this_month}/{_limit(sim.monthly_limit)} this month"
    return "  ".join([f"{sim.id}", sim.number, sim.name, sim.carrier.name, limits, *filter(None, notes)])


def _limit(limit: int | None) -> str:
    return "∞" if limit is None else str(limit)
