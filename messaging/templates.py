"""Templates: written by an account, approved by the operator, sent by their id. The rules are here; `wording.py` fills the
slots. An approved text stays in use until a newer version is approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts import audit, ids
from accounts.models import Mode
from accounts.refusals import Code, Refused
from messaging import text, wording
from messaging.carriers.contract import ProviderTemplate
from messaging.models.template import BODY_CHARACTERS, Template, TemplateVersion

MOST_PER_ACCOUNT = 1_000
AUTOMATIC = "automatic"
State = TemplateVersion.State
OPEN = (State.DRAFT, State.PENDING)


@dataclass(frozen=True, slots=True)
class Usable:
    """A template as it may be sent: `body` is the text of its version `version`."""

    id: UUID
    name: str
    channel: str
    category: str
    language: str
    version: int
    body: str = field(repr=False)
    provider_name: str = ""
    provider_language: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an account wants a template to be."""

    name: str
    channel: str
    category: str
    language: str
    body: str = field(repr=False)


def approved(account_id: UUID, shown_id: str, *, mode: str = Mode.LIVE, param: str = "template_id") -> Usable:
    """The template of an account that may be sent. A test key may try its newest text before anybody approved it.

    Raises `Refused(TEMPLATE_NOT_FOUND)` for an id of nobody or of another account, `Refused(TEMPLATE_NOT_APPROVED)` while
    no version was approved.
    """
    try:
        template_id = ids.read("template", shown_id)
    except Refused:
        raise _unknown(param) from None
    rows = Template.objects.filter(pk=template_id, account_id=account_id, deleted_at__isnull=True)
    template = rows.select_related("in_use").first()
    if template is None:
        raise _unknown(param)
    version = newest(template) if mode == Mode.TEST else template.in_use
    if version is None:
        raise Refused(
            Code.TEMPLATE_NOT_APPROVED, "The operator has not approved this template yet.", param=param
        )
    return Usable(
        id=template.id,
        name=template.name,
        channel=template.channel,
        category=template.category,
        language=template.language,
        version=version.number,
        body=version.body,
        provider_name=template.provider_name,
        provider_language=template.provider_language,
    )


def provider_form(template: Usable, values: Mapping[str, str]) -> ProviderTemplate | None:
    """What the channel's provider is asked to send: its own template, filled in the order in which our slots come; None where
    the operator named none. `values` must have one for every slot."""
    if not template.provider_name:
        return None
    return ProviderTemplate(
        name=template.provider_name,
        language=template.provider_language or template.language,
        values=tuple(values[name] for name in wording.variables(template.body)),
        one_time_code=template.category == Template.Category.OTP,
    )


def _unknown(param: str) -> Refused:
    return Refused(Code.TEMPLATE_NOT_FOUND, "No such template.", param=param)


def newest(template: Template) -> TemplateVersion:
    """The last version; every template has one."""
    return template.versions.order_by("-number")[0]


def checked_body(body: str) -> str:
    """A text, cleaned. Raises `Refused` with MISSING_FIELD, MESSAGE_TOO_LONG, or INVALID_FIELD for braces that are no slot."""
    cleaned = text.clean(body[: 2 * BODY_CHARACTERS]).strip()
    if not cleaned:
        raise Refused(Code.MISSING_FIELD, "body is required and must hold visible text.", param="body")
    if len(cleaned) > BODY_CHARACTERS:
        sentence = f"body may have {BODY_CHARACTERS} characters."
        raise Refused(Code.MESSAGE_TOO_LONG, sentence, param="body")
    wording.check_slots(cleaned)
    return cleaned


def create(account_id: UUID, wish: Wish) -> Template:
    """A new template, a draft. Raises `Refused`: a wrong body, a name that is taken, more than 1,000 of an account."""
    body = checked_body(wish.body)
    if Template.objects.filter(account_id=account_id, deleted_at__isnull=True).count() >= MOST_PER_ACCOUNT:
        raise Refused(Code.INVALID_STATE, f"An account has at most {MOST_PER_ACCOUNT:,} templates.")
    with transaction.atomic():
        template = Template(
            account_id=account_id,
            name=wish.name,
            channel=wish.channel,
            category=wish.category,
            language=wish.language,
        )
        _save(template)
        TemplateVersion.objects.create(template=template, number=1, body=body)
    return template


def _save(template: Template) -> None:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        if "template_name_once" not in str(error):
            raise
        raise Refused(
            Code.INVALID_STATE, "Another template of this account has that name.", param="name"
        ) from None


def _locked(account_id: UUID, template_id: UUID) -> Template:
    """The template, locked for the rest of the transaction. Raises `Refused(NOT_FOUND)`."""
    rows = Template.objects.select_for_update().filter(account_id=account_id, deleted_at__isnull=True)
    found = rows.filter(pk=template_id).first()
    if found is None:
        raise Refused(Code.NOT_FOUND, "No such template.")
    return found


