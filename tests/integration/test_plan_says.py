"""How far the plan raises each gap, what starts too early and what waits for what, alike on every way out."""

from __future__ import annotations

import csv
import re
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from assessments.models import Assessment
from assessments.results import record_for
from bami_site.demo.loading import load_organisation, read
from records.exports import workbook_file
from reports.exports import sheets
from tests.builders import bami_spec, make_version
from tests.printing import printed

SPEC = bami_spec()
EARLY = (
    "Starts from level 3 of D5-INC, which the plan has at 0 then:"
    " bring A-D4-07 and A-D5-02 forward or start this one later."
)


def words(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture
def owner(db):
    """Of the demo's Oxmarsh, whose plan raises D5-INC from 0 to 4 and has it at 4 before it takes its first
    steps."""
    load_organisation(read("fennelcroft"), make_version())
    return User.objects.get(email="owner@fennelcroft.example")


@pytest.fixture
def assessment(owner):
    return Assessment.objects.visible_to(owner).for_page().get()


@pytest.fixture
def pages(owner, assessment, sign_in):
    client = sign_in(owner)
    return {
        name: client.get(reverse(f"assessments:{name}", args=[assessment.uuid])).content.decode()
        for name in ("gaps", "roadmap")
    }


@pytest.fixture
def tables(owner, assessment, sign_in):
    """Gaps and plan of the workbook, and the plan's own file, each by code."""
    record = record_for(assessment)
    page, results = printed(record)
    book = load_workbook(BytesIO(workbook_file(sheets(SPEC, record, results))))
    found: dict[str, Any] = {"pdf": page}
    for name in ("Gaps", "Plan"):
        heads, *rows = ([cell.value for cell in row] for row in book[name].iter_rows())
        found[name] = {row[heads.index("Code")]: dict(zip(heads, row, strict=True)) for row in rows}
    text = sign_in(owner).get(reverse("reports:plan_table", args=[assessment.uuid])).content
    file = csv.DictReader(StringIO(text.decode("utf-8-sig"), newline=""))
    found["file"] = {row["Code"]: row for row in file}
    return found


def sheet_of(page: str, code: str) -> str:
    """The sheet of one action on the plan's page."""
    (found,) = re.findall(rf'<details class="open" id="{code}">(.*?)</details>', page, re.DOTALL)
    return words(found)


def test_a_gap_names_the_action_that_reaches_its_target(pages, tables):
    closing = SPEC.action_by_code["A-D5-09"]
    (row,) = re.findall(r'<li class="gap-row" data-gap="D5-INC">(.*?)</li>', pages["gaps"], re.DOTALL)
    assert f"Closed by {closing.title}" in words(row)
    assert f"#{closing.code}" in row
    gap = tables["Gaps"]["D5-INC"]
    assert (gap["Closed by"], gap["Action"]) == (closing.title, closing.code)
    assert re.search(
        f"D5-INC [^→]*→ 4 {closing.title} {closing.code}", words(tables["pdf"].partition('id="gaps"')[2])
    )


def test_an_action_says_how_far_it_raises_each_gap(pages, tables):
    assert "D5-INC to 2 of 4" in sheet_of(pages["roadmap"], "A-D5-02")
    assert "Closes" not in words(pages["roadmap"])
    for table in ("Plan", "file"):
        assert "D5-INC to 2 of 4" in tables[table]["A-D5-02"]["Works on"].split(", ")
        assert "D5-INC to 4 of 4" in tables[table]["A-D5-09"]["Works on"].split(", ")
    assert re.search(r"Works on [^.]*D5-INC to 2 of 4", words(tables["pdf"]))
    assert "Closes gaps of" not in words(tables["pdf"])


def test_an_action_that_starts_above_its_question_says_so(pages, tables):
    assert EARLY in sheet_of(pages["roadmap"], "A-D5-09")
    assert "Starts from" not in sheet_of(pages["roadmap"], "A-D5-02")
    assert EARLY in words(tables["pdf"])
    for table in ("Plan", "file"):
        assert tables[table]["A-D5-09"]["Note"] == EARLY
        assert not tables[table]["A-D5-02"]["Note"]


def test_what_an_action_clears_the_way_for_is_what_waits_for_it(pages, tables):
    for table in ("Plan", "file"):
        waits = {
            (before, code)
            for code, row in tables[table].items()
            for before in (row["Waits for"] or "").split(", ")
            if before
        }
        cleared = {
            (code, after)
            for code, row in tables[table].items()
            for after in (row["Clears the way for"] or "").split(", ")
            if after
        }
        assert cleared == waits
        assert any(row["Works on"] and row["Clears the way for"] for row in tables[table].values())
    on_page = {
        (code, after)
        for code, sheet in re.findall(r'<details class="open" id="(A-[\w-]+)">(.*?)</details>',
                                      pages["roadmap"], re.DOTALL)
        for after in re.findall(r"#(A-[\w-]+)", sheet)
    }  # fmt: skip
    assert on_page == waits
    told = words(tables["pdf"].partition('id="roadmap"')[2]).count("Clears the way for")
    assert told == len({code for code, _ in waits})


def test_the_product_of_an_action_has_one_name(pages, tables):
    action = SPEC.action_by_code["A-D5-09"]
    assert f"Deliverable {action.deliverable}" in sheet_of(pages["roadmap"], action.code)
    assert words(f"Deliverable: {action.deliverable}") in words(tables["pdf"])
    assert tables["Plan"][action.code]["Deliverable"] == action.deliverable
