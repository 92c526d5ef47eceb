"""Forgetting: what sessions are kept for is limits and support, and that ends after 90 days (document B, log retention)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.ids import floor_of

KEPT = timedelta(days=90)
EXPIRE = """
UPDATE verify_session SET state = 'expired', mac = NULL WHERE id IN (
  SELECT id FROM verify_session WHERE state = 'pending' AND expires_at <= now() LIMIT %s FOR UPDATE SKIP LOCKED)
"""
FORGET = "DELETE FROM verify_session WHERE id IN (SELECT id FROM verify_session WHERE id < %s LIMIT %s)"
SLICE = 5000


def tidy(now: datetime | None = None) -> None:
    """End sessions whose time is over, so that what was made of their codes is gone too; forget those of 90 days ago."""
    _repeat(EXPIRE, [SLICE])
    _repeat(FORGET, [floor_of((now or datetime.now(UTC)) - KEPT), SLICE])


def _repeat(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while cursor.rowcount == SLICE:
            cursor.execute(statement, parameters)
