"""The test database as it stood, put back as often as needed; and whether anything was committed since."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from assessments.live_state import forget

Marks = dict[str, Any]  # of each table, something that every committed change alters


class Kept:
    """A copy of the test database. Objects in memory stay good: their rows come back with the same keys."""

    def __init__(self, folder: Path, name: str = "kept") -> None:
        self.path = str(folder / f"{name}.sqlite3")
        self.rows: dict[str, bytes] = {}
        if connection.vendor == "sqlite":
            _copy_file(str(connection.settings_dict["NAME"]), self.path)
            return
        with connection.cursor() as cursor:
            for table in tables():
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                    self.rows[table] = b"".join(copy)
        self.marks = marks()

    def put_back(self) -> None:
        forget()  # stamps come again, with other answers
        if connection.vendor == "sqlite":
            _copy_file(self.path, str(connection.settings_dict["NAME"]))
            return
        now = marks()
        changed = [table for table in now if now[table] != self.marks[table]]
        with connection.cursor() as cursor:
            cursor.execute(
                "BEGIN; SET LOCAL session_replication_role = replica"
            )  # no trigger, no key is asked
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(self.rows[table])
            cursor.execute("COMMIT")
        self.marks = marks()


def _copy_file(source: str, target: str) -> None:
    connection.close()
    one, other = sqlite3.connect(source), sqlite3.connect(target)
    one.backup(other)
    one.close()
    other.close()


def tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models(include_auto_created=True)]


def marks() -> Marks:
    """PostgreSQL: of each table the number of its rows, and the sum of the transactions that wrote them."""
    parts = (
        f"SELECT '{table}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM \"{table}\""
        for table in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (rows, written) for table, rows, written in cursor.fetchall()}


class Watch:
    """Tells cheaply whether anything at all was committed since it began."""

    def __init__(self) -> None:
        # SQLite counts for each connection what the others committed.
        self.own = (
            sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            if connection.vendor == "sqlite"
            else None
        )
        self.begun = self.mark()

    def mark(self) -> object:
        return self.own.execute("PRAGMA data_version").fetchone() if self.own else marks()

    def end(self) -> bool:
        """Whether anything was committed."""
        is_changed = self.mark() != self.begun
        if self.own:
            self.own.close()
        return is_changed
