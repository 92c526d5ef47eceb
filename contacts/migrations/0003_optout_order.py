"""An id for opt-outs, in the order in which they came about, so that lists of them can be turned page by page.
Those that exist get a UUIDv7 of the time they were made (RFC 9562 section 5.7)."""

import uuid_utils.compat
from django.db import migrations, models

FILL = """
UPDATE contacts_optout SET id = (
  lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0')
  || '7' || substr(md5(random()::text || phone), 1, 3) || '8' || substr(md5(account_id::text || phone), 1, 15)
)::uuid
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_contacts_and_lists")]

    operations = [
        migrations.AddField("optout", "id", models.UUIDField(null=True, editable=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "optout", "id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False)
        ),
        migrations.AddIndex("optout", models.Index(fields=["account", "-id"], name="optout_newest")),
    ]
