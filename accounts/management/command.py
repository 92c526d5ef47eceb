"""What every ops command shares: `--json`, an example in `--help`, ids in either form, and errors of one sentence.
A command is a door: it parses, calls one rule and prints. Bad input ends with exit code 1, never with a traceback."""

from __future__ import annotations

import getpass
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser, handle_default_options
from django.db import DatabaseError, OperationalError, connections

from accounts import ids
from accounts.models import Account
from accounts.refusals import Code, Refused

T = TypeVar("T")
NOT_OURS = {
    "--version",
    "--verbosity",
    "--traceback",
    "--settings",
    "--pythonpath",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: `data` with `--json`, `text` without; `failed` makes the exit code 1."""

    data: Mapping[str, object]
    text: str
    failed: bool = False


class OpsCommand(BaseCommand):
    """A command of the operator. Subclasses give `help`, `example`, `arguments` and `answer`."""

    example: ClassVar[str] = ""
    requires_system_checks = []
    suppressed_base_arguments = NOT_OURS

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments."""

    def answer(self, options: Namespace) -> Answer:
        """Do it. May raise `Refused`."""
        raise NotImplementedError

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        epilog = f"example:\n  {self.example}" if self.example else None
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, epilog=epilog, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        self.arguments(parser)

    def handle(self, *args: object, **options: object) -> None:
        answer = self._checked(lambda: self.answer(Namespace(**options)))
        self.stdout.write(as_json(answer.data) if options["json"] else answer.text)
        if answer.failed:
            raise SystemExit(1)

    def _checked(self, rule: Callable[[], T]) -> T:
        try:
            return rule()
        except Refused as refused:
            raise CommandError(refused.detail or str(refused.code)) from refused
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer (is the stack running?): {first_line(error)}"
            ) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {first_line(error)}") from error

    def run_from_argv(self, argv: list[str]) -> None:
        """Like Django's, but a mistake is one sentence on stderr (and `{"error": …}` with `--json`), exit code 1."""
        try:
            options = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
            handle_default_options(options)
            self.execute(**vars(options))
        except (CommandError, ImproperlyConfigured) as error:
            sentence = str(error).removeprefix("Error: ")
            self.stderr.write(sentence, self.style.ERROR)
            if "--json" in argv:
                self.stdout.write(as_json({"error": sentence}))
            sys.exit(1)
        finally:
            connections.close_all()


def as_json(data: Mapping[str, object]) -> str:
    """One JSON object on one line. UUIDs, datetimes and text only: amounts are made numbers by `billing.money`."""
    return orjson.dumps(data).decode()


def first_line(error: Exception) -> str:
    """The first line of an error, which is where databases say what is wrong."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def operator() -> str:
    """Who runs the command, for the audit trail and the ledger: `manage.py` and the name of the system's user."""
    try:
        return f"manage.py ({getpass.getuser()})"
    except (KeyError, OSError):
        return "manage.py"


def subcommands(parser: ArgumentParser) -> Callable[..., ArgumentParser]:
    """A maker of subcommands: `add(name, help, example)` gives the parser of one, `--json` included.

    `--json` of a subcommand, absent, leaves alone what stood before it: it may come first or last.
    """
    group = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, *, help: str, example: str) -> ArgumentParser:
        made: ArgumentParser = group.add_parser(
            name,
            help=help,
            description=help,
            epilog=f"example:\n  {example}",
            formatter_class=RawDescriptionHelpFormatter,
        )
        made.add_argument("--json", action="store_true", default=SUPPRESS, help="Print one JSON object.")
        return made

    return add


def account_of(text: str) -> Account:
    """The account of a public id (`acc_…`) or plain UUID. Raises `Refused(NOT_FOUND)`."""
    account = Account.objects.filter(id=ids.read("account", text)).first()
    if account is None:
        raise Refused(Code.NOT_FOUND, f"There is no account {text}.")
    return account
