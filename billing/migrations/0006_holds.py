"""Holds, and the hold that a ledger entry is of."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('billing', '0005_payments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(help_text='What the id names: campaign.', max_length=10)),
                ('amount', models.DecimalField(decimal_places=4, max_digits=16)),
                ('used', models.DecimalField(db_default=0, decimal_places=4, max_digits=16)),
                ('released', models.DecimalField(db_default=0, decimal_places=4, max_digits=16)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='hold_id',
            field=models.UUIDField(help_text='The hold that this entry makes, uses or releases.', null=True),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('hold_id__isnull', False)), fields=['hold_id'], name='entry_by_hold'),
        ),
        migrations.AddField(
            model_name='hold',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='accounts.account'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='hold_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0), ('released__gte', 0)), name='hold_parts_never_negative'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('used'), '+', models.F('released')))), name='hold_never_overdrawn'),
        ),
    ]
