"""An account may forbid one-time codes to those who opted out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only_and_audit_schema")]
    operations = [
        migrations.AddField(
            "account",
            "codes_to_opted_out",
            models.BooleanField(
                default=True,
                db_default=True,
                help_text="Whether somebody who opted out still gets the one-time codes they ask for.",
            ),
        )
    ]
