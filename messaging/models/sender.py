"""Sender ids: who a message says it is from. Names that belong to others are protected."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Account


class SenderId(models.Model):
    """A sender id that an account asked for."""

    class Status(models.TextChoices):
        PENDING = "pending", "pending"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sender_ids")
    name = models.CharField(max_length=16)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "sender id"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="sender_once")]

    def __str__(self) -> str:
        return self.name


class ProtectedName(models.Model):
    """A name no account may send under without approval, look-alikes included (operators, banks, the state)."""

    name = models.CharField(max_length=40, unique=True)
    skeleton = models.CharField(max_length=40, db_index=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = "protected name"

    def __str__(self) -> str:
        return self.name
