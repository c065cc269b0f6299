from django.db import migrations, models


def note_who_accepted(apps, schema_editor):
    """Of whom an engagement was accepted before the column stood here."""
    Consultant = apps.get_model("accounts", "Consultant")
    accepted = Consultant._base_manager.filter(accepted_at__isnull=False).values("user")
    apps.get_model("accounts", "User")._base_manager.filter(pk__in=accepted).update(consults=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_notes_and_revoked_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="consults",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(note_who_accepted, migrations.RunPython.noop),
    ]
