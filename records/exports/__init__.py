"""Tables as files: the one writer of CSV and Excel, whose cells no spreadsheet takes for formulas.

A text that begins like a formula is marked as text: in CSV with an apostrophe before it, in Excel by the
type of its cell (trust page, S-12).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

Value = str | int | float | date | datetime | None

DANGEROUS = "=+-@\t\r\n＝＋－＠"
# What a spreadsheet may skip before it looks for a formula: blanks, and signs that have no width.
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u200e\u200f"
# Where another cell or line may begin for some reader: line breaks, and what some countries part cells by.
BREAKS = re.compile(r"(\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029;\t])")


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with its mark, every cell quoted; moments as "2026-11-28 14:02", days as "2026-11-28"."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(list(map(harmless, heads)))
    for row in rows:
        writer.writerow([harmless(in_words(value)) for value in row])
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook: its name (31 characters at most), its heads, and rows under them."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]


def excel_file(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet, its first row the heads; texts are texts whatever they look like, moments are moments."""
    return workbook_file([Sheet(title, heads, list(rows))])


def workbook_file(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of tables, each on a sheet of its own whose first row stays in view."""
    from records.exports.excel import write_workbook  # noqa: PLC0415  # 6 MB that few processes need

    return write_workbook(sheets)


def harmless(text: str) -> str:
    """The text with an apostrophe before each part of it that a reader could take for a formula."""
    pieces = BREAKS.split(text)  # parts, with the break after each between them
    parts, breaks = pieces[::2], [*pieces[1::2], ""]
    guarded, before = "", "\n"
    for part, after in zip(parts, breaks, strict=True):
        begin = _seen(part)[:1]
        # A line that begins with a tab, and a cell that begins with any break, are as bad as a formula.
        begins_line = not begin and after == "\t" and before not in "\t;"
        begins_cell = not begin and after and not guarded
        is_bad = begins_line or begins_cell or (begin and begin in DANGEROUS)
        guarded += ("'" if is_bad else "") + part + after
        before = after
    return guarded


def in_words(value: Value) -> str:
    """A value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _seen(part: str) -> str:
    """The part from its first sign that has width."""
    for at, sign in enumerate(part):
        if sign not in UNSEEN and unicodedata.category(sign) not in ("Zs", "Cf", "Cc"):
            return part[at:]
    return ""
