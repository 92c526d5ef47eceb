"""What people write to us: the numbers they write to, every text as it came, and the inbound messages made of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Mode
from messaging.models.carrier import Carrier


class InboundNumber(models.Model):
    """A number or short code that people can write to. `account` is whose it is; with none, a text belongs to the account
    that last wrote to its sender from this number."""

    id = models.AutoField(primary_key=True)
    number = models.CharField(
        max_length=20, unique=True, help_text="E.164 with +, or a short code in digits."
    )
    name = models.CharField(max_length=80, blank=True, default="")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="inbound_numbers"
    )
    carrier = models.ForeignKey(
        Carrier, null=True, blank=True, on_delete=models.SET_NULL, related_name="inbound_numbers"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = "inbound number"

    def __str__(self) -> str:
        return self.number


class InboundRecord(models.Model):
    """A text, or one part of a long one, as it came, kept before anything is made of it. Partitioned by month on `id`.

    `new` until looked at; `waiting` for the other parts; `done` when an inbound message was made of it. `fingerprint` tells a
    text that a carrier sends twice. `account_id` is set only where nobody has to be looked for (test mode).
    """

    class State(models.TextChoices):
        NEW = "new", "new"
        WAITING = "waiting", "waiting for parts"
        DONE = "done", "done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    carrier_id = models.IntegerField()
    account_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=12)
    sender = models.CharField(max_length=20)
    to = models.CharField(max_length=20)
    text = models.TextField()
    reference = models.CharField(max_length=120, db_default="")
    part_reference = models.IntegerField(null=True)
    part_number = models.PositiveSmallIntegerField(db_default=1)
    part_total = models.PositiveSmallIntegerField(db_default=1)
    fingerprint = models.BinaryField()
    raw = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, db_default="new")
    inbound_id = models.UUIDField(null=True)
    next_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "inbound record"
        indexes = [
            models.Index(
                fields=["next_at"], name="inboundrecord_due", condition=Q(state__in=["new", "waiting"])
            ),
            models.Index(fields=["fingerprint"], name="inboundrecord_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} → {self.to} {self.part_number}/{self.part_total}"


class Inbound(models.Model):
    """A text that somebody wrote to one of our numbers. `sender` wrote it, `to` is our number; `account` is empty where
    nobody's it could be told. `parts_missing` of a long text never came. Partitioned by month on `id`."""

    class Keyword(models.TextChoices):
        NONE = "", "none"
        STOP = "stop", "stop"
        START = "start", "start"
        HELP = "help", "help"

    class Effect(models.TextChoices):
        NONE = "", "none"
        OPTED_OUT = "opted_out", "opted out"
        OPTED_IN = "opted_in", "opted in"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    carrier_id = models.IntegerField()
    channel = models.CharField(max_length=12)
    sender = models.CharField(max_length=20)
    to = models.CharField(max_length=20)
    text = models.TextField()
    parts = models.PositiveSmallIntegerField(db_default=1)
    parts_missing = models.PositiveSmallIntegerField(db_default=0)
    keyword = models.CharField(max_length=8, choices=Keyword.choices, db_default="")
    effect = models.CharField(max_length=10, choices=Effect.choices, db_default="")
    reply_to = models.UUIDField(null=True, help_text="The message that the account sent last to this sender.")
    carrier_reference = models.CharField(max_length=120, db_default="")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = "inbound message"
        indexes = [
            models.Index(fields=["account", "mode", "-id"], name="inbound_by_account"),
            models.Index(fields=["sender", "-id"], name="inbound_by_sender"),
        ]

    def __str__(self) -> str:
        return f"inb_{self.id.hex}"
