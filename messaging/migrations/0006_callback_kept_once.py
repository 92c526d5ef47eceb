"""A callback with several receipts is kept once: the others name the receipt that keeps it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_sims_and_dialects")]
    operations = [
        migrations.AlterField(
            "receiptrecord",
            "raw",
            models.BinaryField(
                null=True, help_text="The callback it came in; kept by the first of the receipts that came in it."
            ),
        ),
        migrations.AddField(
            "receiptrecord",
            "raw_id",
            models.UUIDField(null=True, help_text="The receipt that keeps the callback, if it is another."),
        ),
    ]
