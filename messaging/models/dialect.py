"""What dialects need kept: the last integer id given to an account's messages (document E), and addresses that clients
ask for in vain."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Account


class SerialCounter(models.Model):
    """The last integer id of an account's messages. Its own count, so that an id tells nothing of other accounts."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.last}"


class UnknownPath(models.Model):
    """An address that clients with a key ask for and that does not exist; numbers in it are shown as `#`."""

    id = models.AutoField(primary_key=True)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=200)
    calls = models.PositiveBigIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-calls"]
        verbose_name = "unknown path"
        constraints = [models.UniqueConstraint(fields=["method", "path"], name="unknown_path_once")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
