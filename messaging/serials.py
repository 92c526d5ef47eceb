"""Integer ids of messages, for clients that know no others (document E): counted per account, so that an id tells nothing of
other accounts, and kept in the message's metadata, so that they cost no row."""

from uuid import UUID

from django.db import connection

from messaging.models import Message

FIELD = "serial"
"""The key in a message's metadata."""
MOST = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259, section 6)."""
TAKE = """
INSERT INTO messaging_serialcounter (account_id, last) VALUES (%(account)s, %(n)s)
ON CONFLICT (account_id) DO UPDATE SET last = messaging_serialcounter.last + %(n)s RETURNING last
"""


def take(account_id: UUID, wanted: int) -> range:
    """The next `wanted` ids of an account. Those whose message is then refused stay unused."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"account": account_id, "n": wanted})
        (last,) = cursor.fetchone()
    return range(last - wanted + 1, last + 1)


def of(message: Message) -> int:
    """The message's id: the one it was given, else, for one that came by another door, one made of its own id."""
    kept = (message.metadata or {}).get(FIELD)
    return kept if isinstance(kept, int) else message.id.int & MOST
