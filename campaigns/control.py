"""Stopping campaigns. Each is in force when its transaction is committed: from then on nothing more is made, and no carrier
is given anything more; what a worker has in its hands at that moment still goes out."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from accounts.refusals import Code, Refused
from billing import holds
from campaigns.draft import locked, note
from campaigns.models import Campaign
from campaigns.start import wake_up
from messaging.sending import standstill
from messaging.sending.draft import Sender

Status = Campaign.Status


def pause(sender: Sender, campaign_id: UUID) -> Campaign:
    """Let a running campaign wait. Raises `Refused` with NOT_FOUND, or INVALID_STATE if it does not run."""
    with transaction.atomic():
        campaign = _moved(sender, campaign_id, to=Status.PAUSED, out_of=(Status.RUNNING,))
        campaign.paused_at = datetime.now(UTC)
        campaign.save(update_fields=["status", "paused_at"])
        standstill.begin(campaign.account_id, campaign.id)
        note(campaign, "paused", sender.actor)
    standstill.enforce(campaign.id, cancels=False)
    return campaign


def resume(sender: Sender, campaign_id: UUID) -> Campaign:
    """Let a paused campaign go on where it was. Raises `Refused` with NOT_FOUND, or INVALID_STATE if it is not paused."""
    with transaction.atomic():
        campaign = _moved(sender, campaign_id, to=Status.RUNNING, out_of=(Status.PAUSED,))
        campaign.paused_at = None
        campaign.save(update_fields=["status", "paused_at"])
        standstill.end(campaign.id)
        note(campaign, "resumed", sender.actor)
        transaction.on_commit(lambda: wake_up(campaign.id))
    return campaign


def cancel(sender: Sender, campaign_id: UUID) -> Campaign:
    """End a campaign. What is not with a carrier is cancelled and refunded, and the rest of the hold is released.

    Raises `Refused` with NOT_FOUND, or INVALID_STATE if it has ended already.
    """
    open_states = (Status.DRAFT, Status.SCHEDULED, Status.RUNNING, Status.PAUSED)
    with transaction.atomic():
        campaign = _moved(sender, campaign_id, to=Status.CANCELLED, out_of=open_states)
        campaign.paused_at, campaign.ended_at = None, datetime.now(UTC)
        campaign.save(update_fields=["status", "paused_at", "ended_at"])
        if campaign.started_at:
            standstill.begin(campaign.account_id, campaign.id, cancels=True)
        note(campaign, "cancelled", sender.actor)
        holds.release(campaign.id, actor=sender.actor)
    if campaign.started_at:
        standstill.enforce(campaign.id, cancels=True)
    return campaign


def _moved(sender: Sender, campaign_id: UUID, *, to: Status, out_of: tuple[Status, ...]) -> Campaign:
    """The campaign, locked and with its new status, which is not saved here."""
    campaign = locked(sender, campaign_id)
    if campaign.status not in out_of:
        raise Refused(
            Code.INVALID_STATE,
            f"This campaign is {campaign.status}; it must be {' or '.join(out_of)} to become {to}.",
        )
    campaign.status = to
    return campaign
