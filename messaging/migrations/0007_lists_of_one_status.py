"""Lists of one status cost the same however many messages of other statuses there are."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_callback_kept_once")]
    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["account", "mode", "-id", "status"],
                name="message_open_by_account",
                condition=Q(final_at__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["account", "mode", "-id", "status"],
                name="message_failed_by_account",
                condition=Q(status__in=["cancelled", "expired", "failed", "undeliverable"]),
            ),
        ),
    ]
