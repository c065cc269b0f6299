from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_told_of_the_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="note_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="waitlistentry",
            name="state",
            field=models.CharField(
                choices=[
                    ("joined", "Joined"),
                    ("confirmed", "Confirmed"),
                    ("invited", "Invited"),
                    ("revoked", "Invitation revoked"),
                    ("active", "Active"),
                    ("left", "Left"),
                ],
                default="joined",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
