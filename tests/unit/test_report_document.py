"""What a report prints, decided without Django: codes, sums, order, times and drawings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from assessments.charts.rules import findings_of
from assessments.engine.display import tenths, whole
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord, PlanRecord
from reports.document import build_document
from reports.document.drawing import Sheet, n
from reports.document.reviewing import wall_time
from reports.document.shapes import RoleEffort
from reports.document.stairs import PLAIN
from reports.document.summary import chosen_findings, seal, told
from tests.builders import bami_spec
from tests.records import answer_record, make_record, open_record

SPEC = bami_spec()


def build(record):
    results = evaluate(SPEC, record.inputs())
    return build_document(SPEC, record, results, digest="4c1e90ab77f2" + "0" * 52), results


@pytest.fixture(scope="module")
def plain():
    return build(make_record())


def test_a_draft_is_one_until_it_is_submitted(plain):
    document, _ = plain
    assert document.facts.is_draft
    submitted = build(make_record(submitted_at="2026-12-02T10:00:00+00:00"))[0].facts
    assert not submitted.is_draft
    assert submitted.submitted_at == datetime(2026, 12, 2, 11, 0)  # noqa: DTZ001  # wall time of the site


def test_the_seal_is_the_digest_in_groups():
    assert seal("sha256:4c1e90ab77f2" + "0" * 52) == "4c1e 90ab 77f2"


def test_times_are_those_of_the_site():
    assert wall_time("2026-11-30T23:30:00+00:00", "Europe/Copenhagen").date() == date(2026, 12, 1)
    assert wall_time("2026-11-30T23:30:00+00:00", "Nowhere/Land").date() == date(2026, 11, 30)
    assert wall_time("", "Europe/Copenhagen") is None


def test_numbers_are_those_of_the_results(plain):
    document, results = plain
    claimed = results.readings.claimed
    head = document.summary.headline
    assert (head["bar"].index, head["bar"].held_back) == (whole(claimed.index), whole(claimed.held_back))
    for entry in document.profile:
        score = claimed.dimensions[entry.dimension.code]
        assert (entry.row.claimed, entry.row.counts) == (score.level, score.effective_level)
        assert entry.row.score == tenths(score.score)
        assert entry.claimed_text == entry.dimension.headlines[score.level]


def test_grades_are_counted_by_dimension():
    answers = [answer_record(code, grade="E2" if code == "D1-INV" else "") for code in SPEC.questions]
    grades = build(make_record(answers=tuple(answers)))[0].ground.grades
    assert {row.grade.grade: row.total for row in grades} == {"E0": 49, "E1": 0, "E2": 1, "E3": 0}
    assert next(row.counts for row in grades if row.grade.grade == "E2") == (1, 0, 0, 0, 0)


def test_every_question_is_counted_once_beside_the_grades():
    answers = [answer_record(code, grade="E1") for code in SPEC.questions]
    places = {row.question: place for place, row in enumerate(answers)}
    reason = "Nothing of this kind is made here."
    answers[places["D3-SCL"]] = answer_record("D3-SCL", None, state="not_applicable", grade="", reason=reason)
    for code in ("D5-INC", "D5-LAW"):
        answers[places[code]] = answer_record(code, None, state="unknown", grade="")
    found = build(make_record(answers=tuple(answers)))[0].ground
    assert {row.state: row.counts for row in found.ungraded} == {
        "unknown": (0, 0, 0, 0, 2),
        "not_applicable": (0, 0, 1, 0, 0),
    }
    assert sum(row.total for row in (*found.grades, *found.ungraded)) == found.asked.total == 50
    assert found.asked.counts == tuple(len(dimension.questions) for dimension in SPEC.dimensions)


def test_lowered_claims_come_with_their_chain(plain):
    document, results = plain
    lowered = {
        code for code, row in results.readings.claimed.dimensions.items() if row.level != row.effective_level
    }
    assert {why.dimension.code for why in document.plant.lowered} == lowered
    assert lowered
    assert [row.is_here for row in document.plant.rows].count(True) == 1


def test_gaps_keep_their_order_and_every_action_its_sheet(plain):
    document, results = plain
    assert [row.gap for row in document.gaps] == list(results.gaps.questions)
    sheets = [row["action"].code for wave in document.plan.waves for row in wave["rows"]]
    assert sorted(sheets) == sorted(step.action for step in results.roadmap.actions)
    bars = [label.text for chart in document.plan.charts for label in chart.labels]
    assert all(code.removeprefix("A-") in bars for code in sheets)
    assert document.plan.blackouts == (6, 7)


def test_effort_is_counted_to_the_role_that_leads():
    every_use = tuple(use.code for use in SPEC.use_cases)
    document, results = build(make_record(use_cases=every_use))
    steps, actions = results.roadmap.actions, SPEC.action_by_code
    assert any(len(actions[step.action].roles) > 1 for step in steps)
    expected = []
    for role in SPEC.roles:
        led = [step for step in steps if actions[step.action].roles[0] == role.code]
        if led:
            sizes = [actions[step.action].effort for step in led]
            first, last = min(step.start for step in led) + 1, max(step.end for step in led)
            counts = tuple((size, sizes.count(size)) for size in "SML")
            expected.append(RoleEffort(role.name, len(led), counts, first, last))
    assert document.plan.efforts == tuple(expected)
    sizes = [actions[step.action].effort for step in steps]
    counts = tuple((size, sizes.count(size)) for size in "SML")
    whole = RoleEffort("", len(steps), counts, 1, max(step.end for step in steps))
    assert document.plan.whole_effort == whole
    assert sum(row.actions for row in document.plan.efforts) == whole.actions


def test_findings_lead_to_sections_that_are_there(plain):
    document, _ = plain
    parts = {f"part-{code}" for code in SPEC.dimension_by_code}
    pages = {"profile", "ground", "contradictions", "hangs-on", "plant", "uses", "gaps", "roadmap"} | parts
    told = (*document.summary.findings, *document.summary.decisions)
    assert 1 <= len(document.summary.findings) <= 5
    assert 1 <= len(document.summary.decisions) <= 3
    assert {row.section for row in told} <= pages


def test_the_summary_tells_a_strength_last_and_each_dimension_that_sets_the_level():
    low = ("D2-VAL", "D5-ERS")
    answers = tuple(answer_record(code, 1 if code in low else 4, grade="E2") for code in SPEC.questions)
    stated = DpmmRecord("assessed", 5, "", "", "")
    record = make_record(answers=answers, dpmm=stated)
    results = evaluate(SPEC, record.inputs())
    rows = [told(row) for row in chosen_findings(findings_of(SPEC, record, results))]
    assert [row.finding.tone for row in rows].index("strength") == len(rows) - 1 == 4
    codes = [row.finding.code for row in rows]
    assert [row.section for row in rows if row.finding.code == "next_level"] == ["part-D2", "part-D5"]
    assert [code for code in codes if codes.count(code) > 1] == ["next_level", "next_level"]
    assert {row.finding.code: row.section for row in rows}["contradictions"] == "contradictions"
    held = next(row for row in findings_of(SPEC, record, results) if row.code == "next_level")
    assert told(held).section == f"part-{held.values['dimension']}"


def test_where_every_dimension_sets_the_level_each_is_told_and_what_is_open_first():
    answers = tuple(
        open_record(code) if place == 7 else answer_record(code, 1, grade="E2")
        for place, code in enumerate(SPEC.questions)
    )
    record = make_record(answers=answers, dpmm=DpmmRecord("assessed", 5, "", "", ""))
    told = chosen_findings(findings_of(SPEC, record, evaluate(SPEC, record.inputs())))
    assert [row.code for row in told] == ["incomplete", *["next_level"] * 5, "plant_carries"]
    least = [row.values["least"] for row in told if row.code == "next_level"]
    assert least == sorted(least, reverse=True)


@pytest.mark.parametrize(("unknown", "first"), [(12, "above_plant"), (13, "rests_on_unknown")])
def test_no_praise_comes_before_the_dont_knows_that_a_result_rests_on(unknown, first):
    """Of 50 replies, 12 are less than a quarter and 13 more; none is in D1."""
    codes = [code for code in SPEC.questions if not code.startswith("D1")][:unknown]
    answers = tuple(
        answer_record(code, None, state="unknown", grade="") if code in codes else answer_record(code)
        for code in SPEC.questions
    )
    record = make_record(answers=answers)
    told = chosen_findings(findings_of(SPEC, record, evaluate(SPEC, record.inputs())))
    assert told[0].code == first
    assert told[-1].code == "evidence_carries"


def test_neighbours_of_one_stroke_are_one_path():
    sheet = Sheet(100)
    sheet.line(0, 0, 9, 0)
    sheet.line(0, 5, 9, 5)
    sheet.line(0, 7, 9, 7, dash="1 2")
    sheet.box(0, 0, 4, 4, "#ffffff")
    sheet.box(4, 0, 4, 4, "#ffffff")
    shapes = sheet.finish(10).shapes
    assert [shape.d for shape in shapes[:2]] == ["M0 0L9 0M0 5L9 5", "M0 7L9 7"]
    assert len(shapes) == 4


@pytest.mark.parametrize("state", ["unanswered", "unknown", "not_applicable"])
@pytest.mark.parametrize("dpmm", [1, 2, 3, 4, 5])
def test_neither_word_nor_ceiling_runs_through_the_other(state, dpmm):
    answers = tuple(answer_record(code, None, state=state, grade="") for code in SPEC.questions)
    stated = DpmmRecord("estimated", dpmm, "", "", "")
    for part in build(make_record(answers=answers, dpmm=stated))[0].dimensions:
        shapes = part.stairs.shapes
        wall, heavy = max((place, shape.d) for place, shape in enumerate(shapes) if shape.width == 1.7)
        at = float(heavy.split()[0].removeprefix("M"))
        words = {
            place: re.fullmatch(r"M([\d.]+) [\d.]+H([\d.]+)V.*", shape.d)
            for place, shape in enumerate(shapes)
            if shape.fill == "#ffffff" and place > wall
        }
        assert len(words) == len(part.dimension.questions)
        for box in words.values():
            assert box is not None
            left, right = float(box[1]), float(box[2])
            assert not left - 0.8 < at < right + 0.8
            assert right <= PLAIN.at(5)


def test_without_answers_nothing_is_guessed():
    empty = tuple(open_record(code) for code in SPEC.questions)
    record = make_record(
        answers=empty, dpmm=DpmmRecord("", None, "", "", ""), use_cases=(), plan=PlanRecord("", 4, ())
    )
    document, _ = build(record)
    assert document.radar is None
    assert document.plan.projection is None
    assert document.plan.charts == ()
    assert document.plant.level is None
    decisions = [row.finding.code for row in document.summary.decisions]
    assert decisions == ["answer_rest", "state_plant", "no_targets"]
    assert document.summary.findings[0].finding.code == "no_plant"
    assert all(row.at is None and row.grade is None for part in document.answers for row in part.rows)


def test_a_long_answer_may_break_over_pages():
    answers = [answer_record(code, comment="x" * 4000 if code == "D1-INV" else "") for code in SPEC.questions]
    rows = build(make_record(answers=tuple(answers)))[0].answers[0].rows
    assert [row.is_long for row in rows] == [True] + [False] * 9


def test_the_same_input_gives_the_same_document(plain):
    assert build(make_record())[0] == plain[0]
    assert build(replace(make_record(), title="Another"))[0] != plain[0]


def test_drawings_stay_inside_their_sheet(plain):
    document, _ = plain
    drawings = [document.cover, document.summary.ladder, *document.plan.charts, document.plan.projection]
    drawings += [part.stairs for part in document.dimensions]
    for drawing in drawings:
        assert all(
            0 <= label.x <= drawing.width and 0 <= label.y <= drawing.height for label in drawing.labels
        )


def test_coordinates_are_short_and_boxes_of_no_size_are_not_drawn():
    assert (n(12.50), n(3.0), n(0.126)) == ("12.5", "3", "0.13")
    sheet = Sheet(10)
    sheet.box(0, 0, 0, 5, "#fff")
    sheet.hatch(0, 0, 0, 5)
    assert sheet.finish(5).shapes == ()
