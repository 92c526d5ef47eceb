"""What an example of a document is to the tests: who runs it, what it answers, and where that differs from what is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contract import printed
from tests.contract.likeness import Differs
from tests.stand_ins import receiver
from tests.stand_ins.customer import Answer, Customer
from tests.stand_ins.receiver import Receiver

if TYPE_CHECKING:
    from tests.stand_ins.operator import Operator

COMPAT: Mapping[str, Mapping[str, Any]] = {
    "a": {"compat": "smsmaroc", "plan": "starter", "currency": "EUR"},
    "b": {"compat": "envoisms", "plan": "croissance"},
    "c": {"compat": "smsprovider", "plan": "standard"},
    "d": {"compat": "prosendi", "country": "ML"},
    "e": {"compat": "massejli", "allowed_countries": ("LB",)},
}
CODE = "Votre code est 483921"
BUSY = {"sent", "queued"}


@dataclass
class World:
    """What an example runs in: the operator, a folder, and what it notes. `state` has by path what stands in place of a
    printed value because the example's account is not the document's."""

    operator: Operator
    home: Path
    document: str
    state: dict[str, object] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def account(self, **options: Any) -> Customer:
        """A new account with a key of the document's clients."""
        self.customers.append(self.operator.new_account(**{**COMPAT[self.document], **options}))
        return self.customers[-1]

    def key(self, customer: Customer, **options: Any) -> Customer:
        """Another key of the account, for the same clients."""
        wanted = {"compat": COMPAT[self.document]["compat"], **options}
        return self.operator.new_key(customer.account_id, **wanted)

    def sql(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """Run a statement beside the stack."""
        return self.operator.stack.rows(statement, parameters)

    def nothing_moved(self) -> bool:
        """Whether the accounts of this world have no live message, and no ledger entry but the opening one."""
        ids = [customer.account_id for customer in self.customers]
        (found,) = self.sql(
            "SELECT (SELECT count(*) FROM messaging_message WHERE account_id = ANY(%s) AND mode = 'live') AS messages,"
            " (SELECT coalesce(max(seq), 0) FROM billing_ledger WHERE account_id = ANY(%s)) AS entries",
            ids,
            ids,
        )
        return bool(found["messages"] == 0 and found["entries"] <= 1)

    def curl(
        self, customer: Customer, heading: str, changes: Mapping[str, str] | None = None, document: str = ""
    ) -> Answer:
        """Run the curl command that is printed under a heading."""
        command = printed.block(document or self.document, heading, "sh")
        command = printed.changed(command, customer, changes or {})
        return printed.shell(command, self.home, address=customer.address)

    @cached_property
    def receiver(self) -> Receiver:
        """A customer's receiver of webhooks, open until the example is over."""
        return self._open.enter_context(receiver.running())

    def close(self) -> None:
        """Close what is open."""
        self._open.close()


Run = Callable[[World], Answer]


@dataclass(frozen=True)
class Example:
    """One printed answer. `heading` is where it is printed, `status` what is promised, `differs` where we answer otherwise
    whoever asks, and `state` what follows from the example's own account."""

    document: str
    heading: str
    run: Run
    status: int
    state: Mapping[str, object]
    differs: Mapping[str, Differs]
    more_rows: bool
    more: str

    @property
    def name(self) -> str:
        return f"{self.document.upper()} {self.heading}" + (f" ({self.more})" if self.more else "")


EXAMPLES: list[Example] = []


def example(
    document: str,
    heading: str,
    status: int = 200,
    *,
    state: Mapping[str, object] | None = None,
    differs: Mapping[str, Differs] | None = None,
    more_rows: bool = False,
    more: str = "",
) -> Callable[[Run], Run]:
    """Enter a function among the examples: it makes what the printed answer presupposes, calls, and returns the answer."""

    def enter(run: Run) -> Run:
        assert heading in printed.sections(document), heading
        EXAMPLES.append(Example(document, heading, run, status, state or {}, differs or {}, more_rows, more))
        return run

    return enter
