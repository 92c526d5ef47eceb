"""What the channel's provider sends in place of a text."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0012_inbound_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='provider_template',
            field=models.JSONField(editable=False, help_text="What the channel's provider sends in place of the text, or where the code stands in it.", null=True),
        ),
    ]
