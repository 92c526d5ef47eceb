"""Tally: what one hour of an account came to, seen from one side. TallyChange: what a transaction adds to it, until it is folded."""

from django.db import models

from accounts.models import Account, Mode


class Tally(models.Model):
    """The messages accepted in one hour (UTC, by their ids) by an account, by one value of one dimension. The rows of a
    dimension add up to those of `all`, but for `campaign` (messages of one), `reason` (messages that failed) and `latency`
    (messages that were delivered, by the bucket of `sending/tally.py`)."""

    class Dimension(models.TextChoices):
        ALL = "all", "all"
        CHANNEL = "channel", "channel"
        COUNTRY = "country", "country"
        SENDER = "sender", "sender id"
        KEY = "key", "API key"
        CAMPAIGN = "campaign", "campaign"
        REASON = "reason", "reason"
        LATENCY = "latency", "latency"

    pk = models.CompositePrimaryKey("account_id", "mode", "dimension", "hour", "value")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    dimension = models.CharField(max_length=8, choices=Dimension.choices)
    hour = models.DateTimeField()
    value = models.CharField(max_length=40, help_text="Such as MA; empty where a message has none.")
    messages = models.BigIntegerField(default=0)
    segments = models.BigIntegerField(default=0)
    price_mad = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    price_eur = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refunded_mad = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refunded_eur = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    delivered = models.BigIntegerField(default=0)
    undeliverable = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    cancelled = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.account_id} {self.hour:%Y-%m-%d %H} {self.dimension} {self.value}"


class TallyChange(models.Model):
    """Messages that were accepted (`status` empty) or became final in one transaction, and are alike in all else. Only ever
    added, so that no two transactions wait for each other; `messaging/tally.py` folds them into tallies."""

    id = models.BigAutoField(primary_key=True)
    account_id = models.UUIDField()
    mode = models.CharField(max_length=4, choices=Mode.choices)
    hour = models.DateTimeField(help_text="Of acceptance.")
    channel = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    sender = models.CharField(max_length=20)
    api_key_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    status = models.CharField(max_length=14)
    reason = models.CharField(max_length=40, null=True)
    latency = models.SmallIntegerField(null=True, help_text="Bucket of the time to delivery.")
    messages = models.IntegerField()
    segments = models.IntegerField()
    price_mad = models.DecimalField(max_digits=18, decimal_places=4)
    price_eur = models.DecimalField(max_digits=18, decimal_places=4)

    def __str__(self) -> str:
        return f"{self.messages} {self.status or 'accepted'}"
