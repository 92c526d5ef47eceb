"""Document E (massej.li): `/api/v1/*`. Integer ids, times of the account's own zone, its own envelope; its paths were lost
from the document, so an unknown one answers with an index of those that exist."""

from messaging.dialects.massejli.errors import refusal

__all__ = ["refusal"]
