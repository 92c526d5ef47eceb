"""Forgetting whom a campaign went to: its recipients are deleted as long after its end as numbers of messages are kept
(`NUMBER_DAYS`; an account may have fewer). The counters stay."""

import time
from uuid import UUID

from django.conf import settings
from django.db import connection

from campaigns import progress
from campaigns.models import Campaign

SLICE = 5_000
MOST_CAMPAIGNS = 500
DUE = """
SELECT c.id FROM campaigns_campaign c JOIN accounts_account a ON a.id = c.account_id
 WHERE c.ended_at < now() - make_interval(days => least(%s, a.number_days))
   AND EXISTS (SELECT FROM campaigns_recipient r WHERE r.campaign_id = c.id) ORDER BY c.id LIMIT %s
"""
FORGET = """
DELETE FROM campaigns_recipient WHERE campaign_id = %s AND number IN (
  SELECT number FROM campaigns_recipient WHERE campaign_id = %s ORDER BY number LIMIT %s)
"""


def run(*, until: float) -> int:
    """Forget what is due, until `until` (of `time.monotonic()`) at the latest. Returns how many recipients were deleted."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [settings.NUMBER_DAYS, MOST_CAMPAIGNS])
        due = [row[0] for row in cursor.fetchall()]
    return sum(_forget(campaign_id, until) for campaign_id in due)


def _forget(campaign_id: UUID, until: float) -> int:
    """What the recipients are counted for is kept first; while a message is open, they stay."""
    progress.of(Campaign.objects.get(pk=campaign_id))
    if not Campaign.objects.filter(pk=campaign_id, final_counts__isnull=False).exists():
        return 0
    done = 0
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(FORGET, [campaign_id, campaign_id, SLICE])
            done += cursor.rowcount
            if cursor.rowcount < SLICE:
                break
    return done
