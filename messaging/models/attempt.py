"""Attempt: the intent to submit, committed before the wire, and what came of it. ReceiptRecord: every report, raw."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import new_id


class Attempt(models.Model):
    """One try to hand a message to a carrier. Partitioned by month on `message_id`."""

    class Outcome(models.TextChoices):
        STARTED = "started", "started"
        ACCEPTED = "accepted", "accepted"
        REJECTED = "rejected", "rejected"
        RETRY = "retry", "certainly not taken"
        UNKNOWN = "unknown", "answer lost"
        NOT_SENT = "not_sent", "stopped before the wire"

    pk = models.CompositePrimaryKey("message_id", "number")
    message_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    carrier_id = models.IntegerField()
    owner = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, db_default="started")
    reference = models.CharField(max_length=120, null=True, help_text="The carrier's id of the message.")
    code = models.CharField(max_length=60, null=True, help_text="The carrier's own code.")
    detail = models.CharField(max_length=200, null=True)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["carrier_id", "reference"],
                name="attempt_by_reference",
                condition=Q(reference__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number} {self.outcome}"


class ReceiptRecord(models.Model):
    """A delivery report as it came, kept before anything is made of it. Partitioned by month on `id`.

    `new` until looked at; `applied` (it moved the message); `ignored` (late, double or backward: kept, changed nothing);
    `orphan` (no message known yet: tried again); `bad` (never matched within the horizon).
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        APPLIED = "applied", "applied"
        IGNORED = "ignored", "ignored"
        ORPHAN = "orphan", "orphan"
        BAD = "bad", "bad"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    carrier_id = models.IntegerField()
    message_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=120, db_default="")
    status = models.CharField(max_length=14)
    code = models.CharField(max_length=60, db_default="")
    reason = models.CharField(max_length=40, db_default="")
    raw = models.BinaryField(
        null=True, help_text="The callback it came in; kept by the first of the receipts that came in it."
    )
    raw_id = models.UUIDField(null=True, help_text="The receipt that keeps the callback, if it is another.")
    state = models.CharField(max_length=8, choices=State.choices, db_default="new")
    tries = models.PositiveSmallIntegerField(db_default=0)
    next_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "receipt"
        indexes = [
            models.Index(fields=["next_at"], name="receipt_due", condition=Q(state__in=["new", "orphan"])),
            models.Index(
                fields=["message_id"], name="receipt_by_message", condition=Q(message_id__isnull=False)
            ),
            models.Index(
                fields=["carrier_id", "reference"], name="receipt_orphan", condition=Q(state="orphan")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.reference}"
