"""Endpoints: made, changed, removed and tested here and nowhere else, each time with an audit entry. Doors
(the API, the dashboard) parse and answer; what an endpoint may be is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from accounts import audit
from accounts.ids import new_id, show
from accounts.models import Compat
from accounts.refusals import Code, Refused
from accounts.vault import seal, unseal
from webhooks import outcome, signing
from webhooks.addresses import Forbidden, check_url
from webhooks.event_names import DEFAULTS, SUBSCRIBABLE, TEST
from webhooks.models import Delivery, Endpoint, Event

MOST_PER_ACCOUNT = 100
MAX_SECRET_CHARACTERS = 256
OVERLAP = timedelta(hours=24)
PROFILE_OF = {
    Compat.SMSMAROC: signing.SMSMAROC,
    Compat.ENVOISMS: signing.ENVOISMS,
    Compat.SMSPROVIDER: signing.SMSPROVIDER,
}
LOCK_OWNER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
DELETED = "The endpoint was deleted."
TEST_RECIPIENT = "+212600000000"


class Changes(TypedDict, total=False):
    """What may be changed about an endpoint after it was made."""

    url: str
    events: Sequence[str]
    profile: str
    active: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, for the audit trail: a key's name or a user's e-mail, and from where."""

    name: str
    ip: str | None = None


def profile_for(compat: str) -> str:
    """The signature profile of endpoints made with a key of this `compat` (contract of the API, 3.6)."""
    return PROFILE_OF.get(Compat(compat), signing.STANDARD)


