"""The nouns of campaigns: Campaign, and the Recipients that are frozen when its sending begins."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Mode
from contacts.models import ContactList

NAME_CHARACTERS = 200
BODY_CHARACTERS = 1600
SENDER_CHARACTERS = 20


class Campaign(models.Model):
    """One text to the members of a list. `number` is its integer id, counted per account. `text` is what is sent: `body`, or
    that of the template, from the moment sending began. Amounts are those of all recipients, as they were frozen."""

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        SCHEDULED = "scheduled", "scheduled"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        COMPLETED = "completed", "completed"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    api_key_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=254, help_text="Who wanted it sent.")
    name = models.CharField(max_length=NAME_CHARACTERS)
    channel = models.CharField(max_length=12, default="sms")
    list = models.ForeignKey(ContactList, null=True, on_delete=models.SET_NULL)
    template_id = models.UUIDField(null=True)
    body = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    sender_id = models.CharField(max_length=SENDER_CHARACTERS, blank=True, default="")
    buttons = models.JSONField(null=True)
    metadata = models.JSONField(null=True)
    most_recipients = models.PositiveIntegerField(
        null=True, help_text="As the document of the key allows; empty: any number."
    )

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reason = models.CharField(
        max_length=40, blank=True, default="", help_text="Why it failed: a stable code."
    )
    reason_detail = models.CharField(max_length=300, blank=True, default="")
    told_at = models.DateTimeField(null=True, editable=False, help_text="When the failure was mailed.")
    scheduled_at = models.DateTimeField(null=True)
    scheduled_local = models.CharField(
        max_length=32, blank=True, default="", help_text="The time as given without an offset."
    )
    time_zone = models.CharField(max_length=40, blank=True, default="")
    started_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(
        null=True, help_text="When the last recipient was frozen and all were paid."
    )
    made_at = models.DateTimeField(null=True, help_text="When the last message was made.")
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    read_after = models.UUIDField(null=True, help_text="The last contact that was frozen.")
    total_count = models.PositiveIntegerField(
        default=0, help_text="Recipients frozen, skipped ones included."
    )
    queued_count = models.PositiveIntegerField(default=0, help_text="Recipients that were to get a message.")
    cursor = models.PositiveIntegerField(default=0, help_text="The last recipient whose turn has been.")
    slot = models.BigIntegerField(default=-1, help_text="The last stretch of the throttle that was used.")
    slot_used = models.PositiveIntegerField(default=0)
    segments = models.BigIntegerField(default=0)
    price = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    price_mad = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    price_eur = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    final_counts = models.JSONField(null=True, help_text="Its messages by status, once all are final.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "mode", "-id"], name="campaign_newest"),
            models.Index(fields=["scheduled_at"], name="campaign_due", condition=Q(status="scheduled")),
            models.Index(fields=["id"], name="campaign_running", condition=Q(status="running")),
            models.Index(
                fields=["id"],
                name="campaign_untold",
                condition=Q(status="failed", told_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="campaign_number_once"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "scheduled", "running", "paused", "completed", "cancelled", "failed"]
                ),
                name="campaign_status_known",
            ),
            models.CheckConstraint(
                condition=Q(cursor__lte=F("total_count")), name="campaign_cursor_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "running", "paused"], ended_at__isnull=True)
                | Q(status__in=["completed", "cancelled", "failed"], ended_at__isnull=False),
                name="campaign_ended_has_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Recipient(models.Model):
    """Somebody who is to get a campaign, frozen with the values of the text's variables and with the price. `number` counts
    from 1; a recipient whose turn has been (`number <= campaign.cursor`) has a message, unless `skipped` says why not."""

    pk = models.CompositePrimaryKey("campaign_id", "number")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="recipients"
    )
    number = models.PositiveIntegerField()
    phone = models.CharField(max_length=20)
    values = models.JSONField(null=True)
    segments = models.PositiveSmallIntegerField(db_default=0)
    price = models.DecimalField(max_digits=14, decimal_places=4, db_default=0)
    price_mad = models.DecimalField(max_digits=14, decimal_places=4, db_default=0)
    price_eur = models.DecimalField(max_digits=14, decimal_places=4, db_default=0)
    skipped = models.CharField(max_length=40, null=True, help_text="Why there is no message: a stable code.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "phone"], name="recipient_once"),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "skipped"], name="recipient_skipped", condition=Q(skipped__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.phone
