"""Route: which carrier takes what. Longest prefix first, then priority (lower first), then weight."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Account
from messaging.models.carrier import Carrier


class Route(models.Model):
    """`prefix` is the beginning of an E.164 number with `+`, or empty for all. A route of one account beats the general ones."""

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="routes")
    prefix = models.CharField(max_length=16, blank=True, default="")
    channel = models.CharField(max_length=12, default="sms")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE)
    priority = models.PositiveIntegerField(default=100)
    weight = models.PositiveIntegerField(default=1)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["channel", "-prefix", "priority"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="route_weight_positive")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.prefix or 'any'} → {self.carrier_id}"
