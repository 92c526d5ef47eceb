"""Carrier: a company or gateway that takes our messages. A row plus an adapter in `messaging/carriers/`."""

import secrets

from django.db import models
from django.db.models.functions import Now


def new_callback_token() -> str:
    """The secret part of a carrier's receipt address: 192 random bits."""
    return secrets.token_urlsafe(24)


class Carrier(models.Model):
    """`settings` are public, `sealed_secrets` one sealed JSON object of credentials. `speed` is segments per second,
    0 for no limit; `window` how many submits may be in flight at once per worker."""

    id = models.AutoField(primary_key=True)
    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    enabled = models.BooleanField(default=True)
    settings = models.JSONField(default=dict, blank=True)
    sealed_secrets = models.BinaryField(null=True, editable=False)
    callback_token = models.CharField(max_length=64, unique=True, default=new_callback_token)
    window = models.PositiveSmallIntegerField(default=10)
    speed = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    pause_reason = models.CharField(max_length=200, blank=True, default="", editable=False)
    probe_after = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
