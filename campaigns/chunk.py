"""One chunk of a campaign: the messages of its next recipients, their queue rows, the charge to the hold and the cursor, in
one transaction. Killed anywhere, it has happened or it has not, so each recipient gets one message. Few messages of a
campaign wait at a time: what is paused or cancelled is quickly found, and validity does not run out in the queue."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from accounts.ids import new_id
from accounts.refusals import Refused
from billing import holds
from campaigns import throttle
from campaigns.audience import draft_for, sender_of
from campaigns.models import Campaign, Recipient
from messaging.sending import accept, standstill
from messaging.sending.accept import Order
from messaging.sending.draft import Ready, Sender, prepare

CHUNK = 1_000
MOST_UNSETTLED = 5_000
ELAPSED = (
    "SELECT extract(epoch FROM clock_timestamp() - frozen_at)::float8 FROM campaigns_campaign WHERE id = %s"
)
SKIP = """
UPDATE campaigns_recipient r SET skipped = s.reason FROM unnest(%s::int[], %s::text[]) AS s(number, reason)
 WHERE r.campaign_id = %s AND r.number = s.number
"""


class Made(Enum):
    """What came of a turn: more can be made at once; not now; or somebody else has the campaign, or it does not run."""

    MORE = "more"
    LATER = "later"
    NOT_OURS = "not ours"


def make(campaign_id: UUID, *, most: int = CHUNK) -> Made:
    """Make the next messages of a running campaign, at most `most`; after the last, release what is left of the hold."""
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(skip_locked=True, of=("self",)).select_related("account")
        campaign = rows.filter(
            pk=campaign_id, status=Campaign.Status.RUNNING, frozen_at__isnull=False, made_at=None
        ).first()
        if campaign is None:
            return Made.NOT_OURS
        sender = sender_of(campaign)
        room = _room(campaign, most)
        if room <= 0 or not sender.account.active:
            return Made.LATER
        recipients = list(
            Recipient.objects.filter(
                campaign_id=campaign_id, number__gt=campaign.cursor, skipped=None
            ).order_by("number")[:room]
        )
        campaign.slot_used += len(recipients)
        campaign.cursor = recipients[-1].number if len(recipients) == room else campaign.total_count
        if campaign.cursor == campaign.total_count:
            campaign.made_at = datetime.now(UTC)
        campaign.save(update_fields=["cursor", "slot", "slot_used", "made_at"])
        _skip(campaign_id, _send(campaign, sender, recipients))
        if campaign.made_at:
            holds.release(campaign_id, actor=campaign.actor)
    return Made.MORE


def _room(campaign: Campaign, most: int) -> int:
    """How many messages may be made now: few of a campaign wait at a time, and its throttle allows so many."""
    room = min(most, MOST_UNSETTLED - standstill.unsettled(campaign.id, most=MOST_UNSETTLED))
    pace = throttle.of(campaign.metadata)
    if pace is None:
        return room
    with connection.cursor() as cursor:
        cursor.execute(ELAPSED, [campaign.id])
        stretch = pace.stretch(cursor.fetchone()[0])
    if stretch > campaign.slot:
        campaign.slot, campaign.slot_used = stretch, 0
    # What an earlier stretch made and nobody took yet counts too: a queue that moves again must not burst.
    allowed = pace.allowed(campaign.slot)
    waiting = standstill.still_queued(campaign.id, most=allowed + 1)
    return min(room, allowed - max(campaign.slot_used, waiting))


def _send(campaign: Campaign, sender: Sender, recipients: Sequence[Recipient]) -> dict[int, str]:
    """Accept a message for each. Returns the numbers of those that got none, and why."""
    ready: list[Ready] = []
    skipped: dict[int, str] = {}
    now = datetime.now(UTC)
    for index, recipient in enumerate(recipients):
        try:
            ready.append(_ready(campaign, sender, recipient, f"recipients[{index}].", now))
        except Refused as refusal:
            skipped[recipient.number] = refusal.code
    if not ready:
        return skipped
    order = Order(sender, ready, batch=True, batch_id=new_id(), pay=partial(_pay, campaign))
    answer = accept.batch([order])[0]
    if isinstance(answer, Refused):
        return {recipient.number: str(answer.code) for recipient in recipients} | skipped
    refused = {recipients[one.index].number: str(one.refusal.code) for one in order.rejected}
    return skipped | refused


def _ready(campaign: Campaign, sender: Sender, recipient: Recipient, param: str, now: datetime) -> Ready:
    """The recipient's message at the price that was held for it: what changed since changes nothing that was promised.

    Raises `Refused` for what cannot be sent any more, such as to a country that was closed to the account.
    """
    made = prepare(draft_for(campaign, recipient.phone, recipient.values, param=param), sender, now)
    made.price, made.price_mad, made.price_eur = recipient.price, recipient.price_mad, recipient.price_eur
    return made


def _pay(campaign: Campaign, order: Order) -> None:
    if order.total == 0:
        return
    reference = order.charge_reference
    if (
        reference is None
        or holds.use(campaign.id, order.total, reference=reference, actor=campaign.actor) is None
    ):
        raise RuntimeError(f"the hold of campaign {campaign.id} is short of {order.total}")


def _skip(campaign_id: UUID, reasons: dict[int, str]) -> None:
    if reasons:
        with connection.cursor() as cursor:
            cursor.execute(SKIP, [list(reasons), list(reasons.values()), campaign_id])
