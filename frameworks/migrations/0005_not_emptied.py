"""Triggers of PostgreSQL, whose TRUNCATE passes those of rows: nothing under a published version is removed by emptying its table."""

from django.db import migrations

MESSAGE = "a published framework version never changes"
TABLES = [
    f"frameworks_{part}"
    for part in (
        "frameworkversion", "level", "dimension", "question", "dpmmlevel", "ceiling", "usecase", "action", "reference",
    )
]


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    schema_editor.execute(
        f"""
        CREATE FUNCTION frameworks_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION frameworks_refuse_truncate()"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS frameworks_refuse_truncate() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0004_notes_on_questions")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
