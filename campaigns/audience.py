"""The audience of a campaign: the members of its list, frozen in batches with the values of the text's variables and the
exact price of each; those who cannot get it are kept with the reason. Then the money for all of them is held, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import orjson
from django.db import connection

from accounts.caller import AccountFacts
from accounts.models import Mode
from accounts.refusals import Code, Refused
from billing import holds, quotas
from billing.money import number
from campaigns.models import Campaign
from contacts import lists, optouts
from contacts.models import Contact
from messaging import wording
from messaging.models.message import Lane
from messaging.sending.draft import Draft, Ready, Sender, prepare

BATCH = 2_000
SKIPPING = frozenset(
    {
        Code.INVALID_PHONE,
        Code.COUNTRY_NOT_ALLOWED,
        Code.NO_PRICE,
        Code.NO_ROUTE,
        Code.MESSAGE_TOO_LONG,
        Code.MISSING_FIELD,
        Code.OPTED_OUT,
    }
)
"""What is wrong with one recipient only. Anything else is wrong with the campaign."""
FREEZE = """
INSERT INTO campaigns_recipient (campaign_id, number, phone, values, segments, price, price_mad, price_eur, skipped)
SELECT %s, r.* FROM unnest(%s::int[], %s::text[], %s::jsonb[], %s::smallint[], %s::numeric[], %s::numeric[], %s::numeric[],
                           %s::text[]) AS r
ON CONFLICT DO NOTHING RETURNING number
"""
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A member of the list: either ready, as it would be sent now, or skipped with a reason."""

    phone: str
    values: Values | None
    ready: Ready | None
    skipped: Code | None


def sender_of(campaign: Campaign) -> Sender:
    """On whose behalf a campaign sends; its account is read now."""
    return Sender(
        account=AccountFacts.of(campaign.account),
        mode=campaign.mode,
        lane=Lane.BULK,
        api_key_id=campaign.api_key_id,
        campaign_id=campaign.id,
        actor=campaign.actor,
    )


def draft_for(campaign: Campaign, phone: str, values: Values | None, *, param: str = "") -> Draft:
    """What one recipient gets."""
    filled = wording.fill(campaign.text, values) if values is not None else campaign.text
    return Draft(
        to=phone,
        text=filled,
        sender=campaign.sender_id,
        channel=campaign.channel,
        metadata=campaign.metadata,
        buttons=campaign.buttons,
        param=param,
    )


def judged(campaign: Campaign, sender: Sender, contacts: Sequence[Contact]) -> list[Judged]:
    """Each contact as a recipient. Raises `Refused` for what is wrong with all of them, such as the sender id."""
    gone = optouts.among([(sender.account.id, contact.phone) for contact in contacts])
    names, now = wording.variables(campaign.text), datetime.now(UTC)
    found = []
    for contact in contacts:
        values = {name: getattr(contact, name) or "" for name in names} if names else None
        ready, skipped = None, None
        try:
            if (sender.account.id, contact.phone) in gone:
                raise Refused(Code.OPTED_OUT)
            ready = prepare(draft_for(campaign, contact.phone, values), sender, now)
        except Refused as refusal:
            if refusal.code not in SKIPPING:
                raise
            skipped = refusal.code
        found.append(Judged(contact.phone, values, ready, skipped))
    return found


def freeze_next(campaign: Campaign, sender: Sender) -> bool:
    """Freeze the next members of the list, in the caller's transaction. Returns whether there may be more.

    Raises `Refused`: TOO_MANY_CONTACTS beyond what the key's document allows, or what is wrong with all recipients.
    """
    if campaign.list_id is None:
        return False
    contacts = lists.members_after(campaign.list_id, campaign.read_after, limit=BATCH)
    if not contacts:
        return False
    found = judged(campaign, sender, contacts)
    new = _stored(campaign.id, campaign.total_count, found)
    taken = [
        one.ready for place, one in enumerate(found, campaign.total_count + 1) if place in new and one.ready
    ]
    campaign.read_after = contacts[-1].id
    campaign.total_count += len(contacts)
    campaign.queued_count += len(taken)
    campaign.segments += sum(ready.segments for ready in taken)
    campaign.price += sum((ready.price for ready in taken), Decimal(0))
    campaign.price_mad += sum((ready.price_mad for ready in taken), Decimal(0))
    campaign.price_eur += sum((ready.price_eur for ready in taken), Decimal(0))
    check_most(campaign)
    campaign.save()
    return len(contacts) == BATCH


def check_most(campaign: Campaign) -> None:
    """Raises `Refused(TOO_MANY_CONTACTS)`."""
    most = campaign.most_recipients
    if most is not None and campaign.queued_count > most:
        raise Refused(
            Code.TOO_MANY_CONTACTS, f"A campaign is sent to at most {most:,} contacts.", param="list_id"
        )


def _stored(campaign_id: UUID, before: int, found: Sequence[Judged]) -> set[int]:
    """The numbers of those that were not frozen before: a contact may be deleted and made again meanwhile."""
    zero = Decimal(0)
    with connection.cursor() as cursor:
        cursor.execute(
            FREEZE,
            [
                campaign_id,
                list(range(before + 1, before + len(found) + 1)),
                [one.phone for one in found],
                [None if one.values is None else orjson.dumps(one.values).decode() for one in found],
                [one.ready.segments if one.ready else 0 for one in found],
                [one.ready.price if one.ready else zero for one in found],
                [one.ready.price_mad if one.ready else zero for one in found],
                [one.ready.price_eur if one.ready else zero for one in found],
                [one.skipped for one in found],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def hold(campaign: Campaign) -> None:
    """Hold what all recipients together cost, in the caller's transaction and last in it: the lock is hot.

    Raises `Refused` with QUOTA_EXCEEDED or INSUFFICIENT_BALANCE; nothing is held then.
    """
    usage = quotas.usage(campaign.account_id) if campaign.mode == Mode.LIVE else None
    if usage is not None and usage.remaining < campaign.queued_count:
        raise Refused(
            Code.QUOTA_EXCEEDED,
            f"The monthly quota of {usage.monthly} messages has {usage.remaining} left;"
            f" this campaign needs {campaign.queued_count}.",
        )
    if campaign.price == 0:
        return
    held = holds.hold(
        campaign.account_id, campaign.price, reference=campaign.id, subject="campaign", actor=campaign.actor
    )
    if held is None:
        raise Refused(
            Code.INSUFFICIENT_BALANCE,
            f"This campaign costs {number(campaign.price)}; the balance is too low. Top up and send again.",
        )
