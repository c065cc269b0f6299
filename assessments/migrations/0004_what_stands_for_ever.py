"""Triggers: snapshots, finished reviews and the owner's answers to them stand, through any door."""

from django.db import migrations

MESSAGE = "what stands for ever is neither changed nor removed"
REVIEW = "assessments_review"
OVER = "finished_at IS NOT NULL OR ended_at IS NOT NULL"


def over(row):
    """Whether the review that this row belongs to is over."""
    return f"EXISTS (SELECT 1 FROM {REVIEW} WHERE id = {row}.review_id AND ({OVER}))"


# table → deed → when it is refused; a decision and an inquiry go through their services, step by step.
REFUSED = {
    "assessments_snapshot": {"UPDATE": "TRUE", "DELETE": "TRUE"},
    "assessments_stance": {"UPDATE": "TRUE", "DELETE": "TRUE"},
    REVIEW: {"UPDATE": "OLD.finished_at IS NOT NULL OR OLD.ended_at IS NOT NULL", "DELETE": "TRUE"},
    "assessments_decision": {
        "INSERT": over("NEW"),
        "UPDATE": f"{over('OLD')} OR NEW.version <> OLD.version + 1",
        "DELETE": "TRUE",
    },
    "assessments_inquiry": {
        "INSERT": over("NEW"),
        "UPDATE": f"{over('OLD')} OR OLD.replied_at IS NOT NULL OR NEW.text <> OLD.text",
        "DELETE": "TRUE",
    },
}


def names():
    for table, deeds in REFUSED.items():
        for deed, condition in deeds.items():
            yield f"{table}_{deed.lower()}_stands", table, deed, condition


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, table, deed, condition in names():
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    for name, table, deed, condition in names():
        row = "OLD" if deed == "DELETE" else "NEW"
        schema_editor.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN {row};
            END $$"""
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def drop_triggers(apps, schema_editor):
    for name, _, _, _ in names():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_review")]
    operations = [migrations.RunPython(create_triggers, drop_triggers)]
