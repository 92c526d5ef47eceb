"""A text that holds a code is kept sealed until a carrier has it; `text` shows stars in its place."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_and_audit_schema'),
        ('messaging', '0003_simulator_and_protected_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='sealed_text',
            field=models.BinaryField(help_text='The real text where `text` hides a code; kept until a carrier has it.', null=True),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('sealed_text__isnull', True), ('rank__lt', 30), _connector='OR'), name='message_sealed_until_submitted'),
        ),
    ]
