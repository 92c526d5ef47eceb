"""When a campaign is to be sent. A time with an offset is that instant. One without is meant by the clock of the account's
zone, and is resolved again until it has come: the rules of a zone change (in Morocco the offset changes around Ramadan)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.refusals import Code, Refused


@dataclass(frozen=True, slots=True)
class Time:
    """An instant; `local` is the time as given, if it was given without an offset, to be read by the clock of `zone`."""

    at: datetime
    local: str
    zone: str


def read(value: object, zone: str, *, param: str = "scheduled_at") -> Time | None:
    """The time in an ISO 8601 text; None without one. `zone` is the account's.

    Raises `Refused(INVALID_FIELD)` for what is none, or is further ahead than messages may be scheduled.
    """
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        parsed = datetime.fromisoformat(value)
        local = "" if parsed.tzinfo else parsed.isoformat()
        at = resolve(local, zone) if local else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        sentence = f"{param} must be an ISO 8601 time, for example 2026-05-15T10:30:00Z."
        raise Refused(Code.INVALID_FIELD, sentence, param=param) from None
    if at > datetime.now(UTC) + timedelta(days=settings.MAX_SCHEDULE_DAYS):
        sentence = f"{param} may be at most {settings.MAX_SCHEDULE_DAYS} days ahead."
        raise Refused(Code.INVALID_FIELD, sentence, param=param)
    return Time(at, local, zone)


def resolve(local: str, zone: str) -> datetime:
    """The instant of a local time by the present rules of a zone."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
