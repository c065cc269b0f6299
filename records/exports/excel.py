"""A workbook cell by cell; what the rest of the project calls is records.exports.workbook_file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from records.exports import Sheet, Value, harmless, in_words

NOT_IN_EXCEL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST = 32_767  # characters of a cell, as UTF-16 counts them; Excel takes no more and openpyxl cuts there
PIECE = 16_000  # characters of a longer text in one cell, whichever they are
WIDEST = 60  # characters that a column of Excel is made wide for
HEAD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file, each table on a sheet of its own whose first row stays in view."""
    book = Workbook()
    book.remove(book.worksheets[0])  # a new workbook has an empty one
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(page: Worksheet, sheet: Sheet) -> None:
    widths = [len(head) for head in sheet.heads]
    rows = [part for row in sheet.rows for part in _parts(row)]
    for place, row in enumerate([sheet.heads, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(place, column)
            _fill(cell, value)
            if place == 1:
                cell.font = HEAD
            longest = max(map(len, in_words(value).split("\n")))
            if longest > WIDEST:
                cell.alignment = WRAPPED
            widths[column - 1] = max(widths[column - 1], min(WIDEST, longest))
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width + 2
    page.freeze_panes = "A2"


def _parts(row: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The row, and below it what its cells have no room for; each part begins with the row's first cell."""
    pieces = [_pieces(value) for value in row]
    for at in range(max(map(len, pieces), default=1)):
        yield [
            held[at] if at < len(held) else held[0] if column == 0 else None
            for column, held in enumerate(pieces)
        ]


def _pieces(value: Value) -> list[Value]:
    """The value, of a text that is longer than a cell takes its pieces; each but the last says so."""
    if not isinstance(value, str) or len(value.encode("utf-16-le")) // 2 <= LONGEST:
        return [value]
    pieces: list[Value] = []
    rest = value
    while len(rest) > PIECE:
        end = rest.rfind("\n", 0, PIECE) + 1 or PIECE  # between two lines if there are any
        pieces.append(rest[:end] + "\n" + _("(The text goes on in the next row.)"))
        rest = rest[end:]
    return [*pieces, rest]


def _fill(cell: Cell | MergedCell, value: Value) -> None:
    if isinstance(cell, MergedCell):
        raise TypeError("a table merges no cells")
    if isinstance(value, str):
        text = NOT_IN_EXCEL.sub("", value)
        cell.value = text
        cell.data_type = "s"  # else what begins with "=" becomes a formula
        cell.quotePrefix = harmless(text) != text  # nor does it when somebody edits the cell
    elif value is not None:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