def edit(account_id: UUID, template_id: UUID, changes: Mapping[str, str], *, actor: str) -> Template:
    """Change `name`, `body`, `category` or `language`. A new text of a template that was submitted once waits for approval
    at once; the approved one is used meanwhile. What kind of message it is may change only before it was submitted.

    Raises `Refused` with NOT_FOUND, INVALID_STATE, or what `checked_body` says.
    """
    body = checked_body(changes["body"]) if "body" in changes else None
    with transaction.atomic():
        template = _locked(account_id, template_id)
        latest = newest(template)
        kind = {
            name
            for name in ("category", "language")
            if changes.get(name, getattr(template, name)) != getattr(template, name)
        }
        if kind and (template.in_use_id or latest.state != State.DRAFT):
            name = min(kind)
            raise Refused(
                Code.INVALID_STATE,
                f"{name} may not change once a template was submitted; make a new one.",
                param=name,
            )
        for name in ("name", "category", "language"):
            setattr(template, name, changes.get(name, getattr(template, name)))
        _save(template)
        if body is not None and body != latest.body:
            _rewrite(template, latest, body, actor)
    return template


def _rewrite(template: Template, latest: TemplateVersion, body: str, actor: str) -> None:
    """A draft takes the new text; else a new version does, in place of one that still waits."""
    if latest.state == State.DRAFT:
        latest.body = body
        latest.save(update_fields=["body"])
        return
    if latest.state == State.PENDING:
        latest.delete()  # never decided: a new row, so that nobody approves a text that they did not read
    version = TemplateVersion.objects.create(template=template, number=latest.number + 1, body=body)
    _put_forward(template, version, actor)


def submit(account_id: UUID, template_id: UUID, *, actor: str) -> Template:
    """Ask for the approval of a draft. Raises `Refused` with NOT_FOUND, or INVALID_STATE if it is no draft."""
    with transaction.atomic():
        template = _locked(account_id, template_id)
        latest = newest(template)
        if latest.state != State.DRAFT:
            raise Refused(
                Code.INVALID_STATE, f"This template is {latest.state}, not a draft; edit its body first."
            )
        _put_forward(template, latest, actor)
    return template


def _put_forward(template: Template, version: TemplateVersion, actor: str) -> None:
    """Let a version wait for the operator, or approve it where the installation approves by itself: SMS only, since other
    channels have providers that decide."""
    version.state, version.submitted_at = State.PENDING, Now()
    version.save(update_fields=["state", "submitted_at"])
    _note(template, version, actor, "submitted")
    if template.channel == Template.Channel.SMS and not settings.REQUIRE_TEMPLATE_APPROVAL:
        approve(version.id, actor=AUTOMATIC)


def approve(version_id: UUID, *, actor: str) -> TemplateVersion:
    """Approve a version that waits: from now on it is the one that is sent. Raises `Refused(INVALID_STATE)`."""
    return _decide(version_id, State.APPROVED, actor=actor, reason="")


def reject(version_id: UUID, *, actor: str, reason: str) -> TemplateVersion:
    """Reject a version that waits, with a reason that its account reads. Raises `Refused` with INVALID_STATE, or
    MISSING_FIELD without a reason."""
    if not reason.strip():
        raise Refused(Code.MISSING_FIELD, "Say why: the account reads it.", param="reason")
    return _decide(version_id, State.REJECTED, actor=actor, reason=reason.strip()[:300])


def _decide(version_id: UUID, state: State, *, actor: str, reason: str) -> TemplateVersion:
    with transaction.atomic():
        decided = TemplateVersion.objects.filter(pk=version_id, state=State.PENDING).update(
            state=state, reason=reason, decided_at=Now(), decided_by=actor[:254]
        )
        if not decided:
            raise Refused(Code.INVALID_STATE, "This version no longer waits for approval.")
        version = TemplateVersion.objects.select_related("template").get(pk=version_id)
        if state == State.APPROVED:
            Template.objects.filter(pk=version.template_id).update(in_use=version)
        _note(version.template, version, actor, str(state), reason)
    return version


def delete(account_id: UUID, template_id: UUID, *, actor: str) -> None:
    """Take a template away: its name is free again, its versions are kept. What still waited is no longer asked.

    Raises `Refused(NOT_FOUND)`.
    """
    with transaction.atomic():
        template = _locked(account_id, template_id)
        template.versions.filter(state=State.PENDING).update(state=State.DRAFT)
        Template.objects.filter(pk=template.id).update(deleted_at=Now())
        _note(template, newest(template), actor, "deleted")


def _note(template: Template, version: TemplateVersion, actor: str, what: str, reason: str = "") -> None:
    audit.record(
        template.account_id,
        actor=actor,
        action=f"template.{what}",
        subject=ids.show("template", template.id),
        detail={"version": version.number, "name": template.name} | ({"reason": reason} if reason else {}),
    )
