"""The loop that moves a campaign: freeze → chunks → completed. Every step is a transaction of its own that finds out where the
campaign is, so it may be killed anywhere and run by any number of workers."""

import time
from uuid import UUID

import structlog
from django.db import OperationalError
from django.db.models.functions import Now

from campaigns import chunk, start
from campaigns.models import Campaign
from messaging.sending import standstill

log = structlog.get_logger()
SLICE_SECONDS = 1.0
MOST_RUNNING = 1_000


def running() -> list[UUID]:
    """The campaigns that have something to do."""
    found = Campaign.objects.filter(status=Campaign.Status.RUNNING).order_by("id")
    return list(found.values_list("pk", flat=True)[:MOST_RUNNING])


def look_after() -> None:
    """Begin what is due, and keep still what stands still."""
    start.due()
    standstill.enforce_all()


def everything(*, slice_seconds: float) -> None:
    """One round over all campaigns, without Celery."""
    look_after()
    for campaign_id in running():
        run(campaign_id, slice_seconds=slice_seconds)


def run(campaign_id: UUID, *, slice_seconds: float = SLICE_SECONDS) -> bool:
    """Move a campaign on. Returns whether there is more to do at once (the slice ended first)."""
    until = time.monotonic() + slice_seconds
    while time.monotonic() < until:
        try:
            if not _step(campaign_id):
                return False
        except OperationalError as error:
            log.warning(
                "a step of a campaign is tried again", campaign_id=str(campaign_id), reason=str(error)
            )
            return False
    return True


def _step(campaign_id: UUID) -> bool:
    """One step. Returns whether another may follow at once."""
    where = Campaign.objects.filter(pk=campaign_id, status=Campaign.Status.RUNNING)
    found = where.values_list("frozen_at", "made_at").first()
    if found is None:
        return False
    frozen_at, made_at = found
    if frozen_at is None:
        return start.freeze_more(campaign_id)
    if made_at is None:
        return chunk.make(campaign_id) is chunk.Made.MORE
    if standstill.unsettled(campaign_id, most=1) == 0:
        where.filter(made_at__isnull=False).update(status=Campaign.Status.COMPLETED, ended_at=Now())
    return False
