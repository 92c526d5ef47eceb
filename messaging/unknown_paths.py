"""Addresses that clients with a key ask for in vain: counted for the operator, who so learns what a dialect lacks."""

import re

from django.db import connection

MOST_KEPT = 500
MOST_CHARACTERS = 200
DIGITS = re.compile(r"[0-9]{2,}|(?<=/)[0-9]")
COUNT = """
UPDATE messaging_unknownpath SET calls = calls + 1, last_at = now() WHERE method = %(method)s AND path = %(path)s
"""
KEEP = """
INSERT INTO messaging_unknownpath (method, path, calls)
SELECT %(method)s, %(path)s, 1 WHERE (SELECT count(*) FROM messaging_unknownpath) < %(most)s
ON CONFLICT (method, path) DO UPDATE SET calls = messaging_unknownpath.calls + 1, last_at = now()
"""


def note(method: str, path: str) -> None:
    """Count one call. Digits are left out: they may be somebody's number. At most `MOST_KEPT` addresses are kept."""
    known: dict[str, str | int] = {
        "method": method[:10],
        "path": DIGITS.sub("#", path)[:MOST_CHARACTERS].replace("\x00", ""),
        "most": MOST_KEPT,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, known)
        if cursor.rowcount == 0:
            cursor.execute(KEEP, known)
