"""A workbook cell by cell; what the rest of the project calls is records.exports.workbook_file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from records.exports import Sheet, Value, harmless, in_words

NOT_IN_EXCEL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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
    for place, row in enumerate([sheet.heads, *sheet.rows], start=1):
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
