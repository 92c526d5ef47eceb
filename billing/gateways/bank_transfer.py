"""A transfer to the operator's bank account. No program tells of it: an operator who sees it on the statement confirms it
(`billing/transfers.py`)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from billing.gateways.contract import BadCallback, Callback, Fact, Gateway, Reply, Verdict


@dataclass(frozen=True)
class BankTransfer(Gateway):
    """Where to transfer to; what is empty is not shown. `days` is how long it is waited for."""

    name: ClassVar[str] = "bank_transfer"
    account_holder: str
    bank: str
    rib: str
    iban: str
    bic: str
    days: int

    def lasts(self) -> timedelta:
        """Days: banks are slow, and so are payers."""
        return timedelta(days=self.days)

    def details(self) -> dict[str, str]:
        """The account, by the names of the API's fields."""
        facts = {
            "account_holder": self.account_holder,
            "bank": self.bank,
            "rib": self.rib,
            "iban": self.iban,
            "bic": self.bic,
        }
        return {name: value for name, value in facts.items() if value}

    def read(self, callback: Callback) -> Fact | None:
        """Always raises `BadCallback`: banks do not call."""
        raise BadCallback("a bank transfer has no callback")

    def reply(self, verdict: Verdict) -> Reply:
        """As for an address that does not exist."""
        return Reply(404, "application/json", '{"ok":false}')
