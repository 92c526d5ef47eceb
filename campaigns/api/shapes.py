"""Campaigns as clients see them: the fields of documents A and B, and natively how far a campaign is, and what it costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts import ids
from billing.money import number
from campaigns.estimate import Estimate
from campaigns.models import Campaign, Recipient
from campaigns.progress import Progress


def row(campaign: Campaign) -> dict[str, Any]:
    """A campaign in a list."""
    return {
        "id": ids.show("campaign", campaign.id),
        "number": campaign.number,
        "name": campaign.name,
        "channel": campaign.channel,
        "list_id": _shown("list", campaign.list_id),
        "template_id": _shown("template", campaign.template_id),
        "body": campaign.text or campaign.body or None,
        "sender_id": campaign.sender_id or None,
        "buttons": campaign.buttons,
        "metadata": campaign.metadata,
        "status": campaign.status,
        "reason": campaign.reason or None,
        "reason_detail": campaign.reason_detail or None,
        "scheduled_at": campaign.scheduled_at,
        "started_at": campaign.started_at,
        "ended_at": campaign.ended_at,
        "created_at": campaign.created_at,
        "total_count": campaign.total_count,
    }


def detail(campaign: Campaign, progress: Progress) -> dict[str, Any]:
    """One campaign with its counters."""
    counts = {status: progress.by_status.get(status, 0) for status in COUNTED}
    return row(campaign) | {
        "sent_count": progress.sent,
        "queued": counts["queued"] + counts["scheduled"],
        "delivered": counts["delivered"],
        "undeliverable": counts["undeliverable"],
        "failed": counts["failed"],
        "expired": counts["expired"],
        "cancelled": counts["cancelled"],
        "pending": progress.pending,
        "skipped": sum(progress.skipped.values()),
        "skipped_by_reason": dict(sorted(progress.skipped.items())),
        "segments": campaign.segments,
        "cost": {"eur": number(campaign.price_eur), "mad": number(campaign.price_mad)},
        "held": number(progress.held),
        "charged": number(progress.charged),
        "refunded": number(progress.refunded),
        "rate": progress.rate,
        "eta": progress.eta,
    }


COUNTED = ("scheduled", "queued", "delivered", "undeliverable", "failed", "expired", "cancelled")


def sent(campaign: Campaign) -> dict[str, Any]:
    """The answer to `send`. Of a list that is frozen in the background, `queued` is what is known so far."""
    members = campaign.list.count if campaign.list else 0
    return {
        "id": ids.show("campaign", campaign.id),
        "queued": campaign.queued_count,
        "total": campaign.total_count if campaign.frozen_at else max(members, campaign.total_count),
        "status": campaign.status,
        "number": campaign.number,
        "skipped": campaign.total_count - campaign.queued_count,
        "preparing": campaign.frozen_at is None,
        "segments": campaign.segments,
        "cost": {"eur": number(campaign.price_eur), "mad": number(campaign.price_mad)},
    }


def estimated(campaign: Campaign, estimate: Estimate, *, balance_after: Any) -> dict[str, Any]:
    """The answer to `estimate`; `balance_after` in the account's currency."""
    skipped = dict(sorted((estimate.skipped or {}).items()))
    return {
        "id": ids.show("campaign", campaign.id),
        "total": estimate.total,
        "recipients": estimate.recipients,
        "skipped": sum(skipped.values()),
        "skipped_by_reason": skipped,
        "segments": estimate.segments,
        "cost": {"eur": number(estimate.price_eur), "mad": number(estimate.price_mad)},
        "balance_after": balance_after,
        "affordable": balance_after >= 0,
        "exact": estimate.exact,
    }


def recipient(one: Recipient) -> dict[str, Any]:
    """A recipient; what became of the message is added for a page at once."""
    return {
        "number": one.number,
        "phone": one.phone,
        "status": "skipped" if one.skipped else "pending",
        "reason": one.skipped,
        "message_id": None,
        "segments": one.segments,
        "variables": one.values,
    }


def _shown(kind: str, value: UUID | None) -> str | None:
    return ids.show(kind, value) if value else None
