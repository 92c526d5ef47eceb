"""Sim: a number of the operator's own, in a gateway that is a carrier. SimUse: which message went out by which (document D)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Account
from messaging.models.carrier import Carrier


class Sim(models.Model):
    """One SIM of the pool. `account` is whose alone it is, empty for everybody's; limits are messages per day and month
    (UTC), empty for none. `used_today` and `used_this_month` count as of `used_on`. A SIM that failed `failures` times in a
    row is set aside (`aside_at`) and asked about at `probe_after`."""

    id = models.AutoField(primary_key=True)
    number = models.CharField(max_length=16, unique=True, help_text="E.164, such as +22366603716.")
    name = models.CharField(max_length=80)
    operator = models.CharField(max_length=40, blank=True, default="")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="sims")
    port = models.PositiveSmallIntegerField(null=True, blank=True)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    is_default = models.BooleanField(default=False)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="sims"
    )
    daily_limit = models.PositiveIntegerField(null=True, blank=True)
    monthly_limit = models.PositiveIntegerField(null=True, blank=True)
    balance = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="Its own credit.")
    enabled = models.BooleanField(default=True)
    used_on = models.DateField(null=True, editable=False)
    used_today = models.PositiveIntegerField(default=0, editable=False)
    used_this_month = models.PositiveIntegerField(default=0, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    aside_at = models.DateTimeField(null=True, editable=False)
    aside_reason = models.CharField(max_length=200, blank=True, default="", editable=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    probe_after = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = "SIM"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="sim_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class SimUse(models.Model):
    """That a message was given to a SIM. Partitioned by month on `message_id`."""

    message_id = models.UUIDField(primary_key=True)
    sim_id = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["sim_id", "message_id"], name="simuse_by_sim")]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.sim_id}"
