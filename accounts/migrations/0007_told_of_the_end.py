from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone


def settle_the_past(apps, schema_editor):
    """Nobody is written to about what ended before there was such a mail."""
    rows = apps.get_model("accounts", "Engagement")._base_manager
    rows.filter(ended_at=None, until_on__lt=timezone.localdate()).update(told_at=Now())


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_shown_part"),
    ]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(settle_the_past, migrations.RunPython.noop),
    ]
