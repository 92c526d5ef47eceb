"""CarrierCode: what an operator says that a carrier's code means. UnknownCode: a code that nobody has given a meaning yet."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from messaging.carriers.reasons import SAYABLE
from messaging.models.carrier import Carrier

REASONS = [(name, name) for name in sorted(SAYABLE)]


class CarrierCode(models.Model):
    """One code of one carrier, or of every carrier of a kind: exactly one of both is set. `:011` stands for every code that
    ends in this error, such as `UNDELIV:011`. Letters in either case are the same."""

    id = models.AutoField(primary_key=True)
    carrier = models.ForeignKey(
        Carrier, null=True, blank=True, on_delete=models.CASCADE, related_name="codes"
    )
    kind = models.CharField(max_length=20, blank=True, default="")
    code = models.CharField(max_length=60)
    reason = models.CharField(max_length=40, choices=REASONS)
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["kind", "carrier", "code"]
        verbose_name = "carrier code"
        constraints = [
            models.CheckConstraint(
                condition=Q(carrier__isnull=True) & ~Q(kind="") | Q(carrier__isnull=False, kind=""),
                name="carriercode_of_one",
                violation_error_message="Name a carrier or a kind, not both.",
            ),
            models.UniqueConstraint(
                fields=["carrier", "code"],
                condition=Q(carrier__isnull=False),
                name="carriercode_once_a_carrier",
            ),
            models.UniqueConstraint(
                fields=["kind", "code"], condition=Q(carrier__isnull=True), name="carriercode_once_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} is {self.reason}"


class UnknownCode(models.Model):
    """A code that came and said nothing to us. `example` is one of the messages it came for. Counted in the workers and
    written every few seconds, so a count may lack what a killed worker had not written."""

    id = models.AutoField(primary_key=True)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="unknown_codes")
    code = models.CharField(max_length=60)
    times = models.PositiveBigIntegerField(default=1)
    example = models.UUIDField(null=True)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-times"]
        verbose_name = "unknown code"
        constraints = [models.UniqueConstraint(fields=["carrier", "code"], name="unknowncode_once")]

    def __str__(self) -> str:
        return f"{self.carrier_id}: {self.code}"
