"""Template: a text of an account with slots to fill. TemplateVersion: each form the text had, and what the operator said of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.ids import new_id
from accounts.models import Account

BODY_CHARACTERS = 1600
NAME_CHARACTERS = 120


class Template(models.Model):
    """What stays the same while its text changes. `in_use` is the approved version that is sent; it goes on being used
    until a newer one is approved. The provider's fields are of channels that have templates of their own (WhatsApp)."""

    class Category(models.TextChoices):
        TRANSACTIONAL = "transactional", "transactional"
        MARKETING = "marketing", "marketing"
        OTP = "otp", "one-time code"

    class Channel(models.TextChoices):
        SMS = "sms", "SMS"
        WHATSAPP = "whatsapp", "WhatsApp"
        TELEGRAM = "telegram", "Telegram"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False, related_name="templates")
    name = models.CharField(max_length=NAME_CHARACTERS)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.SMS)
    category = models.CharField(max_length=14, choices=Category.choices, default=Category.TRANSACTIONAL)
    language = models.CharField(max_length=10, default="fr", help_text="Such as fr, en, ar or fr-MA.")
    in_use = models.OneToOneField(
        "TemplateVersion", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    provider_name = models.CharField(
        max_length=512, blank=True, default="", help_text="The template's name at the channel's provider."
    )
    provider_language = models.CharField(
        max_length=10, blank=True, default="", help_text="As the provider writes it, such as fr or en_US."
    )
    provider_status = models.CharField(
        max_length=20, blank=True, default="", help_text="The provider's own word."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"], condition=Q(deleted_at__isnull=True), name="template_name_once"
            )
        ]
        indexes = [models.Index(fields=["account", "-id"], name="template_newest")]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """A text of a template. It never changes once it was submitted, so that what was approved is what was read."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PENDING = "pending", "waits for approval"
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.ForeignKey(Template, on_delete=models.CASCADE, db_index=False, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.CharField(max_length=BODY_CHARACTERS)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Why it was rejected.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.CharField(max_length=254, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "template version"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(state__in=["draft", "pending"]),
                name="template_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "pending"], decided_at__isnull=True)
                | Q(state__in=["approved", "rejected"], decided_at__isnull=False),
                name="template_decided_has_an_instant",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="pending"), name="template_version_waiting")]

    def __str__(self) -> str:
        return f"version {self.number}"
