"""Looking for words without regard to case, in any alphabet and on both databases: the lookup `holds`."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, TextField
from django.db.models.lookups import IContains

FOLDED = "folded"  # the function of SQLite, whose own LIKE and UPPER know ASCII alone


@CharField.register_lookup
@TextField.register_lookup
class Holds(Lookup):
    """Whether a text holds another: `name__holds="øre"` finds “Øresund”."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        sql, params = IContains(self.lhs, self.rhs).as_sql(compiler, connection)
        return sql, tuple(params)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        text, text_params = self.process_lhs(compiler, connection)
        words, words_params = self.process_rhs(compiler, connection)
        return f"INSTR({FOLDED}({text}), {FOLDED}({words})) > 0", (*text_params, *words_params)


def teach_sqlite(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new connection to SQLite the function that `holds` calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FOLDED, 1, _fold, deterministic=True)


def _fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()
