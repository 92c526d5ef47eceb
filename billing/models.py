"""The nouns of what it costs and who pays: Plan, Price, ExchangeRate, Ledger, Hold, Entry, TopUp, PaymentAlarm.
Amounts are exact decimals with four places in the currency named beside them."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account, Currency, Mode


class Plan(models.Model):
    """What an account buys by: its price list, speed and fairness share."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    rate_per_second = models.PositiveIntegerField(
        null=True, blank=True, help_text="API requests; empty: no limit."
    )
    share = models.PositiveIntegerField(
        default=50, help_text="Fairness weight: segments per second before others go first."
    )
    refund_undeliverable = models.BooleanField(default=False)
    require_sender_approval = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """The price of one segment, per plan, country and channel, in both currencies as the operator set them."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="prices")
    country = models.CharField(max_length=2)
    channel = models.CharField(max_length=12, default="sms")
    mad = models.DecimalField(max_digits=10, decimal_places=4)
    eur = models.DecimalField(max_digits=10, decimal_places=4)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["plan", "country", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "country", "channel"], name="price_once"),
            models.CheckConstraint(condition=Q(mad__gt=0) & Q(eur__gt=0), name="price_is_never_free"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.country} {self.channel}"


class ExchangeRate(models.Model):
    """How many MAD one EUR is, from an instant on. Entries keep the rate they were booked at."""

    mad_per_eur = models.DecimalField(max_digits=12, decimal_places=6)
    valid_from = models.DateTimeField(db_default=Now(), unique=True)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [models.CheckConstraint(condition=Q(mad_per_eur__gt=0), name="rate_is_positive")]

    def __str__(self) -> str:
        return f"{self.mad_per_eur} MAD/EUR from {self.valid_from:%Y-%m-%d}"


class MonthlyQuota(models.Model):
    """How many live messages an account may send in a calendar month (UTC): a gate of its own beside the money."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="quota")
    monthly = models.PositiveIntegerField()
    month = models.DateField(db_default=Now(), help_text="The first day of the month that `used` counts.")
    used = models.PositiveIntegerField(db_default=0)

    class Meta:
        verbose_name = "monthly quota"

    def __str__(self) -> str:
        return f"{self.used} of {self.monthly}"


