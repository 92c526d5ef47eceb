"""The pace of a campaign: `50_min` in its metadata is at most 50 messages a minute (document B). Time is cut into short
stretches counted from the start, and each allows its share, so that any full second, minute or hour of them allows exactly
what was asked. What a stretch left unused is gone: a pause is not made up for by a burst."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.refusals import Code, Refused

FORM = re.compile(r"([1-9][0-9]{0,6})_(sec|min|hour)")
FIELD = "throttling"
PERIOD_SECONDS = {"sec": 1, "min": 60, "hour": 3600}
STRETCH_SECONDS = {"sec": 1, "min": 5, "hour": 5}


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `count` messages per `period_seconds`, dealt out in stretches of `stretch_seconds`."""

    count: int
    period_seconds: int
    stretch_seconds: int

    @property
    def per_second(self) -> float:
        return self.count / self.period_seconds

    def stretch(self, elapsed_seconds: float) -> int:
        """The number of the stretch, from 0, that so much time after the start lies in."""
        return max(0, int(elapsed_seconds // self.stretch_seconds))

    def allowed(self, stretch: int) -> int:
        """How many messages a stretch allows. The sum over any period's worth of stretches is `count`."""
        stretches = self.period_seconds // self.stretch_seconds
        return (stretch + 1) * self.count // stretches - stretch * self.count // stretches


def of(metadata: Mapping[str, object] | None) -> Throttle | None:
    """The throttle that metadata asks for; None without one.

    Raises `Refused(INVALID_FIELD)` for anything but `N_sec`, `N_min` or `N_hour`.
    """
    value = (metadata or {}).get(FIELD)
    if value is None or value == "":
        return None
    found = FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Refused(
            Code.INVALID_FIELD,
            "metadata.throttling must be a number and a period: N_sec, N_min or N_hour, such as 50_min.",
            param="metadata.throttling",
        )
    period = found[2]
    return Throttle(int(found[1]), PERIOD_SECONDS[period], STRETCH_SECONDS[period])
