"""The nouns of telling customers what happened: Endpoint, Event, Delivery, DeliveryAttempt.
Event, Delivery and DeliveryAttempt are partitioned by month; nothing holds a foreign key into them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Mode


class Endpoint(models.Model):
    """A customer's address that events are posted to.

    A `callback` endpoint stands for one origin (scheme, host, port) that an account named in `callback_url` of single
    messages, in the profile of the keys that named it. It carries the breaker and the fairness of that origin; the
    address itself is on each Delivery.
    """

    class Kind(models.TextChoices):
        REGISTERED = "registered", "registered"
        CALLBACK = "callback", "callback_url of messages"

    class Profile(models.TextChoices):
        """Signature header and payload form."""

        STANDARD = "standard", "standard"
        SMSMAROC = "smsmaroc", "SMS Maroc"
        ENVOISMS = "envoisms", "EnvoiSMS.ma"
        SMSPROVIDER = "smsprovider", "SMS Provider"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="endpoints")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGISTERED)
    url = models.CharField(max_length=2048)
    events = ArrayField(models.CharField(max_length=40), default=list)
    profile = models.CharField(max_length=12, choices=Profile.choices, default=Profile.STANDARD)
    secrets = ArrayField(models.BinaryField(), default=list, help_text="Sealed; the newest first.")
    secrets_overlap_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    active_since = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True, default="")
    consecutive_failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="The breaker: no post before this instant."
    )
    last_triggered_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "url", "profile"],
                condition=Q(kind="callback"),
                name="callback_origin_once",
            )
        ]

    def __str__(self) -> str:
        return self.url


class Event(models.Model):
    """Something that happened, once per subject and type. `payload` holds the facts; each profile renders them."""

    pk = models.CompositePrimaryKey("subject_id", "type")
    id = models.UUIDField(default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    subject_id = models.UUIDField()
    type = models.CharField(max_length=40)
    sequence = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=4, choices=Mode.choices, default=Mode.LIVE)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="event_by_id"),
            models.Index(fields=["account", "-id"], name="event_by_account"),
        ]

    def __str__(self) -> str:
        return self.type


class Delivery(models.Model):
    """One event owed to one endpoint. `type` is the name the endpoint knows it by; `url` is set for callback endpoints."""

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        DONE = "done", "done"
        DEAD = "dead", "dead"

    pk = models.CompositePrimaryKey("event_id", "endpoint_id")
    event_id = models.UUIDField()
    endpoint = models.ForeignKey(Endpoint, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    subject_id = models.UUIDField()
    type = models.CharField(max_length=40)
    url = models.CharField(max_length=2048, db_default="")
    state = models.CharField(max_length=8, choices=State.choices, db_default="pending")
    attempts = models.PositiveSmallIntegerField(db_default=0)
    next_at = models.DateTimeField(db_default=Now())
    lease_owner = models.UUIDField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["endpoint", "next_at"], name="delivery_due", condition=Q(state="pending")),
            models.Index(fields=["endpoint", "-event_id"], name="delivery_log"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "done", "dead"]), name="delivery_state_known"
            )
        ]

    def __str__(self) -> str:
        return self.type


class DeliveryAttempt(models.Model):
    """One POST and its answer. `number` counts from 1 over the delivery's life, replays included."""

    pk = models.CompositePrimaryKey("event_id", "endpoint_id", "number")
    event_id = models.UUIDField()
    endpoint = models.ForeignKey(Endpoint, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    latency_milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, db_default="")
    answer = models.CharField(max_length=1024, db_default="", help_text="The beginning of the answer's body.")

    def __str__(self) -> str:
        return f"{self.number}: {self.status or self.error}"
