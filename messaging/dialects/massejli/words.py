"""The words of document E: statuses, kinds of text, and times in the account's own zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from accounts.caller import Caller
from accounts.refusals import Code, Refused
from messaging.models import Status

ENGLISH, UNICODE, ARABIC = 1, 2, 4
WORDS: Mapping[str, str] = {
    Status.SCHEDULED: "pending",
    Status.QUEUED: "pending",
    Status.UNCERTAIN: "sent",
    Status.SENT: "sent",
    Status.DELIVERED: "delivered",
    Status.UNDELIVERABLE: "failed",
    Status.FAILED: "failed",
    Status.EXPIRED: "failed",
    Status.CANCELLED: "failed",
}
FILTERS = ("delivered", "sent", "pending", "failed")
FORM = "%Y-%m-%d %H:%M:%S"
WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def statuses_of(word: str) -> list[str]:
    """The internal statuses that show as `word`. Raises `Refused(INVALID_FIELD)`."""
    if word not in FILTERS:
        raise Refused(Code.INVALID_FIELD, f"status is one of {', '.join(FILTERS)}.", param="status")
    return [status for status, shown in WORDS.items() if shown == word]


def shown(moment: datetime | None, caller: Caller) -> str | None:
    """`Y-m-d H:i:s` in the account's time zone."""
    return None if moment is None else moment.astimezone(_zone(caller)).strftime(FORM)


def instant(text: str, caller: Caller, param: str) -> datetime:
    """What `Y-m-d H:i:s` means in the account's time zone. Raises `Refused(INVALID_FIELD)`."""
    try:
        if WRITTEN.fullmatch(text) is None:
            raise ValueError(text)
        return datetime.strptime(text, FORM).replace(tzinfo=_zone(caller)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            Code.INVALID_FIELD,
            f"{param} must be a time of the form Y-m-d H:i:s, such as 2026-05-15 10:30:00.",
            param=param,
        ) from None


def midnight(text: str, caller: Caller, param: str) -> datetime:
    """When the day `Y-m-d` begins in the account's time zone. Raises `Refused(INVALID_FIELD)`."""
    try:
        if DAY.fullmatch(text) is None:
            raise ValueError(text)
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=_zone(caller)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            Code.INVALID_FIELD, f"{param} must be a day of the form Y-m-d, such as 2026-05-15.", param=param
        ) from None


def _zone(caller: Caller) -> ZoneInfo:
    return ZoneInfo(caller.account.time_zone)
