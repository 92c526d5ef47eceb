"""Scheduled messages by their instant: retention looks for those that were not due yet when it came by."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_lists_of_one_status")]
    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["scheduled_at"], name="message_scheduled", condition=Q(scheduled_at__isnull=False)
            ),
        )
    ]
