"""Campaigns that are not sent yet: made, changed, deleted. What is wrong with one is said as early as it can be known; what
may change until it is sent (approvals, opt-outs, prices) is looked at again then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit, ids
from accounts.refusals import Code, Refused
from campaigns import schedule, throttle
from campaigns.models import BODY_CHARACTERS, Campaign
from contacts import lists
from messaging import senders, serials, templates, text, wording
from messaging.sending.draft import Sender, check_channel

VARIABLES = ("name", "phone", "email", "custom1", "custom2", "custom3")
OPEN = (Campaign.Status.DRAFT, Campaign.Status.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Content:
    """What a campaign says, to whom and when. Either `body` or `template` (a template's shown id) is empty."""

    name: str
    channel: str = "sms"
    list_id: UUID | None = None
    template: str = ""
    body: str = field(default="", repr=False)
    sender_id: str = ""
    buttons: Sequence[Mapping[str, object]] | None = None
    metadata: Mapping[str, object] | None = None
    time: schedule.Time | None = None


def create(sender: Sender, content: Content, *, most_recipients: int | None) -> Campaign:
    """A new campaign: a draft, or scheduled if it has a time. Raises `Refused`."""
    campaign = Campaign(
        account_id=sender.account.id,
        mode=sender.mode,
        api_key_id=sender.api_key_id,
        actor=sender.actor,
        most_recipients=most_recipients,
    )
    _put(campaign, content, sender)
    with transaction.atomic():
        (campaign.number,) = serials.take(sender.account.id, 1)
        campaign.save()
        campaign.refresh_from_db(fields=["created_at"])
    return campaign


def edit(sender: Sender, campaign_id: UUID, changes: Mapping[str, Any]) -> Campaign:
    """Change the named fields of `Content`. Raises `Refused` with NOT_FOUND, INVALID_STATE once sending began, or what is
    wrong with the content."""
    with transaction.atomic():
        campaign = locked(sender, campaign_id)
        check_open(campaign)
        _put(campaign, replace(_content(campaign), **changes), sender)
        campaign.save()
    return campaign


def delete(sender: Sender, campaign_id: UUID) -> None:
    """Delete what was never sent. Raises `Refused` with NOT_FOUND or INVALID_STATE."""
    with transaction.atomic():
        campaign = locked(sender, campaign_id)
        check_open(campaign)
        note(campaign, "deleted", sender.actor)
        campaign.delete()


def locked(sender: Sender, campaign_id: UUID) -> Campaign:
    """The campaign, locked for the rest of the transaction. Raises `Refused(NOT_FOUND)`."""
    rows = Campaign.objects.select_for_update().filter(account_id=sender.account.id, mode=sender.mode)
    found = rows.filter(pk=campaign_id).first()
    if found is None:
        raise unknown()
    return found


def unknown() -> Refused:
    """The refusal of a campaign that the account does not have."""
    return Refused(Code.NOT_FOUND, "No such campaign.")


def check_open(campaign: Campaign) -> None:
    """Raises `Refused(INVALID_STATE)` once sending began."""
    if campaign.status not in OPEN:
        raise Refused(Code.INVALID_STATE, f"This campaign is {campaign.status}; its sending has begun.")


def note(campaign: Campaign, what: str, actor: str, **detail: object) -> None:
    """Write to the audit trail."""
    audit.record(
        campaign.account_id,
        actor=actor,
        action=f"campaign.{what}",
        subject=ids.show("campaign", campaign.id),
        detail={"name": campaign.name, **detail},
    )


def checked_text(body: str, *, param: str = "body") -> str:
    """A text, cleaned, that every recipient's variables can fill.

    Raises `Refused` with MISSING_FIELD, MESSAGE_TOO_LONG, or INVALID_FIELD for a variable that contacts do not have.
    """
    cleaned = text.clean(body[: 2 * BODY_CHARACTERS]).strip()
    if not cleaned:
        raise Refused(Code.MISSING_FIELD, f"{param} is required and must hold visible text.", param=param)
    if len(cleaned) > BODY_CHARACTERS:
        sentence = f"{param} may have {BODY_CHARACTERS} characters."
        raise Refused(Code.MESSAGE_TOO_LONG, sentence, param=param)
    wording.check_slots(cleaned, param=param)
    unknown_names = [name for name in wording.variables(cleaned) if name not in VARIABLES]
    if unknown_names:
        sentence = f"{param}: contacts have no {unknown_names[0]}; they have {', '.join(VARIABLES)}."
        raise Refused(Code.INVALID_FIELD, sentence, param=param, data={"unknown": unknown_names})
    return cleaned


def text_of(campaign: Campaign, *, mode: str) -> str:
    """What the campaign would send now: its body, or the approved text of its template. Raises `Refused`."""
    if campaign.template_id is None:
        return checked_text(campaign.body)
    shown = ids.show("template", campaign.template_id)
    return checked_text(templates.approved(campaign.account_id, shown, mode=mode).body, param="template_id")


def _content(campaign: Campaign) -> Content:
    time = None
    if campaign.scheduled_at is not None:
        time = schedule.Time(campaign.scheduled_at, campaign.scheduled_local, campaign.time_zone)
    return Content(
        name=campaign.name,
        channel=campaign.channel,
        list_id=campaign.list_id,
        template=ids.show("template", campaign.template_id) if campaign.template_id else "",
        body=campaign.body,
        sender_id=campaign.sender_id,
        buttons=campaign.buttons,
        metadata=campaign.metadata,
        time=time,
    )


def _put(campaign: Campaign, content: Content, sender: Sender) -> None:
    """Write checked content into a campaign, which is not saved here."""
    check_channel(content.channel, sender)
    throttle.of(content.metadata)
    _put_text(campaign, content, sender)
    if content.list_id is not None:
        lists.own(sender.account.id, content.list_id)
    if content.buttons and content.channel != "whatsapp":
        raise Refused(Code.INVALID_FIELD, "buttons are for the channel whatsapp.", param="buttons")
    time = content.time
    if time is not None and time.at != campaign.scheduled_at and time.at < datetime.now(UTC):
        sentence = "scheduled_at has passed; leave it out and send the campaign instead."
        raise Refused(Code.INVALID_FIELD, sentence, param="scheduled_at")
    campaign.name = content.name
    campaign.channel = content.channel
    campaign.list_id = content.list_id
    campaign.sender_id = senders.check_form(content.sender_id) if content.sender_id else ""
    campaign.buttons = [dict(button) for button in content.buttons] if content.buttons else None
    campaign.metadata = dict(content.metadata) if content.metadata is not None else None
    campaign.scheduled_at = time.at if time else None
    campaign.scheduled_local, campaign.time_zone = (time.local, time.zone) if time else ("", "")
    campaign.status = Campaign.Status.SCHEDULED if time else Campaign.Status.DRAFT


def _put_text(campaign: Campaign, content: Content, sender: Sender) -> None:
    if content.template and content.body:
        raise Refused(Code.CONFLICTING_FIELDS, "Send body or template_id, not both.", param="template_id")
    if not content.template:
        campaign.body, campaign.template_id = checked_text(content.body), None
        return
    found = templates.approved(sender.account.id, content.template, mode=sender.mode)
    checked_text(found.body, param="template_id")
    if found.channel != content.channel:
        sentence = f"This template is for {found.channel}, the campaign for {content.channel}."
        raise Refused(Code.INVALID_FIELD, sentence, param="template_id")
    campaign.body, campaign.template_id = "", found.id
