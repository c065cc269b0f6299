"""The PDF read back: every figure that the engine gives, every word typed and every alternative text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from assessments.charts.findings import contradictions, use_row
from assessments.charts.planning import gap_rows
from assessments.engine.display import tenths, whole
from assessments.engine.record import DpmmRecord, PlanRecord
from assessments.engine.review import StanceRecord
from reports.document import build_document
from tests import builders
from tests.printing import DIGEST, draw, plain, printed
from tests.records import answer_record, make_record, make_review

SPEC = builders.bami_spec()
START = date(2027, 1, 11)
REFUSED = "The draft that we follow says otherwise, and so do our records."


def telling_record():
    """A reviewed record in which each part of the report has something to say, in words of its own."""
    rows = [
        answer_record(
            code,
            (place * 7) % 5,
            grade=f"E{(place * 3) % 4}",
            comment=f"Comment {place}: pumps & <valves> of line {place}\nsecond line {place}",
            evidence_note=f"Note {place}, folder {place * 11}",
            flagged=place % 9 == 0,
            answered_by=f"Person {place % 3}",
        )
        for place, code in enumerate(SPEC.questions)
    ]
    rows[7] = answer_record(rows[7].question, None, state="unknown", grade="", comment="Asked on Friday")
    optional = next(place for place, row in enumerate(SPEC.questions.values()) if row.not_applicable)
    rows[optional] = answer_record(
        rows[optional].question, None, state="not_applicable", grade="", reason="None of it is made here."
    )
    changed = [row.question for row in rows if row.level in (2, 3)][:2]
    return make_record(
        answers=tuple(rows),
        scope="Two suites.\nNot the warehouse.",
        place="Hall 4, Denmark",
        title="Autumn baseline",
        dpmm=DpmmRecord("estimated", 2, "2026-06-18", "Our own sheet", "Automation lead"),
        plan=PlanRecord(START.isoformat(), 3, (5, 6)),
        use_cases=tuple(use.code for use in SPEC.use_cases[:5]),
        targets={"D5": 1},  # which it meets, with answers below it
        submitted_at="2026-12-02T10:00:00+00:00",
        submitted_by="Ingrid Solheim",
        people=(("Ingrid Solheim", "owner"), ("Tomas Lind", "respondent")),
        review=make_review(dict.fromkeys(changed, 1)),
    )


RECORD = telling_record()
STANCES = (
    StanceRecord(RECORD.review.changes[0].question, False, REFUSED, "Ingrid", "2026-12-10T08:00:00+00:00"),
)


@pytest.fixture(scope="module")
def drawn():
    return draw(RECORD, stances=STANCES)


@pytest.fixture(scope="module")
def words(drawn, tmp_path_factory):
    return plain(drawn.text(tmp_path_factory.mktemp("report"), "-raw"))


def said(*parts: Any) -> str:
    """Parts as they follow each other in a row of a table, compared as `plain` does."""
    return plain(" ".join(str(part) for part in parts if part not in ("", None)))


def dash(level: int | str | None) -> int | str:
    return "–" if level is None else level


def missing(wanted: list[str], words: str) -> list[str]:
    return [text for text in wanted if text not in words]


def test_every_level_of_every_reading_and_the_index(drawn, words):
    readings, targets, wanted = drawn.results.readings, drawn.results.targets, []
    for code, row in readings.claimed.dimensions.items():
        levels = (
            row.level,
            readings.evidenced.dimensions[code].level,
            readings.validated.dimensions[code].level,
        )
        ceiling = dash(row.sustained)
        bracket = f"({row.ring_fenced})" if row.ring_fenced != row.sustained else ""
        name, score = SPEC.dimension_by_code[code].short_name, dash(tenths(row.score))
        wanted.append(
            said(name, *map(dash, levels), ceiling, bracket, dash(row.effective_level), targets[code], score)
        )
        wanted.append(
            said(name, dash(row.level), ceiling, bracket, dash(row.effective_level), score,
                 dash(tenths(row.effective_score)))
        )  # fmt: skip
    claimed, held = readings.claimed, tenths(readings.claimed.held_back)
    without = tenths(claimed.index_without_ceilings)
    wanted += [
        f"{tenths(claimed.index)} of 100",
        f"{held} held back by the digital plant; {without} without ceilings",
        f"{tenths(readings.evidenced.index)} evidenced, {tenths(readings.validated.index)} validated",
        f"The ceilings hold back {held} points of the index: {tenths(claimed.index)} of 100, "
        f"{without} without them",
        f"Level {claimed.level} claimed, {readings.evidenced.level} evidenced, "
        f"{readings.validated.level} validated.",
    ]
    assert missing([plain(text) for text in wanted], words) == []


def test_every_ceiling_of_the_crosswalk(words):
    wanted = []
    for level in SPEC.dpmm.levels:
        cells = []
        for code in SPEC.dimension_by_code:
            row = SPEC.ceilings[level.level, code]
            cells += [row.sustained, f"({row.ring_fenced})" if row.ring_fenced != row.sustained else ""]
        wanted.append(said(level.level, level.name, *cells))
    assert missing(wanted, words) == []


def test_every_verdict_with_its_blockers(drawn, words):
    wanted = []
    verdicts = {"ready": "Ready", "ready_bounded": "Ready, bounded", "near": "Near", "premature": "Premature"}
    for use in SPEC.use_cases:
        row = use_row(SPEC, drawn.results, use, use.code in RECORD.use_cases)
        cells = [f"{dash(cell.have)} of {cell.need}" if cell.is_short else cell.need for cell in row.cells]
        short = ", ".join(f"{question.code} {dash(have)} of {need}" for question, have, need in row.questions)
        tags = ["chosen" if row.chosen else "", "one step away" if row.last_step else ""]
        wanted.append(said(use.name, use.code, *tags, short, use.impact_class, *cells))
    for verdict, name in verdicts.items():
        n = sum(row.verdict == verdict for row in drawn.results.use_cases.values())
        if n:
            wanted.append(f"{name} {n} use")
    assert missing(wanted, words) == []


def test_every_use_that_is_one_step_away():
    answers = tuple(answer_record(code, 4, grade="E2") for code in SPEC.questions)
    page, results = printed(make_record(answers=answers, dpmm=DpmmRecord("assessed", 3, "", "", "")))
    rows = [use_row(SPEC, results, use, chosen=False) for use in SPEC.use_cases]
    marked = re.findall(r'<span class="code">(\w+)</span>(?: <span[^>]*>chosen</span>)?'
                        r' <span class="tag">one step away</span>', page)  # fmt: skip
    assert sorted(marked) == sorted(row.use_case.code for row in rows if row.last_step)
    assert marked


def test_every_gap_with_its_priority(drawn, words):
    rows = gap_rows(SPEC, RECORD.use_cases, drawn.results)
    assert len(rows) > 20
    assert {row.is_firm for row in rows} == {True, False}
    wanted = []
    for row in rows:
        marks = ["gate" if row.question.gate else ""]
        critical = ["critical to " + "; ".join(row.uses)] if row.uses else []
        marks.append(". ".join(critical + ["Target met; would make it firm"] * row.is_firm))
        reach = "" if row.is_closed else f"raised to {row.action.to_level} of {row.gap.target} by"
        closed = said(reach, row.action.title, row.action.code)
        wanted.append(
            said(row.rank, row.question.title, row.question.code, *marks, row.question.weight,
                 row.gap.have, "→", row.gap.target, closed, row.gap.priority)
        )  # fmt: skip
    assert missing(wanted, words) == []


def test_every_action_with_its_weeks_and_every_point_of_the_projection(drawn, words):
    wanted = []
    for step in drawn.results.roadmap.actions:
        action = SPEC.action_by_code[step.action]
        first, last = START + timedelta(weeks=step.start), START + timedelta(weeks=step.end, days=-1)
        wanted.append(
            said(action.title, f"{action.code}, effort {action.effort}, {action.owner}",
                 f"weeks {step.start + 1}–{step.end}, {first:%-d %b %Y} to {last:%-d %b %Y}")
        )  # fmt: skip
        wanted.append(said(action.task, "Deliverable:", action.deliverable))
    for point in drawn.results.roadmap.projection:
        day = START + timedelta(weeks=point.week, days=-1)  # the last day of that week
        wanted.append(said(point.week, f"{day:%-d %B %Y}", dash(whole(point.index)), dash(point.level)))
        wanted += [said(SPEC.use_case_by_code[code].name) for code in point.verdicts]
    for task in drawn.results.roadmap.anchor_tasks:
        question = SPEC.questions[task.question]
        wanted.append(said(question.title, question.code, task.from_level, "→", task.to_level))
    assert missing(wanted, words) == []


def hangs_on(page: str) -> str:
    """The part on what the result hangs on, without its marks."""
    (part,) = re.findall(r'<section class="on" id="hangs-on">(.*?)</section>', page, re.DOTALL)
    return plain(unescape(re.sub(r"<[^>]*>", " ", part)))


@pytest.mark.parametrize(
    ("directions", "heading"),
    [
        (["down", "down", "up"], "2 answers carry the result, 1 would lift it"),
        (["down"], "1 answer carries the result"),
        (["up", "up"], "No single answer carries the result; 2 would lift it"),
        ([], "No single answer, one level lower or higher, would change a level or a verdict"),
    ],
)
def test_what_the_result_hangs_on_is_counted_as_its_table_lists_it(drawn, directions, heading):
    rows = {
        way: [row for row in drawn.results.load_bearing if row.direction == way] for way in ("down", "up")
    }
    held = tuple(rows[way].pop() for way in directions)
    document = build_document(SPEC, RECORD, replace(drawn.results, load_bearing=held), digest=DIGEST)
    words = hangs_on(render_to_string("reports/pdf/report.html", {"document": document, "paper": "A4"}))
    top, _, below = words.partition(" contradictions")
    assert top.startswith(plain(heading))
    listed = [len(re.findall(f" one {way} (?:–|level) ", top)) for way in ("lower", "higher")]
    assert listed == [directions.count("down"), directions.count("up")]
    assert "one level" not in below


def test_every_contradiction_with_the_levels_of_its_answers(drawn):
    levels = {row.question: row for row in RECORD.answers}
    wanted = []
    for flag in contradictions(SPEC, drawn.results):
        named = []
        for question in flag["questions"]:
            answer = levels[question.code]
            stands = {"unknown": "don’t know", "not_applicable": "not applicable"}
            at = stands.get(answer.state, f"at {answer.level}")
            named.append(f"{question.title} ({question.code}) {at}")
        wanted.append(said(flag["text"], "; ".join(named)))
    assert wanted
    assert missing(wanted, hangs_on(drawn.html).replace(" ;", ";").replace("( ", "(")) == []


def typed() -> Iterator[str]:
    """Every text of a record that a person wrote."""
    review = RECORD.review
    yield from (
        RECORD.organisation,
        RECORD.site,
        RECORD.place,
        RECORD.title,
        RECORD.scope,
        RECORD.submitted_by,
    )
    yield from (name for name, _ in RECORD.people)
    yield from (RECORD.dpmm.tool, RECORD.dpmm.by)
    for row in RECORD.answers:
        yield from (row.reason, row.comment, row.evidence_note, row.answered_by)
    yield from (review.consultancy, review.statement, review.finished_by, *review.reviewers)
    for decision in review.decisions:
        yield from (decision.reason, decision.pointer, decision.decided_by)
    for inquiry in review.inquiries:
        yield from (inquiry.text, inquiry.reply, inquiry.asked_by, inquiry.replied_by)
    for stance in STANCES:
        yield from (stance.text, stance.by)


def test_every_typed_text(words):
    texts = {plain(text) for text in typed() if text}
    assert len(texts) > 100
    assert missing(sorted(texts), words) == []


def structure(element: Any) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    found = element.get_object()
    if isinstance(found, list):
        for child in found:
            yield from structure(child)
    elif hasattr(found, "get"):
        if "/S" in found:
            yield found
        if "/K" in found:
            yield from structure(found["/K"])


def test_every_alternative_text(drawn):
    root: Any = PdfReader(io.BytesIO(drawn.content)).trailer["/Root"]
    figures = [row for row in structure(root["/StructTreeRoot"]) if row["/S"] == "/Figure"]
    kept = [plain(str(row.get("/Alt", ""))) for row in figures]
    titles = [plain(unescape(text)) for text in re.findall(r"<svg[^>]*><title>(.*?)</title>", drawn.html)]
    assert len(titles) > 30
    assert all(kept)
    assert sorted(kept) == sorted(titles)
