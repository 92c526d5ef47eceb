"""What a campaign would cost if it were sent now, by the very rules that will send it; nothing is written. Great lists are
looked at in part, and say so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounts.refusals import Code, Refused
from billing.money import quantize
from campaigns import audience
from campaigns.draft import check_open, text_of
from campaigns.models import Campaign
from contacts import lists
from messaging.sending.draft import Sender, check_channel, check_sender

MOST_LOOKED_AT = 20_000


@dataclass(slots=True)
class Estimate:
    """`total` members of the list, of whom `recipients` would get a message of all in all `segments`; `price` in the
    account's currency. Not `exact` when only the first 20,000 were looked at and the rest was taken to be like them."""

    total: int = 0
    recipients: int = 0
    skipped: Mapping[str, int] | None = None
    segments: int = 0
    price: Decimal = Decimal(0)
    price_mad: Decimal = Decimal(0)
    price_eur: Decimal = Decimal(0)
    exact: bool = True


def of(campaign: Campaign, sender: Sender) -> Estimate:
    """The estimate of a campaign that is not sent yet.

    Raises `Refused`: INVALID_STATE, MISSING_FIELD without a list, or what would be wrong with all messages.
    """
    check_open(campaign)
    if campaign.list_id is None:
        raise Refused(Code.MISSING_FIELD, "A campaign needs a list_id before it is sent.", param="list_id")
    check_channel(campaign.channel, sender)
    check_sender(campaign.sender_id, sender)
    campaign.text = text_of(campaign, mode=campaign.mode)
    found, skipped, after = Estimate(), Counter[str](), None
    while found.total < MOST_LOOKED_AT:
        contacts = lists.members_after(campaign.list_id, after, limit=audience.BATCH)
        for one in audience.judged(campaign, sender, contacts):
            _add(found, skipped, one)
        if len(contacts) < audience.BATCH:
            break
        after = contacts[-1].id
    found.skipped = skipped
    members = campaign.list.count if campaign.list else 0
    return found if found.total < MOST_LOOKED_AT else _extended(found, max(members, found.total))


def _add(found: Estimate, skipped: Counter[str], one: audience.Judged) -> None:
    found.total += 1
    if one.ready is None:
        skipped[str(one.skipped)] += 1
        return
    found.recipients += 1
    found.segments += one.ready.segments
    found.price += one.ready.price
    found.price_mad += one.ready.price_mad
    found.price_eur += one.ready.price_eur


def _extended(found: Estimate, members: int) -> Estimate:
    """The estimate of a whole list, from that of its first members."""
    if members == found.total:
        return found
    factor = Decimal(members) / found.total
    return Estimate(
        total=members,
        recipients=round(found.recipients * factor),
        skipped={reason: round(count * factor) for reason, count in (found.skipped or {}).items()},
        segments=round(found.segments * factor),
        price=quantize(found.price * factor),
        price_mad=quantize(found.price_mad * factor),
        price_eur=quantize(found.price_eur * factor),
        exact=False,
    )
