"""Answers accepted with the rest, and the validated level and index that lists show."""

import json
from fractions import Fraction
from math import floor

from django.db import migrations, models


def fill_validated(apps, schema_editor):
    """Of what is reviewed now, from the snapshot that its review made."""
    assessments = apps.get_model("assessments", "Assessment")._default_manager.using(schema_editor.connection.alias)
    snapshots = apps.get_model("assessments", "Snapshot")._default_manager.using(schema_editor.connection.alias)
    for assessment in assessments.filter(state="reviewed"):
        kept = snapshots.get(assessment=assessment, revision=assessment.revision, kind="reviewed")
        validated = json.loads(kept.results)["readings"]["validated"]
        index = validated["index"]
        assessments.filter(pk=assessment.pk).update(
            validated_level=validated["level"],
            validated_index=None if index is None else floor(Fraction(str(index)) + Fraction(1, 2)),
        )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_what_stands_for_ever")]
    operations = [
        migrations.AddField("assessment", "validated_level", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("assessment", "validated_index", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AlterField(
            "decision",
            "kind",
            models.CharField(
                choices=[
                    ("accepted", "Accepted as evidenced"),
                    ("rest", "Accepted with the rest"),
                    ("set", "Another level set"),
                    ("open", "Taken back"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(fill_validated, migrations.RunPython.noop),
    ]
