"""`manage.py carrier add|list|set|test|try|enable|disable|resume|sessions`: whom messages are handed to."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict

from accounts.management.command import Answer, OpsCommand, operator, subcommands
from messaging import connecting, rehearsing
from messaging.carriers import registry
from messaging.carriers.contract import Accepted
from messaging.models import Carrier
from messaging.sending.submit import config_of


class Command(OpsCommand):
    help = "Carriers: the companies and gateways that take our messages."
    example = "manage.py carrier add smsto-1 --kind sms_to --set base_url=https://api.sms.to --set api_key=…"

    def arguments(self, parser: ArgumentParser) -> None:
        add = subcommands(parser)
        adding = add("add", help="Connect a carrier. Credentials are stored encrypted.", example=self.example)
        adding.add_argument("name", metavar="NAME")
        adding.add_argument("--kind", required=True, help=f"One of {', '.join(registry.kinds())}.")
        _set(adding)
        add("list", help="All carriers.", example="manage.py carrier list --json")
        changing = add(
            "set", help="Change values of a carrier.", example="manage.py carrier set smsto-1 --set window=20"
        )
        changing.add_argument("name", metavar="NAME")
        _set(changing)
        for name, says in (
            ("test", "Ask a carrier whether it would take messages now. Sends none."),
            ("enable", "Let a carrier take messages."),
            ("disable", "Give a carrier no more messages."),
            ("resume", "End a pause made because the carrier refused credentials or credit."),
        ):
            add(name, help=says, example=f"manage.py carrier {name} smsto-1").add_argument(
                "name", metavar="NAME"
            )
        _trying(
            add(
                "try",
                help="Show a request without sending it, or what an answer or a callback would be taken for.",
                example="manage.py carrier try own-1 --to +212612345678 --text Bonjour --dry-run",
            )
        )
        add(
            "sessions",
            help="Enabled carriers that need a session process.",
            example="manage.py carrier sessions --json",
        )

    def answer(self, options: Namespace) -> Answer:
        actions: dict[str, Callable[[Namespace], Answer]] = {
            "add": _add,
            "list": _list,
            "set": _change,
            "test": _test,
            "try": _try,
            "enable": _switch,
            "disable": _switch,
            "resume": _resume,
            "sessions": _sessions,
        }
        return actions[options.action](options)


def _set(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        dest="values",
        action="extend",
        nargs="+",
        default=[],
        metavar="key=value",
        help="A setting or credential of the kind, or window= (submits in flight) or speed= (segments per second).",
    )


def _trying(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dry-run", action="store_true", help="Show the request; credentials are masked.")
    what.add_argument("--answer", metavar="BODY", help="What would this answer mean?")
    what.add_argument("--callback", metavar="BODY", help="What would this callback mean?")
    parser.add_argument("--to", default="+212612345678", help="E.164.")
    parser.add_argument("--text", default="Bonjour")
    parser.add_argument("--sender", default="RISALA")
    parser.add_argument("--status", type=int, default=200, help="The answer's HTTP status.")


def _try(options: Namespace) -> Answer:
    carrier = connecting.named(options.name)
    if options.dry_run:
        shown = rehearsing.request(carrier, to=options.to, message=options.text, sender=options.sender)
        return Answer({"request": shown}, shown)
    if options.callback is not None:
        found = rehearsing.callback(carrier, body=options.callback)
        rows = [
            {"reference": r.reference, "status": r.status, "code": r.code, "reason": r.reason} for r in found
        ]
        return Answer({"receipts": rows}, "\n".join(rehearsing.told(r) for r in found))
    result = rehearsing.answer(carrier, status=options.status, body=options.answer)
    return Answer({"result": type(result).__name__, **asdict(result)}, rehearsing.told(result))


def _shown(carrier: Carrier) -> dict[str, object]:
    return {
        "carrier_id": carrier.id,
        "name": carrier.name,
        "kind": carrier.kind,
        "enabled": carrier.enabled,
        "paused": carrier.pause_reason or None if carrier.paused_at else None,
        "settings": carrier.settings,
        "secrets": sorted(connecting.secrets_of(carrier)),
        "window": carrier.window,
        "speed": carrier.speed,
        "callback_url": config_of(carrier).callback_url,
    }


def _line(carrier: Carrier) -> str:
    state = (
        "disabled"
        if not carrier.enabled
        else f"paused: {carrier.pause_reason}"
        if carrier.paused_at
        else "enabled"
    )
    speed = f"{carrier.speed} segments/s" if carrier.speed else "no speed limit"
    return f"{carrier.name}  {carrier.kind}  {state}  window {carrier.window}, {speed}"


def _add(options: Namespace) -> Answer:
    carrier = connecting.connect(
        options.name, kind=options.kind, values=connecting.pairs(options.values), actor=operator()
    )
    return Answer(_shown(carrier), f"{_line(carrier)}\nReceipts to {config_of(carrier).callback_url}")


def _list(_: Namespace) -> Answer:
    carriers = list(Carrier.objects.order_by("name"))
    return Answer(
        {"carriers": [_shown(c) for c in carriers]}, "\n".join(map(_line, carriers)) or "No carrier."
    )


def _change(options: Namespace) -> Answer:
    carrier = connecting.change(options.name, values=connecting.pairs(options.values), actor=operator())
    return Answer(_shown(carrier), _line(carrier))


def _test(options: Namespace) -> Answer:
    result = connecting.probe(connecting.named(options.name))
    works = isinstance(result, Accepted)
    code, detail = getattr(result, "code", ""), getattr(result, "detail", "")
    data = {
        "name": options.name,
        "works": works,
        "result": type(result).__name__,
        "code": code,
        "detail": detail,
    }
    said = (
        "would take messages now."
        if works
        else f"would not: {type(result).__name__} {code} {detail}".rstrip()
    )
    return Answer(data, f"{options.name} {said}", failed=not works)


def _switch(options: Namespace) -> Answer:
    carrier = connecting.switch(options.name, enabled=options.action == "enable", actor=operator())
    return Answer(
        {"carrier_id": carrier.id, "name": carrier.name, "enabled": carrier.enabled}, _line(carrier)
    )


def _resume(options: Namespace) -> Answer:
    resumed = connecting.resume(options.name, actor=operator())
    text = f"{options.name} {'takes messages again' if resumed else 'was not paused'}."
    return Answer({"name": options.name, "resumed": resumed}, text)


def _sessions(_: Namespace) -> Answer:
    kinds = connecting.NEED_A_SESSION
    names = list(
        Carrier.objects.filter(enabled=True, kind__in=kinds).order_by("name").values_list("name", flat=True)
    )
    return Answer({"sessions": names}, "\n".join(names) or "No enabled carrier needs a session.")
