"""Queue rows know their campaign; campaigns that stand still."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('messaging', '0010_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Standstill',
            fields=[
                ('campaign_id', models.UUIDField(primary_key=True, serialize=False)),
                ('cancels', models.BooleanField(db_default=False)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='queuerow',
            name='campaign_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='queuerow',
            index=models.Index(condition=models.Q(('campaign_id__isnull', False)), fields=['campaign_id'], name='queue_campaign'),
        ),
        migrations.AddField(
            model_name='standstill',
            name='account',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.account'),
        ),
    ]
