"""Centre Monétique Interbancaire, the card gateway of Moroccan banks: the payer's browser posts a signed form, CMI reports by a
signed callback. From what is publicly known of its 3D Pay Hosting with hash `ver3`; not tried against CMI (docs/topups.md)."""

import base64
import hashlib
import hmac
import html
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import ClassVar
from urllib.parse import parse_qsl

from billing.gateways.contract import (
    BadCallback,
    Callback,
    Declined,
    Fact,
    Form,
    Gateway,
    Order,
    Paid,
    Reply,
    Verdict,
)

MAD = "504"
"""ISO 4217 number of the dirham: CMI charges in nothing else."""
UNSIGNED = frozenset({"hash", "encoding"})
APPROVED = "00"
MOST_FIELDS = 200
LANGUAGES = ("fr", "ar", "en")
WORDS = {
    Verdict.TAKEN: "ACTION=POSTAUTH",
    Verdict.NOTED: "APPROVED",
    Verdict.REFUSED: "FAILURE",
    Verdict.FORGED: "FAILURE",
}
"""`ACTION=POSTAUTH` makes CMI take the money that it has reserved, `APPROVED` says that the news came, `FAILURE` that
something is wrong with it: then nothing is taken."""


def signature(fields: Mapping[str, str], store_key: str) -> str:
    """The hash `ver3`: values in the order of their names whatever their case, `\\` and `|` escaped, each followed by
    `|`, then the store key; of that, SHA-512 in base64."""
    names = sorted((name for name in fields if name.lower() not in UNSIGNED), key=str.lower)
    text = "|".join(_escaped(value) for value in [*(fields[name] for name in names), store_key])
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")


@dataclass(frozen=True)
class Cmi(Gateway):
    """`client_id` and `store_key` as CMI gave them, `gateway_url` where forms go, `shop_email` for its receipts: the
    payer's own is not shown on a page that needs no sign-in."""

    name: ClassVar[str] = "cmi"
    client_id: str
    store_key: str = field(repr=False)
    gateway_url: str
    shop_url: str
    shop_email: str

    def form(self, order: Order) -> Form | None:
        """The signed form. `PreAuth` with `CallbackResponse`: money is taken only once our callback has answered."""
        fields = {
            "clientid": self.client_id,
            "storetype": "3D_PAY_HOSTING",
            "TranType": "PreAuth",
            "hashAlgorithm": "ver3",
            "encoding": "UTF-8",
            "oid": order.topup,
            "amount": f"{order.amount:.2f}",
            "currency": MAD,
            "lang": order.language if order.language in LANGUAGES else "fr",
            "rnd": secrets.token_hex(10),
            "okUrl": f"{order.return_url}&returned=1",
            "failUrl": order.return_url,
            "shopurl": self.shop_url,
            "callbackUrl": order.callback_url,
            "CallbackResponse": "true",
            "AutoRedirect": "true",
            "refreshtime": "5",
            "BillToName": order.topup,
            "email": self.shop_email,
        }
        return Form(self.gateway_url, fields | {"HASH": signature(fields, self.store_key)})

    def read(self, callback: Callback) -> Fact | None:
        """The fact of a signed callback."""
        fields = self._verified(callback)
        if fields.get("clientid") != self.client_id:
            raise BadCallback("for another merchant")
        topup = fields.get("oid") or fields.get("ReturnOid") or ""
        # The hash covers the values in the order of their names, not the names: a signed value could be put under
        # another name. A refusal holds no value "Approved", and our own form no answer at all.
        if "ProcReturnCode" not in fields or "Response" not in fields:
            raise BadCallback("no answer to a payment")
        if fields["ProcReturnCode"] != APPROVED or fields["Response"] != "Approved":
            return Declined(topup, "declined")
        try:
            amount = Decimal(fields.get("amount", "").strip().replace(",", "."))
        except InvalidOperation:
            raise BadCallback("an amount that is no number") from None
        currency = fields.get("currency", "")
        return Paid(
            topup,
            amount,
            "MAD" if currency == MAD else currency[:3],
            fields.get("TransId", "")[:120] or topup,
        )

    def _verified(self, callback: Callback) -> Mapping[str, str]:
        """CMI's own sample signs values without their HTML escapes and without a last line end; both ways are right."""
        try:
            pairs = parse_qsl(
                callback.body.decode(),
                keep_blank_values=True,
                max_num_fields=MOST_FIELDS,
                encoding="utf-8",
                errors="strict",
            )
        except ValueError:
            raise BadCallback("no form in UTF-8") from None
        fields = dict(pairs)
        if len(fields) != len(pairs) or len({name.lower() for name in fields}) != len(fields):
            raise BadCallback("a field stands there twice")  # else signed and read values could differ
        given = next((value for name, value in fields.items() if name.lower() == "hash"), "")
        plain = {name: html.unescape(value.removesuffix("\n")) for name, value in fields.items()}
        for way in (plain, fields):
            if given and hmac.compare_digest(given.encode(), signature(way, self.store_key).encode()):
                return plain
        raise BadCallback("not signed by CMI")

    def reply(self, verdict: Verdict) -> Reply:
        """Plain text, as CMI wants it."""
        return Reply(200, "text/plain; charset=utf-8", WORDS[verdict])
