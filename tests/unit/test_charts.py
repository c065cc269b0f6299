"""What pages draw and count, from an engine's results: gaps, turns of the plan, areas, evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from assessments.charts.findings import is_without_evidence
from assessments.charts.levels import area_means, lowest_areas, percent
from assessments.charts.planning import gap_rows, plan_totals, turns, verdicts_at_end
from assessments.charts.weeks import gantt, joined, projection
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from tests.builders import bami_spec
from tests.records import answer_record, make_record, open_record

SPEC = bami_spec()


@pytest.fixture(scope="module")
def record():
    return make_record(SPEC)


@pytest.fixture(scope="module")
def found(record):
    return evaluate(SPEC, record.inputs())


@pytest.mark.parametrize(
    ("level", "grade", "expected"),
    [(2, "E0", True), (2, "", True), (1, "", False), (2, "E1", False), (3, "E1", True), (None, "", False)],
)
def test_without_evidence_is_a_level_above_what_its_grade_carries(level, grade, expected):
    assert is_without_evidence(SPEC, level, grade) is expected


def test_gaps_name_the_chosen_uses_that_they_matter_to_and_what_closes_them(record, found):
    rows = gap_rows(SPEC, record.use_cases, found)
    assert [row.question.code for row in rows] == [gap.question for gap in found.gaps.questions]
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    names = {SPEC.use_case_by_code[code].name for code in record.use_cases}
    assert any(row.uses for row in rows)
    assert all(set(row.uses) <= names for row in rows)
    assert all(row.question.code in row.action.raises for row in rows if row.action)


def test_a_turn_is_where_the_level_or_the_verdict_on_a_chosen_use_changes(record, found):
    start_on = date(2027, 1, 11)
    rows = turns(SPEC, found, record.use_cases, start_on)
    weeks = [row["week"] for row in rows]
    assert weeks == sorted(set(weeks))
    level = found.readings.claimed.level
    for row in rows:
        assert row["uses"] or row["moved"] != level
        assert all(use.code in record.use_cases for use, _ in row["uses"])
        assert row["on"] == start_on + timedelta(weeks=row["week"], days=-1), "the last day of that week"
        level = row["level"]
    shown = {(use.code, verdict) for row in rows for use, verdict in row["uses"]}
    told = {
        (code, verdict)
        for point in found.roadmap.projection
        for code, verdict in point.verdicts.items()
        if code in record.use_cases
    }
    assert shown == told
    assert not turns(SPEC, found, (), None) or all(row["moved"] for row in turns(SPEC, found, (), None))


def test_the_plan_says_at_which_verdicts_it_leaves_the_chosen_uses():
    for dpmm, expected in ((2, {"ready_bounded": 2}), (4, {"ready": 2})):
        record = make_record(SPEC, dpmm=DpmmRecord("assessed", dpmm, "", "", ""))
        found = evaluate(SPEC, record.inputs())
        assert {found.use_cases[code].verdict for code in record.use_cases} == {"premature"}
        assert verdicts_at_end(found, record.use_cases) == expected
        assert not verdicts_at_end(found, ())


def test_the_bars_of_the_critical_path_are_joined_through_the_rows_between(found):
    chart = gantt(found, ())
    rows = joined(chart.rows, chart.weeks)
    places = {row.step.action: place for place, row in enumerate(rows)}
    path = found.roadmap.critical_path
    assert len(path) > 1
    for before, after in pairwise(path):
        x = percent(rows[places[before]].step.end, chart.weeks)
        assert (x, "50%", x, "100%") in rows[places[before]].elbows
        for place in range(places[before] + 1, places[after]):
            assert (x, "-1", x, "100%") in rows[place].elbows
        assert (x, "-1", x, "50%") in rows[places[after]].elbows
        assert (x, "50%", rows[places[after]].x, "50%") in rows[places[after]].elbows
    alone = joined([row for row in chart.rows if row.step.action != path[0]], chart.weeks)
    second = next(row for row in alone if row.step.action == path[1])
    assert all(line[3] != "50%" for line in second.elbows), "what it follows is not shown"


def test_the_projection_is_drawn_from_today_to_its_end(record, found):
    chart, totals = projection(found), plan_totals(found)
    today, last = chart.ends
    assert (today[0], today[2]) == ("0%", 0)
    assert (last[2], last[3]) == (totals["last_week"], totals["last_index"])
    assert chart.levels == (("160.0", 0), ("120.0", 25), ("80.0", 50), ("40.0", 75), ("0.0", 100))


def test_the_lowest_areas_are_named_and_drawn_on_the_whole_scale():
    low = make_record(
        SPEC,
        answers=tuple(
            answer_record(code, 0 if SPEC.questions[code].areas[0] == SPEC.areas[0].code else 3)
            for code in SPEC.questions
        ),
    )
    reading = evaluate(SPEC, low.inputs()).readings.claimed
    areas, mean = lowest_areas(SPEC, reading)
    assert [area.code for area in areas] == [SPEC.areas[0].code]
    assert (areas[0], mean) in [(area, mean) for area, mean, _ in area_means(SPEC, reading)]


def test_where_every_area_stands_alike_all_are_the_lowest(found):
    reading = found.readings.claimed
    assert lowest_areas(SPEC, reading) == (SPEC.areas, "2.0")
    assert {width for _, _, width in area_means(SPEC, reading)} == {"40%"}


def test_nothing_scored_has_no_lowest_area(record):
    empty = replace(record, answers=tuple(open_record(code) for code in SPEC.questions))
    reading = evaluate(SPEC, empty.inputs()).readings.claimed
    assert lowest_areas(SPEC, reading) == ((), None)
    assert {(mean, width) for _, mean, width in area_means(SPEC, reading)} == {(None, "0%")}
