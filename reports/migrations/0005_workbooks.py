from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_blank_questionnaires")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "Report"),
                    ("brief", "Board brief"),
                    ("blank", "Blank questionnaire"),
                    ("workbook", "Workbook"),
                ],
                default="full",
                max_length=10,
            ),
        ),
    ]
