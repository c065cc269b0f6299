"""Triggers: nothing under a published version is changed or removed, through any door."""

from django.db import migrations

PARTS = ("level", "dimension", "question", "dpmmlevel", "ceiling", "usecase", "action", "reference")
MESSAGE = "a published framework version never changes"


def sqlite_statements():
    yield f"""
        CREATE TRIGGER frameworks_published_update BEFORE UPDATE ON frameworks_frameworkversion
        WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    yield f"""
        CREATE TRIGGER frameworks_published_delete BEFORE DELETE ON frameworks_frameworkversion
        WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for part in PARTS:
        # A row may neither be changed where it is nor moved into a published version.
        for deed, rows in (("INSERT", "NEW.version_id"), ("UPDATE", "OLD.version_id, NEW.version_id"), ("DELETE", "OLD.version_id")):
            yield f"""
                CREATE TRIGGER frameworks_{part}_{deed.lower()} BEFORE {deed} ON frameworks_{part}
                WHEN EXISTS (SELECT 1 FROM frameworks_frameworkversion WHERE id IN ({rows}) AND state = 'published')
                BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""


def postgres_statements():
    yield f"""
        CREATE FUNCTION frameworks_refuse_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state = 'published' THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$"""
    yield f"""
        CREATE FUNCTION frameworks_refuse_part() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM frameworks_frameworkversion
                       WHERE id IN (OLD.version_id, NEW.version_id) AND state = 'published') THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$"""
    yield """
        CREATE TRIGGER frameworks_published BEFORE UPDATE OR DELETE ON frameworks_frameworkversion
        FOR EACH ROW EXECUTE FUNCTION frameworks_refuse_version()"""
    for part in PARTS:
        yield f"""
            CREATE TRIGGER frameworks_{part}_published BEFORE INSERT OR UPDATE OR DELETE ON frameworks_{part}
            FOR EACH ROW EXECUTE FUNCTION frameworks_refuse_part()"""


def create_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in sqlite_statements() if vendor == "sqlite" else postgres_statements():
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        names = ["frameworks_published_update", "frameworks_published_delete"]
        names += [f"frameworks_{part}_{deed}" for part in PARTS for deed in ("insert", "update", "delete")]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        return
    schema_editor.execute("DROP FUNCTION IF EXISTS frameworks_refuse_version() CASCADE")
    schema_editor.execute("DROP FUNCTION IF EXISTS frameworks_refuse_part() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0001_initial")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
