"""Triggers of PostgreSQL, whose TRUNCATE passes those of rows: what stands for ever is not removed by emptying its table."""

from django.db import migrations

MESSAGE = "what stands for ever is neither changed nor removed"
TABLES = [f"assessments_{name}" for name in ("snapshot", "stance", "review", "decision", "inquiry")]


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    schema_editor.execute(
        f"""
        CREATE FUNCTION assessments_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION assessments_refuse_truncate()"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS assessments_refuse_truncate() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_accepted_with_the_rest")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
