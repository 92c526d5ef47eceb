"""Sessions, and countries closed by the guard."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountryBlock',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2)),
                ('reason', models.CharField(choices=[('unverified', 'many codes sent, few verified'), ('sequential', 'many numbers in a row')], max_length=10)),
                ('until', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.account')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'country'), name='block_once')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('mode', models.CharField(choices=[('live', 'live'), ('test', 'test')], max_length=4)),
                ('phone', models.CharField(max_length=20)),
                ('block', models.CharField(max_length=20)),
                ('country', models.CharField(max_length=2)),
                ('channel', models.CharField(max_length=12)),
                ('message_id', models.UUIDField()),
                ('end_user_ip', models.GenericIPAddressField(null=True)),
                ('code_length', models.PositiveSmallIntegerField()),
                ('mac', models.BinaryField(max_length=32, null=True)),
                ('state', models.CharField(choices=[('pending', 'pending'), ('verified', 'verified'), ('failed', 'failed'), ('expired', 'expired')], default='pending', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('max_attempts', models.PositiveSmallIntegerField(db_default=3)),
                ('expires_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='accounts.account')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['phone', '-created_at'], name='session_by_phone'), models.Index(fields=['account', 'block', '-created_at'], name='session_by_block'), models.Index(fields=['account', 'country', '-created_at'], name='session_by_country'), models.Index(condition=models.Q(('end_user_ip__isnull', False)), fields=['account', 'end_user_ip', '-created_at'], name='session_by_ip')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('account', 'mode', 'phone'), name='session_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'verified', 'failed', 'expired'])), name='session_state_known'), models.CheckConstraint(condition=models.Q(('attempts__lte', models.F('max_attempts'))), name='session_attempts_bounded'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), ('verified_at__isnull', False)), models.Q(models.Q(('state', 'verified'), _negated=True), ('verified_at__isnull', True)), _connector='OR'), name='session_verified_has_an_instant'), models.CheckConstraint(condition=models.Q(models.Q(('mac__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('mac__isnull', True)), _connector='OR'), name='session_mac_only_while_pending'), models.CheckConstraint(condition=models.Q(('code_length__gte', 4), ('code_length__lte', 8)), name='session_code_length_bounded')],
            },
        ),
    ]
