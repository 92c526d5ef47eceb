"""Message ids as carriers write them: the id in submit_sm_resp and the id in the receipt are often the same number in
two spellings (hexadecimal and decimal, with leading zeros, in capitals or not).

`key` is the spelling under which an answer's id is kept. `keys` gives, for a receipt's id, the keys under which its
answer may be, and `Learned` says which of the forms a carrier uses once enough receipts have found their message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Form = Literal["same", "hex_then_decimal", "decimal_then_hex"]
"""`same`: one spelling but for case, zeros and spaces. `hex_then_decimal`: hexadecimal in the answer, decimal in the
receipt. `decimal_then_hex`: the other way round."""

FORMS: tuple[Form, ...] = get_args(Form)
ENOUGH = 100
SHARE = 0.98
LONGEST_NUMBER = 32  # digits; what is longer is no number that was spelled twice


def key(message_id: str) -> str:
    """One spelling for an id: no spaces around it, no capitals, no leading zeros."""
    bare = message_id.strip(" \t\r\n\0").lower()
    return bare.lstrip("0") or bare[:1]


def in_form(receipt_id: str, form: Form) -> str | None:
    """The key of the answer that a receipt's id belongs to, if the carrier writes ids in this form; None when the id is
    no number of that form."""
    bare = key(receipt_id)
    if form == "same":
        return bare or None
    if len(bare) > LONGEST_NUMBER or not bare.isascii():
        return None
    if form == "hex_then_decimal":
        return format(int(bare), "x") if bare.isdigit() else None
    digits = bare.removeprefix("0x")
    if not digits or digits.strip("0123456789abcdef"):
        return None
    return str(int(digits, 16))


def keys(receipt_id: str, form: Form | None = None) -> dict[str, Form]:
    """The keys to look for, likeliest first, each with its form. One when the form is known.

    While it is not, two keys may each find a message: then neither the id alone nor a guess will do, and the
    recipient's number has to decide.
    """
    found: dict[str, Form] = {}
    for each in (form,) if form else FORMS:
        candidate = in_form(receipt_id, each)
        if candidate is not None:
            found.setdefault(candidate, each)
    return found


@dataclass(slots=True)
class Learned:
    """What a carrier's receipts have taught. `hits` may be kept with the carrier and given again."""

    hits: dict[Form, int] = field(default_factory=dict)

    def saw(self, form: Form, receipt_id: str) -> None:
        """A receipt found its message in this form, and in no other. Counted only where the forms differ for this id:
        `7` says nothing."""
        if len(keys(receipt_id)) > 1:
            self.hits[form] = self.hits.get(form, 0) + 1

    @property
    def form(self) -> Form | None:
        """The carrier's form, after a hundred receipts of which nearly all agree; None until then."""
        return learned(self.hits)


def learned(hits: Mapping[Form, int]) -> Form | None:
    """The form of nearly all hits, if there are enough of them."""
    total = sum(hits.values())
    if total < ENOUGH:
        return None
    best = max(hits, key=lambda form: hits[form])
    return best if hits[best] >= SHARE * total else None
