"""`manage.py bootstrap`: what a fresh installation starts with, once; a repeated call changes nothing and prints the same facts."""

from argparse import Namespace

from accounts.management.command import Answer, OpsCommand, operator
from config import demo
from config.periodic import ensure as ensure_periodic


class Command(OpsCommand):
    help = "Make the demo account, the administrator, two keys, the simulator's routes and the periodic tasks, once."
    example = "manage.py bootstrap --json"

    def answer(self, options: Namespace) -> Answer:
        ensure_periodic()
        facts = demo.ensure(actor=operator())
        return Answer(facts, "\n".join(f"{name}: {value}" for name, value in facts.items()))
