"""Triggers: an entry of the trail is neither changed nor removed, through any door."""

from django.db import migrations

TABLE = "records_event"
MESSAGE = "an entry of the trail stands"


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_{deed.lower()}_stands BEFORE {deed} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    schema_editor.execute(
        f"""
        CREATE FUNCTION {TABLE}_stands() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    # TRUNCATE passes the triggers of rows.
    for name, deeds, each in (("stands", "UPDATE OR DELETE", "ROW"), ("truncate_stands", "TRUNCATE", "STATEMENT")):
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {deeds} ON {TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION {TABLE}_stands()"
        )


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for deed in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{deed}_stands")
        return
    schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_stands() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_job_of_installation")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
