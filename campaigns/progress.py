"""How far a campaign is. Counts are sums over its messages, never counters of our own; once the last message is final they are
kept with the campaign, so that they outlive the messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import Hold
from campaigns import throttle
from campaigns.models import Campaign
from messaging.models.message import RANK, Status

# Ids are in the order of time: the bound spares the count the partitions of former months.
COUNTS = """
SELECT status, count(*) FROM messaging_message WHERE campaign_id = %(campaign)s AND id >= %(campaign)s GROUP BY status
"""
RETURNED = """
SELECT count(*) FILTER (WHERE status = 'expired'), coalesce(sum(price), 0) FROM messaging_message
 WHERE campaign_id = %(campaign)s AND id >= %(campaign)s
   AND (status IN ('failed', 'cancelled') OR (status = 'expired' AND error_code = 'EXPIRED_BEFORE_SUBMIT')
        OR (status = 'undeliverable' AND refund_undeliverable))
"""
SKIPPED = """
SELECT skipped, count(*) FROM campaigns_recipient WHERE campaign_id = %(campaign)s AND skipped IS NOT NULL GROUP BY skipped
"""
HANDED_OVER = (Status.SENT, Status.UNCERTAIN, Status.DELIVERED, Status.UNDELIVERABLE, Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Progress:
    """`by_status` counts messages, `unsent` those of them that expired before any carrier had them; `skipped` counts
    recipients by reason; `pending` are recipients whose turn has not been. Amounts are in the account's currency."""

    by_status: Mapping[str, int] = field(default_factory=dict)
    unsent: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    pending: int = 0
    held: Decimal = Decimal(0)
    charged: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    rate: float | None = None
    eta: datetime | None = None

    @property
    def made(self) -> int:
        return sum(self.by_status.values())

    @property
    def sent(self) -> int:
        """Messages that carriers took, whatever became of them; one whose answer was lost counts as sent until settled."""
        return sum(self.by_status.get(status, 0) for status in HANDED_OVER) - self.unsent


def of(campaign: Campaign) -> Progress:
    """Where the campaign is now."""
    if campaign.started_at is None:
        return Progress()
    kept = campaign.final_counts or _counted(campaign)
    hold = Hold.objects.filter(pk=campaign.id).first()
    skipped = {str(reason): int(count) for reason, count in kept["skipped"].items()}
    by_status = {str(status): int(count) for status, count in kept["by_status"].items()}
    pending = max(0, campaign.queued_count - sum(by_status.values()) - _late(campaign, skipped))
    moved = sum(by_status.values()) - by_status.get("queued", 0)
    rate, eta = _pace(campaign, moved, pending + by_status.get("queued", 0))
    return Progress(
        by_status=by_status,
        unsent=int(kept["unsent"]),
        skipped=skipped,
        pending=0 if campaign.ended_at else pending,
        held=hold.left if hold else Decimal(0),
        charged=hold.used if hold else Decimal(0),
        refunded=Decimal(kept["refunded"]),
        rate=rate,
        eta=eta,
    )


def _late(campaign: Campaign, skipped: Mapping[str, int]) -> int:
    """Recipients that were to get a message when they were frozen, and were skipped when their turn came."""
    return max(0, sum(skipped.values()) - (campaign.total_count - campaign.queued_count))


def _pairs(statement: str, campaign: Campaign) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"campaign": campaign.id})
        return dict(cursor.fetchall())


def _counted(campaign: Campaign) -> Mapping[str, Any]:
    """The sums as they are now; kept once nothing can change them any more."""
    by_status = _pairs(COUNTS, campaign)
    with connection.cursor() as cursor:
        cursor.execute(RETURNED, {"campaign": campaign.id})
        unsent, refunded = cursor.fetchone()
    counts = {
        "by_status": by_status,
        "unsent": unsent,
        "refunded": str(refunded),
        "skipped": _pairs(SKIPPED, campaign),
    }
    if campaign.ended_at and not any(status in by_status for status in RANK):
        Campaign.objects.filter(pk=campaign.id, ended_at__isnull=False).update(final_counts=counts)
    return counts


def _pace(campaign: Campaign, moved: int, left: int) -> tuple[float | None, datetime | None]:
    """(messages per second, when the rest will have been submitted at that speed); a throttle's own speed where there is one."""
    if campaign.frozen_at is None or campaign.status != Campaign.Status.RUNNING:
        return None, None
    now = datetime.now(UTC)
    seconds = max(0.001, (now - campaign.frozen_at).total_seconds())
    rate = moved / seconds
    asked = throttle.of(campaign.metadata)
    expected = min(rate, asked.per_second) if asked and rate else (asked.per_second if asked else rate)
    eta = now + timedelta(seconds=min(left / expected, 366 * 86400)) if expected and left else None
    return round(rate, 3), eta