def create(
    account_id: UUID,
    *,
    url: str,
    profile: str,
    by: Actor,
    events: Sequence[str] | None = None,
    secret: str | None = None,
    active: bool = True,
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is never shown again. `events` None means those of the profile's
    document.

    Raises `Refused(INVALID_FIELD)` for a bad URL, event, profile or secret, `Refused(INVALID_STATE)` when
    there are too many.
    """
    _check_url(url)
    _check_profile(profile)
    chosen = _checked_events(DEFAULTS[profile] if events is None else events)
    shown = signing.new_secret() if secret is None else _checked_secret(secret)
    with transaction.atomic():
        _check_room(account_id)
        endpoint = Endpoint.objects.create(
            account_id=account_id,
            url=url,
            events=chosen,
            profile=profile,
            secrets=[seal(shown)],
            active=active,
        )
        _note(endpoint, "endpoint.created", by, {"url": url, "events": chosen, "profile": profile})
    return endpoint, shown


def update(endpoint: Endpoint, *, by: Actor, **changes: Unpack[Changes]) -> None:
    """Change what is given. A new address or switching on closes the breaker; switching on also brings a
    deleted endpoint back (document A deletes by switching off).

    Raises `Refused(INVALID_FIELD)`, `Refused(INVALID_STATE)` when one that comes back is one too many.
    """
    if "url" in changes:
        _check_url(changes["url"])
    if "profile" in changes:
        _check_profile(changes["profile"])
    if "events" in changes:
        changes["events"] = _checked_events(changes["events"])
    with transaction.atomic():
        row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        if changes.get("active") and row.deleted_at is not None:
            _check_room(row.account_id)
        if changes.get("active") and not row.active:
            row.active_since, row.deleted_at, row.disabled_reason = datetime.now(UTC), None, ""
        if changes.get("active") or changes.get("url", row.url) != row.url:
            row.consecutive_failures, row.failing_since, row.not_before = 0, None, None
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        _note(row, "endpoint.changed", by, dict(changes))


def remove(endpoint: Endpoint, *, by: Actor) -> None:
    """Switch an endpoint off for good; what was still owed to it is given up, listed and replayable."""
    with transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(active=False, deleted_at=datetime.now(UTC))
        _note(endpoint, "endpoint.deleted", by, {"url": endpoint.url})
    outcome.bury(endpoint.id, reason=DELETED)


def rotate(endpoint: Endpoint, *, by: Actor, secret: str | None = None) -> tuple[str, datetime]:
    """Give the endpoint a new secret, and return it with the instant until which the former one signs as
    well.

    Raises `Refused(INVALID_FIELD)` for a bad secret.
    """
    shown = signing.new_secret() if secret is None else _checked_secret(secret)
    until = datetime.now(UTC) + OVERLAP
    with transaction.atomic():
        row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        row.secrets = [seal(shown), *(bytes(one) for one in row.secrets[:1])]
        row.secrets_overlap_until = until
        row.save(update_fields=["secrets", "secrets_overlap_until"])
        _note(row, "endpoint.secret_rotated", by, {})
    return shown, until


def secret_of(endpoint: Endpoint) -> str:
    """The newest secret, for those who may see it. Raises ValueError if it cannot be unsealed."""
    return unseal(endpoint.secrets[0])


def test(endpoint: Endpoint, *, mode: str) -> UUID:
    """Owe this endpoint a `message.test`, whatever it subscribed to. Returns the event's id.

    Raises `Refused(INVALID_STATE)` if it is switched off.
    """
    if not endpoint.active:
        raise Refused(Code.INVALID_STATE, "The webhook is switched off: switch it on, then test it.")
    subject_id = new_id()
    payload = {
        "id": "msg_test",
        "to": TEST_RECIPIENT,
        "from": settings.BRAND_DEFAULT_SENDER,
        "channel": "sms",
        "status": "test",
        "segments": 1,
        "error_code": None,
        "metadata": {},
        "sent_at": None,
        "delivered_at": None,
    }
    with transaction.atomic():
        event = Event.objects.create(
            subject_id=subject_id,
            type=TEST,
            account_id=endpoint.account_id,
            sequence=0,
            mode=mode,
            payload=payload,
        )
        Delivery.objects.create(event_id=event.id, endpoint=endpoint, subject_id=subject_id, type=TEST)
    return event.id


def _check_room(account_id: UUID) -> None:
    """Whether the account may have one more; until the transaction ends nobody else asks for it, so that the limit is exact."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_OWNER, [f"webhooks of {account_id}"])
    owned = Endpoint.objects.filter(
        account_id=account_id, kind=Endpoint.Kind.REGISTERED, deleted_at__isnull=True
    )
    if owned.count() >= MOST_PER_ACCOUNT:
        raise Refused(Code.INVALID_STATE, f"An account has at most {MOST_PER_ACCOUNT} webhooks.")


def _check_url(url: str) -> None:
    try:
        check_url(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except Forbidden as error:
        raise Refused(Code.INVALID_FIELD, str(error), param="url") from None


def _check_profile(profile: str) -> None:
    if profile not in signing.PROFILES:
        sentence = f"profile is one of {', '.join(signing.PROFILES)}."
        raise Refused(Code.INVALID_FIELD, sentence, param="profile")


def _checked_events(events: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(events))
    for index, name in enumerate(chosen):
        if name not in SUBSCRIBABLE:
            sentence = f"An event is one of {', '.join(sorted(SUBSCRIBABLE))}."
            raise Refused(Code.INVALID_FIELD, sentence, param=f"events[{index}]")
    if not chosen:
        raise Refused(Code.INVALID_FIELD, "Name at least one event, or leave events out.", param="events")
    return chosen


def _checked_secret(secret: str) -> str:
    if not signing.MIN_SECRET_CHARACTERS <= len(secret) <= MAX_SECRET_CHARACTERS:
        sentence = f"A secret has {signing.MIN_SECRET_CHARACTERS} to {MAX_SECRET_CHARACTERS} characters."
        raise Refused(Code.INVALID_FIELD, sentence, param="secret")
    return secret


def _note(endpoint: Endpoint, action: str, by: Actor, detail: dict[str, object]) -> None:
    subject = show("endpoint", endpoint.id)
    audit.record(endpoint.account_id, actor=by.name, action=action, subject=subject, detail=detail, ip=by.ip)
