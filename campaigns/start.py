"""Beginning a campaign. A list of up to `CAMPAIGN_AT_ONCE` contacts is frozen and paid within the request, so that a short
balance is its answer; a greater one, and what begins at its time, in the background: then a short balance fails the campaign,
and nothing is sent."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from accounts.refusals import Code, Refused
from campaigns import audience, schedule
from campaigns.draft import check_open, note, text_of, unknown
from campaigns.models import Campaign
from messaging.sending import wake
from messaging.sending.draft import Sender, check_channel, check_sender

log = structlog.get_logger()
LOOK_AHEAD = timedelta(hours=3)  # by as much may the rules of a zone move a time
MOST_STARTS = 200


def send(sender: Sender, campaign_id: UUID, *, most_recipients: int | None) -> Campaign:
    """Begin now. Of many at once, one begins it.

    Raises `Refused`: NOT_FOUND, INVALID_STATE for what was begun already, MISSING_FIELD without a list, 402 without the money
    for all, TOO_MANY_CONTACTS beyond `most_recipients`; nothing has changed then.
    """
    with transaction.atomic():
        rows = Campaign.objects.filter(pk=campaign_id, account_id=sender.account.id, mode=sender.mode)
        campaign = rows.select_for_update(skip_locked=True).first()
        if campaign is None:
            raise Refused(Code.INVALID_STATE, "This campaign is being begun.") if rows.exists() else unknown()
        check_open(campaign)
        campaign.most_recipients = most_recipients
        campaign.api_key_id, campaign.actor = sender.api_key_id, sender.actor
        begin(campaign, sender)
        members = campaign.list.count if campaign.list else 0
        if members <= settings.CAMPAIGN_AT_ONCE or most_recipients is not None:
            own = audience.sender_of(campaign)
            while audience.freeze_next(campaign, own):
                pass
            _freeze_ended(campaign)
        note(campaign, "sent", sender.actor)
        transaction.on_commit(partial(wake_up, campaign.id))
    return campaign


def wake_up(campaign_id: UUID) -> None:
    """Tell the workers of bulk that a campaign has something to do."""
    wake.send(f"campaign:{campaign_id}", "campaigns.tasks.advance", (str(campaign_id),), "bulk")


def begin(campaign: Campaign, sender: Sender) -> None:
    """Make a campaign running, with the text as it is now, in the caller's transaction. Raises `Refused`."""
    if campaign.list_id is None:
        raise Refused(Code.MISSING_FIELD, "A campaign needs a list_id before it is sent.", param="list_id")
    if not sender.account.active:
        raise Refused(Code.ACCOUNT_INACTIVE, "This account is suspended.")
    check_channel(campaign.channel, sender)
    check_sender(campaign.sender_id, sender)
    campaign.text = text_of(campaign, mode=campaign.mode)
    campaign.status = Campaign.Status.RUNNING
    campaign.started_at = datetime.now(UTC)
    campaign.save()


def _freeze_ended(campaign: Campaign) -> None:
    campaign.frozen_at = datetime.now(UTC)
    campaign.save(update_fields=["frozen_at"])
    audience.hold(campaign)


def freeze_more(campaign_id: UUID) -> bool:
    """Freeze the next recipients of a running campaign; after the last, hold the money. Returns whether there is more to do."""
    with transaction.atomic():
        running = Campaign.objects.filter(pk=campaign_id, status=Campaign.Status.RUNNING, frozen_at=None)
        campaign = running.select_for_update(skip_locked=True).first()
        if campaign is None:
            return False
        try:
            with transaction.atomic():
                if not audience.freeze_next(campaign, audience.sender_of(campaign)):
                    _freeze_ended(campaign)
        except Refused as refusal:
            if refusal.code == Code.ACCOUNT_INACTIVE:
                return False
            campaign.refresh_from_db()
            fail(campaign, refusal)
            return False
    return True


def fail(campaign: Campaign, refusal: Refused) -> None:
    """End a campaign that could not begin; nothing of it was sent. Its people are mailed by `alarm.py`."""
    campaign.status, campaign.ended_at = Campaign.Status.FAILED, datetime.now(UTC)
    campaign.reason, campaign.reason_detail = refusal.code, refusal.detail[:300]
    campaign.save()
    note(campaign, "failed", "schedule", reason=str(refusal.code))


def due() -> int:
    """Begin the scheduled campaigns whose time has come; times by the clock of a zone are resolved again. Returns how many
    began or failed."""
    now = datetime.now(UTC)
    near = Campaign.objects.filter(
        status=Campaign.Status.SCHEDULED, scheduled_at__lte=now + LOOK_AHEAD
    ).order_by("scheduled_at")
    return sum(_due(campaign_id, now) for campaign_id in near.values_list("pk", flat=True)[:MOST_STARTS])


def _due(campaign_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        campaign = rows.filter(pk=campaign_id, status=Campaign.Status.SCHEDULED).first()
        if campaign is None or campaign.scheduled_at is None:
            return False
        if campaign.scheduled_local:
            at = schedule.resolve(campaign.scheduled_local, campaign.time_zone)
            if at != campaign.scheduled_at:
                campaign.scheduled_at = at
                campaign.save(update_fields=["scheduled_at"])
        if campaign.scheduled_at > now:
            return False
        try:
            begin(campaign, audience.sender_of(campaign))
        except Refused as refusal:
            fail(campaign, refusal)
        else:
            transaction.on_commit(partial(wake_up, campaign.id))
    return True
