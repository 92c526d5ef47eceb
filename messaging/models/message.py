"""Message: wide, written once at accept, then moved forward by `sending/outcome.py` only. Batch: what one bulk request was."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Currency, Mode


class Lane(models.IntegerChoices):
    """How urgent: one-time codes; single messages; bulk and campaigns."""

    URGENT = 1, "urgent"
    NORMAL = 2, "normal"
    BULK = 3, "bulk"


class Status(models.TextChoices):
    """Where a message is. The number beside each in `RANK` only ever grows, but for a retry (20 to 10, 25 to 20)."""

    SCHEDULED = "scheduled", "scheduled"
    QUEUED = "queued", "queued"
    UNCERTAIN = "uncertain", "uncertain"
    SENT = "sent", "sent"
    DELIVERED = "delivered", "delivered"
    UNDELIVERABLE = "undeliverable", "undeliverable"
    FAILED = "failed", "failed"
    EXPIRED = "expired", "expired"
    CANCELLED = "cancelled", "cancelled"


RANK = {Status.SCHEDULED: 5, Status.QUEUED: 10, Status.UNCERTAIN: 25, Status.SENT: 30}
FINAL_RANK = 90
FINAL = frozenset(set(Status) - set(RANK))
FAILED = sorted(status.value for status in FINAL - {Status.DELIVERED})


def in_statuses(rows: models.QuerySet[Message], statuses: Sequence[str]) -> models.QuerySet[Message]:
    """The messages in any of the statuses. Where none of them is final, it says so: few are open, and have an index."""
    if not FINAL.intersection(statuses):
        rows = rows.filter(final_at__isnull=True)
    return rows.filter(status__in=statuses)


class Message(models.Model):
    """One text to one recipient. `price` is that of the whole message in the account's currency; `price_mad` and
    `price_eur` are what the price list said in both. Partitioned by month on `id`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    channel = models.CharField(max_length=12)
    cascade = models.BooleanField(db_default=False)
    charge_reference = models.UUIDField()
    batch_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    api_key_id = models.UUIDField(null=True)
    to = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    sender = models.CharField(max_length=20)
    text = models.TextField()
    sealed_text = models.BinaryField(
        null=True,
        editable=False,
        help_text="The real text where `text` hides a code; kept until a carrier has it.",
    )
    encoding = models.CharField(max_length=4)
    segments = models.PositiveSmallIntegerField()
    buttons = models.JSONField(null=True)
    provider_template = models.JSONField(
        null=True,
        editable=False,
        help_text="What the channel's provider sends in place of the text, or where the code stands in it.",
    )
    price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3, choices=Currency.choices)
    price_mad = models.DecimalField(max_digits=14, decimal_places=4)
    price_eur = models.DecimalField(max_digits=14, decimal_places=4)
    refund_undeliverable = models.BooleanField(db_default=False)
    status = models.CharField(max_length=14, choices=Status.choices)
    rank = models.PositiveSmallIntegerField()
    error_code = models.CharField(max_length=40, null=True)
    error_detail = models.CharField(max_length=200, null=True)
    carrier_id = models.IntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    scheduled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    metadata = models.JSONField(null=True)
    callback_url = models.CharField(max_length=2048, null=True)
    truncated = models.BooleanField(db_default=False)
    duplicate_suspected = models.BooleanField(db_default=False)
    request_id = models.CharField(max_length=64, null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "mode", "-id"], name="message_by_account"),
            models.Index(fields=["account", "to", "-id"], name="message_by_recipient"),
            models.Index(
                fields=["batch_id", "id"], name="message_by_batch", condition=Q(batch_id__isnull=False)
            ),
            models.Index(
                fields=["campaign_id", "status"],
                name="message_by_campaign",
                condition=Q(campaign_id__isnull=False),
            ),
            models.Index(fields=["id"], name="message_open", condition=Q(final_at__isnull=True)),
            models.Index(
                fields=["scheduled_at"], name="message_scheduled", condition=Q(scheduled_at__isnull=False)
            ),
            # Of the statuses that few messages have, so that a list of one of them costs the same however many others
            # there are: those that are open, and those that were not delivered.
            models.Index(
                fields=["account", "mode", "-id", "status"],
                name="message_open_by_account",
                condition=Q(final_at__isnull=True),
            ),
            models.Index(
                fields=["account", "mode", "-id", "status"],
                name="message_failed_by_account",
                condition=Q(status__in=FAILED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(segments__gte=1) & Q(segments__lte=60), name="message_segments_bounded"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="message_price_not_negative"),
            models.CheckConstraint(
                condition=(Q(rank=FINAL_RANK) & Q(final_at__isnull=False))
                | (~Q(rank=FINAL_RANK) & Q(final_at__isnull=True)),
                name="message_final_has_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(sealed_text__isnull=True) | Q(rank__lt=RANK[Status.SENT]),
                name="message_sealed_until_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"msg_{self.id.hex}"


class Batch(models.Model):
    """One bulk request: which items were refused, and why. The accepted ones are messages with this `batch_id`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    channel = models.CharField(max_length=12)
    total = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    price_mad = models.DecimalField(max_digits=14, decimal_places=4)
    price_eur = models.DecimalField(max_digits=14, decimal_places=4)
    rejected = models.JSONField(default=list)
    flagged = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="Positions that repeat an earlier item."
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"batch_{self.id.hex}"
