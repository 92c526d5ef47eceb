"""Numbers that people write to, their texts as they came, and the inbound messages made of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

from accounts.partitions import CreatePartitionedModel


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_idempotency_keys_to_look_at'),
        ('messaging', '0011_standstill'),
    ]

    operations = [
        migrations.CreateModel(
            name='InboundNumber',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(help_text='E.164 with +, or a short code in digits.', max_length=20, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=80)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='inbound_numbers', to='accounts.account')),
                ('carrier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='inbound_numbers', to='messaging.carrier')),
            ],
            options={
                'verbose_name': 'inbound number',
                'ordering': ['number'],
            },
        ),
        CreatePartitionedModel(
            name='InboundRecord',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('carrier_id', models.IntegerField()),
                ('account_id', models.UUIDField(null=True)),
                ('channel', models.CharField(max_length=12)),
                ('sender', models.CharField(max_length=20)),
                ('to', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('reference', models.CharField(db_default='', max_length=120)),
                ('part_reference', models.IntegerField(null=True)),
                ('part_number', models.PositiveSmallIntegerField(db_default=1)),
                ('part_total', models.PositiveSmallIntegerField(db_default=1)),
                ('fingerprint', models.BinaryField()),
                ('raw', models.BinaryField(null=True)),
                ('state', models.CharField(choices=[('new', 'new'), ('waiting', 'waiting for parts'), ('done', 'done')], db_default='new', max_length=8)),
                ('inbound_id', models.UUIDField(null=True)),
                ('next_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'inbound record',
                'indexes': [models.Index(condition=models.Q(('state__in', ['new', 'waiting'])), fields=['next_at'], name='inboundrecord_due'), models.Index(fields=['fingerprint'], name='inboundrecord_twice')],
            },
        ),
        CreatePartitionedModel(
            name='Inbound',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('mode', models.CharField(choices=[('live', 'live'), ('test', 'test')], max_length=4)),
                ('carrier_id', models.IntegerField()),
                ('channel', models.CharField(max_length=12)),
                ('sender', models.CharField(max_length=20)),
                ('to', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('parts', models.PositiveSmallIntegerField(db_default=1)),
                ('parts_missing', models.PositiveSmallIntegerField(db_default=0)),
                ('keyword', models.CharField(choices=[('', 'none'), ('stop', 'stop'), ('start', 'start'), ('help', 'help')], db_default='', max_length=8)),
                ('effect', models.CharField(choices=[('', 'none'), ('opted_out', 'opted out'), ('opted_in', 'opted in')], db_default='', max_length=10)),
                ('reply_to', models.UUIDField(help_text='The message that the account sent last to this sender.', null=True)),
                ('carrier_reference', models.CharField(db_default='', max_length=120)),
                ('received_at', models.DateTimeField()),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='accounts.account')),
            ],
            options={
                'verbose_name': 'inbound message',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['account', 'mode', '-id'], name='inbound_by_account'), models.Index(fields=['sender', '-id'], name='inbound_by_sender')],
            },
        ),
    ]
