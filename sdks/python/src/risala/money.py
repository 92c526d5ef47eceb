"""Numbers as they come and go. Amounts are exact: a fraction in an answer is a Decimal, never a float."""

from decimal import Decimal
from typing import Union

Amount = Union[int, Decimal]
Number = Union[int, float, Decimal]
