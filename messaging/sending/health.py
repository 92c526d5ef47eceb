"""What a carrier's answers say about the carrier itself: throttling slows it, refused credentials or credit pause it with an
alarm, and a probe brings it back (contract of the API, settled point 23)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from django.db.models import Q

from accounts.audit import record
from messaging.carriers.contract import Result, TryLater
from messaging.models.carrier import Carrier
from messaging.sending import pace, route

log = structlog.get_logger()
PROBE_SECONDS = 60


def note(carrier_id: int, results: Sequence[Result]) -> None:
    """Look at the answers of one batch."""
    throttled = [r for r in results if isinstance(r, TryLater) and r.cause == "throttled"]
    denied = [r for r in results if isinstance(r, TryLater) and r.cause == "denied"]
    if throttled:
        speed = Carrier.objects.values_list("speed", flat=True).get(pk=carrier_id)
        if len(throttled) == len(results) or speed:
            pace.throttled(carrier_id, speed=speed, seconds=max(r.after_seconds or 0.2 for r in throttled))
    if denied:
        pause(carrier_id, f"{denied[0].code} {denied[0].detail}".strip())


def pause(carrier_id: int, reason: str) -> bool:
    """Stop giving a carrier messages until a probe succeeds or an operator enables it. Returns whether it was running."""
    now = datetime.now(UTC)
    paused = Carrier.objects.filter(pk=carrier_id, paused_at__isnull=True).update(
        paused_at=now, pause_reason=reason[:200], probe_after=now + timedelta(seconds=PROBE_SECONDS)
    )
    if paused:
        route.forget()
        log.error("carrier paused", carrier_id=carrier_id, reason=reason)
        record(
            None,
            actor="system",
            action="carrier.paused",
            subject=str(carrier_id),
            detail={"reason": reason[:200]},
        )
    return bool(paused)


def resume(carrier_id: int, *, actor: str) -> bool:
    """Give a paused carrier messages again. Returns whether it was paused."""
    resumed = Carrier.objects.filter(pk=carrier_id, paused_at__isnull=False).update(
        paused_at=None, pause_reason="", probe_after=None
    )
    if resumed:
        route.forget()
        record(None, actor=actor, action="carrier.resumed", subject=str(carrier_id), detail={})
    return bool(resumed)


def due_for_probe() -> list[int]:
    """Paused carriers whose next probe is due; the probe is put off at once, so only one worker makes it."""
    now = datetime.now(UTC)
    due = list(
        Carrier.objects.filter(Q(probe_after__lte=now), enabled=True, paused_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return [
        carrier_id
        for carrier_id in due
        if Carrier.objects.filter(pk=carrier_id, probe_after__lte=now).update(
            probe_after=now + timedelta(seconds=PROBE_SECONDS)
        )
    ]
