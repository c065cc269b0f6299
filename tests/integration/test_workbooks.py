"""Workbook, plan and charts as tables: they say what the results say, and run nothing (S-12)."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.charts.findings import use_row
from assessments.charts.planning import gap_rows
from assessments.engine.display import tenths, whole
from assessments.results import results_for
from assessments.services.assessments import rename_assessment
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from records.exports.excel import NOT_IN_EXCEL
from records.jobs import run_job
from records.models import Event
from reports.document.figures import FIGURES
from reports.models import Report
from reports.rendering import render_report
from tests import reviewing
from tests.builders import answer, answer_all, bami_spec, make_assessment, make_submitted
from tests.formulas import PAYLOADS, live_in_csv, live_in_excel
from tests.reviewing import again


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


def test_the_workbook_holds_every_word_of_many_questions_about_one_answer(cast, submitted, sign_in):
    texts = [f"{number} " + "y" * 3990 for number in range(9)]
    for text in texts:
        reviewing.ask(submitted, cast.reviewer, "D1-CTX", text)
    reviewing.accept_all(submitted, cast.reviewer)
    reviewing.accept_asked(submitted, cast.reviewer)
    reviewing.finish(submitted, cast.reviewer)
    book = load_workbook(BytesIO(workbook_of(submitted, sign_in(cast.viewer))))
    cells = [row["Asked"] for row in rows_of(book, "Answers") if row["Code"] == "D1-CTX"]
    assert len(cells) == 3
    assert all(any(text in cell for cell in cells) for text in texts)


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
    given = {row["Code"]: (row["Answer"], row["Level"]) for row in rows_of(book, "Answers")}
    assert all((row["Answer"], row["Level"]) == given[row["Code"]] for row in rows_of(book, "Contradictions"))
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
