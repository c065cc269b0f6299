"""The level that evidence carries, which lists show beside the claimed one."""

import json

from django.db import migrations, models


def fill_evidenced(apps, schema_editor):
    """Of what is submitted, from its latest snapshot; a draft has it from its next change on."""
    assessments = apps.get_model("assessments", "Assessment")._default_manager.using(schema_editor.connection.alias)
    snapshots = apps.get_model("assessments", "Snapshot")._default_manager.using(schema_editor.connection.alias)
    for assessment in assessments.exclude(state="draft"):
        kept = snapshots.filter(assessment=assessment, revision=assessment.revision).order_by("-pk").first()
        if kept is not None:
            evidenced = json.loads(kept.results)["readings"]["evidenced"]
            assessments.filter(pk=assessment.pk).update(evidenced_level=evidenced["level"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_not_emptied")]
    operations = [
        migrations.AddField("assessment", "evidenced_level", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.RunPython(fill_evidenced, migrations.RunPython.noop),
    ]
