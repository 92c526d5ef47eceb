"""The nouns of one-time codes. Session: one code sent to one number. CountryBlock: a destination closed for a while, because
somebody was spending the account's money on codes that nobody types in."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Mode

MOST_ATTEMPTS = 3


class Session(models.Model):
    """A code on its way. The code itself is nowhere: `mac` is made of it with a key that is not in the database, and is
    forgotten with the session's end. `block` is the number without its last two digits."""

    class State(models.TextChoices):
        """`expired` also stands for a code that a newer one replaced."""

        PENDING = "pending", "pending"
        VERIFIED = "verified", "verified"
        FAILED = "failed", "failed"
        EXPIRED = "expired", "expired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    phone = models.CharField(max_length=20)
    block = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    channel = models.CharField(max_length=12)
    message_id = models.UUIDField()
    end_user_ip = models.GenericIPAddressField(null=True)
    code_length = models.PositiveSmallIntegerField()
    mac = models.BinaryField(max_length=32, null=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    max_attempts = models.PositiveSmallIntegerField(db_default=MOST_ATTEMPTS)
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["phone", "-created_at"], name="session_by_phone"),
            models.Index(fields=["account", "block", "-created_at"], name="session_by_block"),
            models.Index(fields=["account", "country", "-created_at"], name="session_by_country"),
            models.Index(
                fields=["account", "end_user_ip", "-created_at"],
                name="session_by_ip",
                condition=Q(end_user_ip__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "mode", "phone"], name="session_one_open", condition=Q(state="pending")
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "verified", "failed", "expired"]),
                name="session_state_known",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")), name="session_attempts_bounded"
            ),
            models.CheckConstraint(
                condition=Q(state="verified", verified_at__isnull=False)
                | (~Q(state="verified") & Q(verified_at__isnull=True)),
                name="session_verified_has_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", mac__isnull=False) | (~Q(state="pending") & Q(mac__isnull=True)),
                name="session_mac_only_while_pending",
            ),
            models.CheckConstraint(
                condition=Q(code_length__gte=4, code_length__lte=8), name="session_code_length_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"vrf_{self.id.hex}"


class CountryBlock(models.Model):
    """No codes of an account to a country before `until`. Removing the row lifts it. `told_at` is when the account's people
    were mailed."""

    class Reason(models.TextChoices):
        UNVERIFIED = "unverified", "many codes sent, few verified"
        SEQUENTIAL = "sequential", "many numbers in a row"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    country = models.CharField(max_length=2)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    until = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "country"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.country} until {self.until:%Y-%m-%d %H:%M}"
