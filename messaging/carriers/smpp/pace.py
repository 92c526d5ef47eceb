"""Speed in segments a second: a token bucket that a carrier's throttling halves and that recovers slowly.

Pure: the caller says what time it is."""

from math import inf

BURST_SECONDS = 0.1
HALVE_AT_MOST_EVERY_SECONDS = 1.0  # a whole window is throttled at once, and says one thing
RECOVER_EVERY_SECONDS = 5.0
RECOVERY = 1.25
LEAST_PER_SECOND = 1.0
FREE_AGAIN = 4.0
WHOLE = 1.0 - 1e-6  # a wait that rounding made a little short must not be followed by one too short to pass


class Pace:
    """`per_second` is the agreed speed, 0 for none. Without one, throttling halves the speed at which it happened, and
    the limit goes when four times that speed is reached again. `burst_seconds`: how long a quiet time may be made up
    for at once."""

    def __init__(self, per_second: float, *, burst_seconds: float = BURST_SECONDS) -> None:
        self._burst_seconds = burst_seconds
        self.agreed = per_second if per_second > 0 else inf
        self.current = self.agreed
        self._tokens = 1.0
        self._at = 0.0
        self._changed_at = 0.0
        self._slowed_at = -inf
        self._throttled_at_speed = inf
        self._count, self._count_since, self._measured = 0, 0.0, 0.0

    def take(self, now: float) -> float:
        """Take one segment's place: 0.0, or the seconds to wait before asking again. `now` is monotonic."""
        self._measure(now)
        if self.current < self.agreed:
            self._recover(now)
        if self.current == inf:
            self._count += 1
            return 0.0
        burst = max(1.0, self.current * self._burst_seconds)
        self._tokens = min(burst, self._tokens + (now - self._at) * self.current)
        self._at = now
        if self._tokens < WHOLE:
            return (1.0 - self._tokens) / self.current
        self._tokens -= 1.0
        self._count += 1
        return 0.0

    def slow(self, now: float) -> None:
        """The carrier throttled: half the speed from now on, and a pause of one segment's time first."""
        if now - self._slowed_at < HALVE_AT_MOST_EVERY_SECONDS:
            return
        self._measure(now)
        speed = self.current
        if speed == inf:
            elapsed = max(now - self._count_since, 0.05)
            speed = max(self._measured, self._count / elapsed)
        self._throttled_at_speed = speed
        self.current = min(self.agreed, max(LEAST_PER_SECOND, speed / 2))
        self._slowed_at = self._changed_at = self._at = now
        self._tokens = 0.0

    def _recover(self, now: float) -> None:
        while self.current < self.agreed and now - self._changed_at >= RECOVER_EVERY_SECONDS:
            self._changed_at += RECOVER_EVERY_SECONDS
            self.current = min(self.agreed, self.current * RECOVERY)
            if self.agreed == inf and self.current >= FREE_AGAIN * self._throttled_at_speed:
                self.current = inf

    def _measure(self, now: float) -> None:
        """The speed of the last whole second, roughly."""
        elapsed = now - self._count_since
        if elapsed >= 1.0:
            self._measured = self._count / elapsed
            self._count, self._count_since = 0, now
