"""What respondents find unclear in a question, without who says so."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('frameworks', '0003_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question_code', models.CharField(max_length=40)),
                ('text', models.TextField(max_length=1000)),
                ('written_on', models.DateField()),
                ('is_done', models.BooleanField(default=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='frameworks.frameworkversion')),
            ],
            options={
                'indexes': [models.Index(fields=['question_code', '-written_on'], name='note_of_question')],
            },
        ),
    ]