class Ledger(models.Model):
    """The one hot row of an account's money. Changed only by `billing/ledger.py`, always together with an Entry."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="ledger")
    currency = models.CharField(max_length=3, choices=Currency.choices)
    balance = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)
    held = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)
    credit_limit = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)
    seq = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(balance__gte=-F("credit_limit")), name="ledger_never_negative"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="ledger_held_never_negative"),
            models.CheckConstraint(
                condition=Q(credit_limit__gte=0), name="ledger_credit_limit_never_negative"
            ),
            models.CheckConstraint(condition=Q(currency__in=["MAD", "EUR"]), name="ledger_currency_known"),
        ]

    def __str__(self) -> str:
        return f"{self.balance} {self.currency}"


class Hold(models.Model):
    """Money set aside from an account's balance, to be charged in parts. `id` is that of what it is for. Changed only by
    `billing/holds.py`, always together with an Entry."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds")
    subject = models.CharField(max_length=10, help_text="What the id names: campaign.")
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    used = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)
    released = models.DecimalField(max_digits=16, decimal_places=4, db_default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(
                condition=Q(used__gte=0) & Q(released__gte=0), name="hold_parts_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("used") + F("released")), name="hold_never_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.subject} {self.pk}"

    @property
    def left(self) -> Decimal:
        """What can still be used or released."""
        return self.amount - self.used - self.released


class Entry(models.Model):
    """One amount moved from one place to another. Immutable, gapless per account, exactly once per kind and reference."""

    class Kind(models.TextChoices):
        TOPUP = "topup", "top-up"
        CHARGE = "charge", "charge"
        REFUND = "refund", "refund"
        HOLD = "hold", "hold"
        HOLD_CHARGE = "hold_charge", "charge of a hold"
        HOLD_RELEASE = "hold_release", "release of a hold"
        ADJUST = "adjust", "adjustment"

    class Place(models.TextChoices):
        WALLET = "wallet", "balance"
        HELD = "held", "held"
        REVENUE = "revenue", "revenue"
        CASH = "cash", "cash"
        ADJUST = "adjust", "adjustments"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    debit = models.CharField(max_length=8, choices=Place.choices)
    credit = models.CharField(max_length=8, choices=Place.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    currency = models.CharField(max_length=3, choices=Currency.choices)
    mad_per_eur = models.DecimalField(max_digits=12, decimal_places=6)
    reference = models.UUIDField()
    subject = models.CharField(
        max_length=10, help_text="What the reference names: message, batch, campaign, topup …"
    )
    hold_id = models.UUIDField(null=True, help_text="The hold that this entry makes, uses or releases.")
    balance_after = models.DecimalField(max_digits=16, decimal_places=4)
    held_after = models.DecimalField(max_digits=16, decimal_places=4)
    actor = models.CharField(max_length=254)
    reason = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-seq"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["hold_id"], name="entry_by_hold", condition=Q(hold_id__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="entry_once"),
            models.UniqueConstraint(fields=["account", "seq"], name="entry_chain"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class TopUp(models.Model):
    """Money that a customer is to bring or has brought. It is booked when `status` turns `paid`, exactly once.

    `amount` is what was asked for, in the account's currency; `mad` and `eur` are that at the rate of the request, and the
    one that `due_currency` names is what the payment gateway has to report. `booked_amount` is what the ledger got.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "pending"
        PAID = "paid", "paid"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="topups")
    mode = models.CharField(max_length=4, choices=Mode.choices, db_default=Mode.LIVE, default=Mode.LIVE)
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    currency = models.CharField(max_length=3, choices=Currency.choices)
    mad = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    eur = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    mad_per_eur = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    due_currency = models.CharField(
        max_length=3, choices=Currency.choices, blank=True, default="", db_default=""
    )
    method = models.CharField(max_length=20, default="operator")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    failure = models.CharField(max_length=40, blank=True, default="", db_default="")
    code = models.CharField(
        max_length=24, null=True, blank=True, unique=True, help_text="What a bank transfer has to name."
    )
    provider_reference = models.CharField(max_length=120, null=True, blank=True, unique=True)
    payment_reference = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The gateway's name of the payment."
    )
    payment_url = models.CharField(max_length=2048, blank=True, default="", db_default="")
    booked_amount = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    actor = models.CharField(max_length=254)
    reason = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "top-up"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="topup_amount_positive"),
            models.CheckConstraint(condition=~Q(mode="test", status="paid"), name="topup_test_never_paid"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="topup_expiry", condition=Q(status="pending")),
            models.Index(
                fields=["payment_reference"], name="topup_payment", condition=~Q(payment_reference="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @property
    def due_amount(self) -> Decimal:
        """What has to be paid, in `due_currency`."""
        due = {Currency.MAD: self.mad, Currency.EUR: self.eur}.get(
            Currency(self.due_currency or self.currency)
        )
        return self.amount if due is None else due


class PaymentAlarm(models.Model):
    """Something about a payment that an operator has to look at: books never follow a gateway by themselves here."""

    class Kind(models.TextChoices):
        MISMATCH = "mismatch", "not what was asked for"
        SECOND = "second", "paid twice"
        REFUND = "refund", "refunded by the gateway"
        DISPUTE = "dispute", "disputed by the payer"
        UNKNOWN = "unknown", "a payment for no top-up of ours"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topup = models.ForeignKey(TopUp, null=True, on_delete=models.PROTECT, related_name="alarms")
    gateway = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=120, help_text="What the gateway calls the event.")
    amount = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    detail = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=254, blank=True, default="", db_default="")
    closing_reason = models.CharField(max_length=254, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "kind", "reference"], name="payment_alarm_once")
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.get_kind_display()}"
