"""The nouns of who is asking: Account, User, Membership, ApiKey, AuditEntry."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now

from accounts.ids import new_id

LEAST_DAYS = 7
"""After so many days a message has ended: validity and horizon are at most three days each."""


class Currency(models.TextChoices):
    MAD = "MAD", "MAD"
    EUR = "EUR", "EUR"


class Mode(models.TextChoices):
    LIVE = "live", "live"
    TEST = "test", "test"


class Compat(models.TextChoices):
    """Which provider's document a key's client was written from; decides the few fields that need two values."""

    NATIVE = "native", "native"
    SMSMAROC = "smsmaroc", "SMS Maroc"
    ENVOISMS = "envoisms", "EnvoiSMS.ma"
    SMSPROVIDER = "smsprovider", "SMS Provider"
    PROSENDI = "prosendi", "Prosendi"
    MASSEJLI = "massejli", "massej.li"


class Scope(models.TextChoices):
    """What a key may do (document B, API keys); `admin:gateway` is only ever given by an operator."""

    SEND = "send"
    VERIFY = "verify"
    STATUS = "status"
    BALANCE = "balance"
    CONTACTS = "contacts"
    CAMPAIGNS = "campaigns"
    WEBHOOKS = "webhooks"
    BILLING = "billing"
    ANALYTICS = "analytics"
    API_KEYS = "api_keys"
    OPTOUTS = "optouts"
    ADMIN_GATEWAY = "admin:gateway"


class Account(models.Model):
    """A customer of the operator: what owns messages, keys and money. Amounts are booked in `currency`."""

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended"

    class OnUncertain(models.TextChoices):
        """What to do with a transactional message whose submit answer was lost (promise P6)."""

        WAIT = "wait", "wait for a receipt"
        RESEND = "resend", "resend"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.MAD)
    plan = models.SlugField(max_length=40, default="business", db_index=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    country = models.CharField(max_length=2, default="MA")
    allowed_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    language = models.CharField(max_length=5, default="fr")
    time_zone = models.CharField(max_length=40, default="Africa/Casablanca")
    default_sender = models.CharField(max_length=16, blank=True, default="")
    max_segments = models.PositiveSmallIntegerField(null=True, blank=True)
    codes_to_opted_out = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether somebody who opted out still gets the one-time codes they ask for.",
    )
    on_uncertain = models.CharField(max_length=8, choices=OnUncertain.choices, default=OnUncertain.WAIT)
    text_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_DAYS)],
        help_text="Wipe texts after so many days, where that is sooner than for everybody.",
    )
    number_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_DAYS)],
        help_text="Make numbers unreadable after so many days, where that is sooner than for everybody.",
    )
    callback_secret = models.BinaryField(
        help_text="Sealed; signs the posts to callback_url of single messages."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__in=["MAD", "EUR"]), name="account_currency_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended"]), name="account_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(text_days__isnull=True) | models.Q(text_days__gte=LEAST_DAYS),
                name="account_text_days_after_the_end",
            ),
            models.CheckConstraint(
                condition=models.Q(number_days__isnull=True) | models.Q(number_days__gte=LEAST_DAYS),
                name="account_number_days_after_the_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        # Whoever an operator or a command makes is known by this address; people who sign up prove theirs by mail.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: object) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; what they may do in an account is their Membership's role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=5, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    """That a user belongs to an account, and in which role."""

    class Role(models.TextChoices):
        OWNER = "owner", "owner"
        ADMIN = "admin", "admin"
        DEVELOPER = "developer", "developer"
        SENDER = "sender", "sender"
        BILLING = "billing", "billing"
        READ_ONLY = "read_only", "read-only"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.OWNER)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.account}"


class ApiKey(models.Model):
    """A key of an account. Only the SHA-256 of its 256 random bits is kept; the full key is shown once."""

    class Service(models.TextChoices):
        """Document D: what kind of sending a key is for."""

        SMS = "sms", "sms"
        EMAIL = "email", "email"
        WHATSAPP = "whatsapp", "whatsapp"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, default="API key")
    mode = models.CharField(max_length=4, choices=Mode.choices, default=Mode.LIVE)
    compat = models.CharField(max_length=12, choices=Compat.choices, default=Compat.NATIVE)
    prefix = models.CharField(max_length=24, help_text="The visible beginning of the key.")
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope.choices), default=list, blank=True)
    ip_allow_list = ArrayField(models.CharField(max_length=49), default=list, blank=True)
    rate_per_minute = models.PositiveIntegerField(default=100, help_text="0: no limit.")
    rate_per_second = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: the plan's. 0: no limit."
    )
    service = models.CharField(max_length=8, choices=Service.choices, default=Service.SMS)
    active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotencyKey(models.Model):
    """The answer given under an `Idempotency-Key` (promise P5). Written in the transaction of the work itself."""

    pk = models.CompositePrimaryKey("account_id", "mode", "key")
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    mode = models.CharField(max_length=4, choices=Mode.choices)
    key = models.CharField(max_length=255)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key


class IdempotencyKeyPage(models.Model):
    """The keys as the admin can list them: a view with one column as its key, without the answers. Read-only."""

    id = models.TextField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    key = models.CharField(max_length=255)
    status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "accounts_idempotencykeypage"
        verbose_name = "idempotency key"

    def __str__(self) -> str:
        return self.key


class Progress(models.Model):
    """How far a job that walks a table by id has come: everything up to `position` is done."""

    job = models.CharField(max_length=40, primary_key=True)
    position = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.job} up to {self.position}"


class AuditEntry(models.Model):
    """Who did what to which thing, when and from where. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, db_constraint=False)
    actor = models.CharField(
        max_length=254, help_text="A user's e-mail, a key's public id, or the name of a command."
    )
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True, default="")
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["account", "-id"], name="audit_by_account")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
