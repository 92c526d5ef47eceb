"""QueueRow: one narrow row per message not yet settled with a carrier; deleted when it is. Stays small while messages grow."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Account
from messaging.models.message import Lane


class QueueRow(models.Model):
    """`waiting` until `visible_at`; `ready`; `leased` by a worker; `inflight` once the intent is committed;
    `uncertain` when the carrier's answer was lost."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        READY = "ready", "ready"
        LEASED = "leased", "leased"
        INFLIGHT = "inflight", "in flight"
        UNCERTAIN = "uncertain", "uncertain"

    message_id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    carrier_id = models.IntegerField()
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    rank_at = models.DateTimeField(
        db_default=Now(), help_text="The order inside a lane, fair between accounts."
    )
    state = models.CharField(max_length=10, choices=State.choices, db_default="ready")
    visible_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    campaign_id = models.UUIDField(null=True)
    attempt = models.PositiveSmallIntegerField(db_default=0)
    retries = models.PositiveSmallIntegerField(
        db_default=0, help_text="Certain refusals so far; throttling is not one."
    )

    class Meta:
        verbose_name = "queue row"
        indexes = [
            models.Index(
                fields=["carrier_id", "lane", "rank_at"], name="queue_ready", condition=Q(state="ready")
            ),
            models.Index(
                fields=["visible_at"], name="queue_wait", condition=Q(state__in=["waiting", "uncertain"])
            ),
            models.Index(
                fields=["lease_until"], name="queue_lease", condition=Q(state__in=["leased", "inflight"])
            ),
            models.Index(fields=["expires_at"], name="queue_expiry"),
            models.Index(
                fields=["campaign_id"], name="queue_campaign", condition=Q(campaign_id__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "leased", "inflight", "uncertain"]),
                name="queue_state_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["leased", "inflight"], lease_owner__isnull=False, lease_until__isnull=False)
                    | Q(
                        state__in=["waiting", "ready", "uncertain"],
                        lease_owner__isnull=True,
                        lease_until__isnull=True,
                    )
                ),
                name="queue_lease_matches_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Standstill(models.Model):
    """A campaign of which nothing more is submitted: its messages wait, or, if `cancels`, are cancelled."""

    campaign_id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    cancels = models.BooleanField(db_default=False)
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.campaign_id} {'cancelled' if self.cancels else 'paused'}"
