"""The nouns of whom we may write to."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Account


class OptOut(models.Model):
    """A recipient who must not be written to by an account. `phone` is E.164 with `+`."""

    class Source(models.TextChoices):
        API = "api", "API"
        REPLY = "reply", "reply"
        LINK = "link", "link"
        OPERATOR = "operator", "operator"

    pk = models.CompositePrimaryKey("account_id", "phone")
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    phone = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.API)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "opt-out"

    def __str__(self) -> str:
        return self.phone
