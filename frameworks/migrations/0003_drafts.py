"""Drafts of the next version; on a version, what changed and who asked for it to be published."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# SQLite makes a table anew to add a column, and the triggers that guard it would go with the old one.
guards = import_module("frameworks.migrations.0002_published_never_changes")


class Migration(migrations.Migration):

    dependencies = [
        ('frameworks', '0002_published_never_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(guards.drop_triggers, guards.create_triggers),
        migrations.AddField(
            model_name='frameworkversion',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='frameworkversion',
            name='change_note',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(guards.create_triggers, guards.drop_triggers),
        migrations.CreateModel(
            name='FrameworkDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('framework', models.CharField(max_length=40)),
                ('number', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('document', models.TextField()),
                ('revision', models.PositiveIntegerField(default=0)),
                ('faults', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('open', 'Draft'), ('published', 'Published'), ('discarded', 'Discarded')], default='open', max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('asked_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.frameworkversion')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='frameworks.frameworkversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('asked_at', None), ('asked_by', None)), models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), _connector='OR'), name='who_asks_for_publication_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('published__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published', None)), _connector='OR'), name='a_published_draft_has_its_version')],
            },
        ),
    ]
