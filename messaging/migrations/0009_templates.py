"""Templates, and the versions of their texts that operators approve."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('messaging', '0008_scheduled_messages_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram')], default='sms', max_length=12)),
                ('category', models.CharField(choices=[('transactional', 'transactional'), ('marketing', 'marketing'), ('otp', 'one-time code')], default='transactional', max_length=14)),
                ('language', models.CharField(default='fr', help_text='Such as fr, en, ar or fr-MA.', max_length=10)),
                ('provider_name', models.CharField(blank=True, default='', help_text="The template's name at the channel's provider.", max_length=512)),
                ('provider_language', models.CharField(blank=True, default='', help_text='As the provider writes it, such as fr or en_US.', max_length=10)),
                ('provider_status', models.CharField(blank=True, default='', help_text="The provider's own word.", max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='templates', to='accounts.account')),
            ],
        ),
        migrations.CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('body', models.CharField(max_length=1600)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('pending', 'waits for approval'), ('approved', 'approved'), ('rejected', 'rejected')], default='draft', max_length=8)),
                ('reason', models.CharField(blank=True, default='', help_text='Why it was rejected.', max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('decided_at', models.DateTimeField(editable=False, null=True)),
                ('decided_by', models.CharField(blank=True, default='', editable=False, max_length=254)),
                ('template', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='messaging.template')),
            ],
            options={
                'verbose_name': 'template version',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='template',
            name='in_use',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='messaging.templateversion'),
        ),
        migrations.AddIndex(
            model_name='templateversion',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['id'], name='template_version_waiting'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(fields=('template', 'number'), name='template_version_once'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'pending'])), fields=('template',), name='template_one_open_version'),
        ),
        migrations.AddConstraint(
            model_name='templateversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state__in', ['draft', 'pending'])), models.Q(('decided_at__isnull', False), ('state__in', ['approved', 'rejected'])), _connector='OR'), name='template_decided_has_an_instant'),
        ),
        migrations.AddIndex(
            model_name='template',
            index=models.Index(fields=['account', '-id'], name='template_newest'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('account', 'name'), name='template_name_once'),
        ),
    ]
