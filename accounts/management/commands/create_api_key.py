"""`manage.py create_api_key`: a key of an account, shown once."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from django.utils.dateparse import parse_date, parse_datetime

from accounts import ids, keys
from accounts.management.command import Answer, OpsCommand, account_of, operator
from accounts.models import ApiKey, Compat, Mode, Scope
from accounts.refusals import Code, Refused


class Command(OpsCommand):
    help = "Make an API key. The key is shown once; only its hash is kept."
    example = (
        "manage.py create_api_key acc_0198… --mode live --compat native --permission send --ip 203.0.113.0/24"
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="ACCOUNT_ID")
        parser.add_argument(
            "--mode", required=True, choices=Mode.values, help="test: the simulator, no money."
        )
        parser.add_argument(
            "--compat", default=Compat.NATIVE, choices=Compat.values, help="Whose client uses the key."
        )
        parser.add_argument("--name", default="API key")
        parser.add_argument(
            "--permission",
            action="append",
            choices=Scope.values,
            help="Repeatable; none given: all but admin:gateway.",
        )
        parser.add_argument(
            "--ip", action="append", default=[], metavar="CIDR", help="Allowed network. Repeatable."
        )
        parser.add_argument(
            "--rate-limit", type=int, default=100, metavar="N", help="Requests per minute; 0: unlimited."
        )
        parser.add_argument(
            "--service",
            default=ApiKey.Service.SMS,
            choices=ApiKey.Service.values,
            help="What a key of document D's clients is for.",
        )
        parser.add_argument("--expires", metavar="ISO", help="Such as 2027-01-31T00:00:00Z.")

    def answer(self, options: Namespace) -> Answer:
        if not 0 <= options.rate_limit < 2**31:
            raise Refused(Code.INVALID_FIELD, "rate-limit must be 0 (unlimited) or more.", param="rate-limit")
        key, full = keys.issue(
            account_of(options.account),
            mode=options.mode,
            compat=options.compat,
            name=options.name,
            scopes=options.permission,
            ip_allow_list=options.ip,
            rate_per_minute=options.rate_limit,
            expires_at=_instant(options.expires),
            service=options.service,
            actor=operator(),
        )
        shown = ids.show("api_key", key.id)
        return Answer({"key_id": shown, "api_key": full}, f"Key {shown}, shown only now: {full}")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
        read = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else parse_datetime(text)
    except ValueError:
        read = None
    if read is None:
        raise Refused(Code.INVALID_FIELD, "expires must be such as 2027-01-31T00:00:00Z.", param="expires")
    instant = read if read.tzinfo else read.replace(tzinfo=UTC)
    if instant <= datetime.now(UTC):
        raise Refused(Code.INVALID_FIELD, "expires must lie in the future.", param="expires")
    return instant
