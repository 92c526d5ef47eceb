"""Campaigns and their recipients. What is asked for by the second is kept lean: recipients are written once, in bulk."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('contacts', '0003_optout_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('mode', models.CharField(choices=[('live', 'live'), ('test', 'test')], max_length=4)),
                ('api_key_id', models.UUIDField(null=True)),
                ('actor', models.CharField(help_text='Who wanted it sent.', max_length=254)),
                ('name', models.CharField(max_length=200)),
                ('channel', models.CharField(default='sms', max_length=12)),
                ('template_id', models.UUIDField(null=True)),
                ('body', models.TextField(blank=True, default='')),
                ('text', models.TextField(blank=True, default='')),
                ('sender_id', models.CharField(blank=True, default='', max_length=20)),
                ('buttons', models.JSONField(null=True)),
                ('metadata', models.JSONField(null=True)),
                ('most_recipients', models.PositiveIntegerField(help_text='As the document of the key allows; empty: any number.', null=True)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('scheduled', 'scheduled'), ('running', 'running'), ('paused', 'paused'), ('completed', 'completed'), ('cancelled', 'cancelled'), ('failed', 'failed')], default='draft', max_length=10)),
                ('reason', models.CharField(blank=True, default='', help_text='Why it failed: a stable code.', max_length=40)),
                ('reason_detail', models.CharField(blank=True, default='', max_length=300)),
                ('told_at', models.DateTimeField(editable=False, help_text='When the failure was mailed.', null=True)),
                ('scheduled_at', models.DateTimeField(null=True)),
                ('scheduled_local', models.CharField(blank=True, default='', help_text='The time as given without an offset.', max_length=32)),
                ('time_zone', models.CharField(blank=True, default='', max_length=40)),
                ('started_at', models.DateTimeField(null=True)),
                ('frozen_at', models.DateTimeField(help_text='When the last recipient was frozen and all were paid.', null=True)),
                ('made_at', models.DateTimeField(help_text='When the last message was made.', null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('read_after', models.UUIDField(help_text='The last contact that was frozen.', null=True)),
                ('total_count', models.PositiveIntegerField(default=0, help_text='Recipients frozen, skipped ones included.')),
                ('queued_count', models.PositiveIntegerField(default=0, help_text='Recipients that were to get a message.')),
                ('cursor', models.PositiveIntegerField(default=0, help_text='The last recipient whose turn has been.')),
                ('slot', models.BigIntegerField(default=-1, help_text='The last stretch of the throttle that was used.')),
                ('slot_used', models.PositiveIntegerField(default=0)),
                ('segments', models.BigIntegerField(default=0)),
                ('price', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('price_mad', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('price_eur', models.DecimalField(decimal_places=4, default=0, max_digits=16)),
                ('final_counts', models.JSONField(help_text='Its messages by status, once all are final.', null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.account')),
                ('list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='contacts.contactlist')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('pk', models.CompositePrimaryKey('campaign_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('phone', models.CharField(max_length=20)),
                ('values', models.JSONField(null=True)),
                ('segments', models.PositiveSmallIntegerField(db_default=0)),
                ('price', models.DecimalField(db_default=0, decimal_places=4, max_digits=14)),
                ('price_mad', models.DecimalField(db_default=0, decimal_places=4, max_digits=14)),
                ('price_eur', models.DecimalField(db_default=0, decimal_places=4, max_digits=14)),
                ('skipped', models.CharField(help_text='Why there is no message: a stable code.', max_length=40, null=True)),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='campaigns.campaign')),
            ],
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(fields=['account', 'mode', '-id'], name='campaign_newest'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('status', 'scheduled')), fields=['scheduled_at'], name='campaign_due'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('status', 'running')), fields=['id'], name='campaign_running'),
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('status', 'failed'), ('told_at__isnull', True)), fields=['id'], name='campaign_untold'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('account', 'number'), name='campaign_number_once'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'failed'])), name='campaign_status_known'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('cursor__lte', models.F('total_count'))), name='campaign_cursor_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status__in', ['draft', 'scheduled', 'running', 'paused'])), models.Q(('ended_at__isnull', False), ('status__in', ['completed', 'cancelled', 'failed'])), _connector='OR'), name='campaign_ended_has_an_instant'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('skipped__isnull', False)), fields=['campaign', 'skipped'], name='recipient_skipped'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(fields=('campaign', 'phone'), name='recipient_once'),
        ),
    ]
