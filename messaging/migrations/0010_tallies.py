"""Tallies of each account's hours, and the changes that are folded into them."""

import django.db.models.deletion
from django.db import migrations, models


# Tallies are updated in place, and changes come and go: both as the queue is.
TUNING = """
ALTER TABLE messaging_tally SET (fillfactor = 70);
ALTER TABLE messaging_tallychange SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 2000);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('messaging', '0009_templates'),
    ]

    operations = [
        migrations.CreateModel(
            name='TallyChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('account_id', models.UUIDField()),
                ('mode', models.CharField(choices=[('live', 'live'), ('test', 'test')], max_length=4)),
                ('hour', models.DateTimeField(help_text='Of acceptance.')),
                ('channel', models.CharField(max_length=12)),
                ('country', models.CharField(max_length=2)),
                ('sender', models.CharField(max_length=20)),
                ('api_key_id', models.UUIDField(null=True)),
                ('campaign_id', models.UUIDField(null=True)),
                ('status', models.CharField(max_length=14)),
                ('reason', models.CharField(max_length=40, null=True)),
                ('latency', models.SmallIntegerField(help_text='Bucket of the time to delivery.', null=True)),
                ('messages', models.IntegerField()),
                ('segments', models.IntegerField()),
                ('price_mad', models.DecimalField(decimal_places=4, max_digits=18)),
                ('price_eur', models.DecimalField(decimal_places=4, max_digits=18)),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('account_id', 'mode', 'dimension', 'hour', 'value', blank=True, editable=False, primary_key=True, serialize=False)),
                ('mode', models.CharField(choices=[('live', 'live'), ('test', 'test')], max_length=4)),
                ('dimension', models.CharField(choices=[('all', 'all'), ('channel', 'channel'), ('country', 'country'), ('sender', 'sender id'), ('key', 'API key'), ('campaign', 'campaign'), ('reason', 'reason'), ('latency', 'latency')], max_length=8)),
                ('hour', models.DateTimeField()),
                ('value', models.CharField(help_text='Such as MA; empty where a message has none.', max_length=40)),
                ('messages', models.BigIntegerField(default=0)),
                ('segments', models.BigIntegerField(default=0)),
                ('price_mad', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ('price_eur', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ('refunded_mad', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ('refunded_eur', models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ('delivered', models.BigIntegerField(default=0)),
                ('undeliverable', models.BigIntegerField(default=0)),
                ('failed', models.BigIntegerField(default=0)),
                ('expired', models.BigIntegerField(default=0)),
                ('cancelled', models.BigIntegerField(default=0)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.account')),
            ],
            options={
                'verbose_name_plural': 'tallies',
            },
        ),
        migrations.RunSQL(TUNING, migrations.RunSQL.noop),
    ]
