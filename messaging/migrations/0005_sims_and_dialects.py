"""The SIM pool, the integer ids of document E, and the addresses that clients ask for in vain."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from accounts.partitions import CreateModelPartitionedByMessage


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('messaging', '0004_sealed_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='SerialCounter',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='accounts.account')),
                ('last', models.BigIntegerField()),
            ],
        ),
        CreateModelPartitionedByMessage(
            name='SimUse',
            fields=[
                ('message_id', models.UUIDField(primary_key=True, serialize=False)),
                ('sim_id', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['sim_id', 'message_id'], name='simuse_by_sim')],
            },
        ),
        migrations.CreateModel(
            name='UnknownPath',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('method', models.CharField(max_length=10)),
                ('path', models.CharField(max_length=200)),
                ('calls', models.PositiveBigIntegerField(default=1)),
                ('first_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('last_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'unknown path',
                'ordering': ['-calls'],
                'constraints': [models.UniqueConstraint(fields=('method', 'path'), name='unknown_path_once')],
            },
        ),
        migrations.CreateModel(
            name='Sim',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('number', models.CharField(help_text='E.164, such as +22366603716.', max_length=16, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('operator', models.CharField(blank=True, default='', max_length=40)),
                ('port', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('slot', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_default', models.BooleanField(default=False)),
                ('daily_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('monthly_limit', models.PositiveIntegerField(blank=True, null=True)),
                ('balance', models.DecimalField(decimal_places=2, default=0, help_text='Its own credit.', max_digits=12)),
                ('enabled', models.BooleanField(default=True)),
                ('used_on', models.DateField(editable=False, null=True)),
                ('used_today', models.PositiveIntegerField(default=0, editable=False)),
                ('used_this_month', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sims', to='accounts.account')),
                ('carrier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sims', to='messaging.carrier')),
            ],
            options={
                'verbose_name': 'SIM',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='sim_one_default')],
            },
        ),
    ]
