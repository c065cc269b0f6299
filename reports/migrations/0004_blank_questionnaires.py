from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_kinds")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[("full", "Report"), ("brief", "Board brief"), ("blank", "Blank questionnaire")],
                default="full",
                max_length=10,
            ),
        ),
    ]
