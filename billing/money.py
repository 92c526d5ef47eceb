"""Amounts of money: exact decimals with four places, how they are read, rounded and shown as JSON numbers.
Prices have four places because documents A and B print figures such as 0.0118 EUR."""

import re
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import Currency
from accounts.refusals import Code, Refused

PLACES = Decimal("0.0001")
CENT = Decimal("0.01")
"""What banks and card gateways count in."""
MOST = Decimal("999999999999.9999")
"""What the column `numeric(16, 4)` holds."""
WRITTEN = re.compile(r"-?\d{1,12}(\.\d{1,4})?", re.ASCII)


def quantize(amount: Decimal) -> Decimal:
    """The amount with exactly four places, halves away from zero."""
    return amount.quantize(PLACES, ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    """The amount with exactly two places, halves away from zero: what can be paid."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def number(amount: Decimal) -> int | float:
    """The amount as a JSON number without needless zeros: 2.0000 is 2, 0.2200 is 0.22.

    A double holds 15 significant digits exactly, more than any amount up to 99 billion with four places has.
    """
    return int(amount) if amount == amount.to_integral_value() else float(quantize(amount))


def parse(text: str, *, param: str = "amount", least: Decimal | None = None) -> Decimal:
    """The amount in a text such as `50`, `0.0118` or `-12.5`: at most four places, so nothing is rounded unseen.

    Parameters: `param` the field's name for the error; `least` the smallest amount that is right.
    Raises `Refused(INVALID_FIELD)`.
    """
    stripped = text.strip()
    if not WRITTEN.fullmatch(stripped):
        raise Refused(
            Code.INVALID_FIELD,
            f"{param} must be a number with at most four decimals, such as 12.50.",
            param=param,
        )
    amount = quantize(Decimal(stripped))
    if least is not None and amount < least:
        raise Refused(Code.INVALID_FIELD, f"{param} must be at least {least}.", param=param)
    return amount


def parse_positive(text: str, *, param: str = "amount") -> Decimal:
    """`parse`, for an amount greater than zero."""
    return parse(text, param=param, least=PLACES)


def known_currency(text: str, *, param: str = "currency") -> Currency:
    """The currency of a code in any case. Raises `Refused(INVALID_FIELD)`."""
    try:
        return Currency(text.strip().upper())
    except ValueError:
        raise Refused(
            Code.INVALID_FIELD, f"{param} must be {' or '.join(Currency.values)}.", param=param
        ) from None
