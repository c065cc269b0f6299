"""How far a plan raises each gap question, by worked example, and the actions that start too early for it."""

from __future__ import annotations

import pytest

from assessments.charts.planning import gap_rows, plan_row
from assessments.charts.raising import starts_early
from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DpmmStatement, Inputs, PlanSettings
from assessments.templatetags.said.actions import early
from reports.exports.words import closed_by, work
from tests.engine_builders import all_at, make_action, make_dimension, make_framework, make_question

AB = make_dimension("D1", [make_question(f"D1-{letter}") for letter in "AB"])


def planned(actions, level=0, target=4, capacity=4):
    """The framework and its results: D1 of A and B, both at one level below one target."""
    spec = make_framework([AB], actions=actions, proxies=["D5-A"])
    replies = all_at(spec, 5, D1_A=level, D1_B=level)
    plan = PlanSettings(capacity=capacity)
    return spec, evaluate(
        spec, Inputs(replies, DpmmStatement(5, "assessed"), targets={"D1": target}, plan=plan)
    )


def row_of(spec, found, code):
    return next(row for row in gap_rows(spec, (), found) if row.question.code == code)


def plan_of(spec, found):
    return {step.action: plan_row(spec, found, step, None) for step in found.roadmap.actions}


@pytest.mark.parametrize(
    ("actions", "action", "steps", "expected"),
    [
        # What reaches the target ends before what does not.
        ([("A-1", (3, 4), 2), ("A-2", (0, 3), 9)], "A-1", 0, "A-1"),
        # Of two that reach it the first to end.
        ([("A-1", (0, 4), 9), ("A-2", (1, 5), 2)], "A-2", 0, "A-2"),
        ([("A-1", (0, 3), 2), ("A-2", (0, 2), 9)], "A-1", 1,
         "raised to 3 of 4 by A-1; 1 step without an action of its own"),
        ([("A-1", (1, 4), 2)], "A-1", 1, "A-1; 1 step without an action of its own"),
        ([], None, 4, "4 steps without an action of their own"),
    ],
)  # fmt: skip
def test_a_gap_names_what_closes_it_or_goes_furthest(actions, action, steps, expected):
    made = [make_action(code, ["D1-A"], levels, (weeks, weeks)) for code, levels, weeks in actions]
    spec, found = planned(made)
    row = row_of(spec, found, "D1-A")
    assert (row.action and row.action.code, row.steps) == (action, steps)
    assert row.is_closed == (action is not None and "raised" not in expected)
    assert closed_by(row) == expected


def test_an_action_says_how_far_it_goes_and_what_waits_for_it():
    rows = plan_of(
        *planned(
            [
                make_action("A-1", ["D1-A", "D1-B"], (0, 2)),
                make_action("A-2", ["D1-A"], (2, 5), prerequisites=["A-1"]),
                make_action("A-3", ["D1-B"], (2, 4), prerequisites=["A-1"]),
                make_action("A-4", ["D5-A"], (0, 5), prerequisites=["A-1"]),  # in no plan
            ]
        )
    )
    told = {code: [work(each) for each in row["works"]] for code, row in rows.items()}
    assert told == {
        "A-1": ["D1-A to 2 of 4", "D1-B to 2 of 4"],
        "A-2": ["D1-A to 4 of 4"],  # it goes to 5, the target is 4
        "A-3": ["D1-B to 4 of 4"],
    }
    enables = {code: [other.code for other in row["enables"]] for code, row in rows.items()}
    assert enables == {"A-1": ["A-2", "A-3"], "A-2": [], "A-3": []}


def early_of(actions, **given):
    spec, found = planned(actions, **given)
    return [early(row) for step in found.roadmap.actions for row in starts_early(spec, found, step)]


def test_an_action_that_starts_above_its_question_names_what_comes_late():
    late = [make_action("A-1", ["D1-A"], (0, 2), (9, 9), effort="L"), make_action("A-2", ["D1-A"], (3, 4))]
    between = make_action("A-3", ["D1-A"], (2, 3), (9, 9), effort="L")
    words = (
        "Starts from level 3 of D1-A, which the plan has at {} then:"
        " bring {} forward or start this one later."
    )
    assert early_of(late) == [words.format(0, "A-1")]
    assert early_of([*late, between]) == [
        words.format(0, "A-1 and A-3"),
        "Starts from level 2 of D1-A, which the plan has at 0 then:"
        " bring A-1 forward or start this one later.",
    ]
    assert early_of([*late, between], level=2) == [words.format(2, "A-3")], "A-1 raises nothing any more"


def test_an_action_is_not_early_once_what_leads_to_it_has_ended():
    first = make_action("A-1", ["D1-A"], (0, 3))
    assert early_of([first, make_action("A-2", ["D1-A"], (3, 4), prerequisites=["A-1"])]) == []
    assert early_of([first, make_action("A-2", ["D1-A"], (3, 4))], capacity=1) == []


def test_steps_without_an_action_make_no_action_early():
    assert early_of([make_action("A-1", ["D1-A"], (3, 4))]) == []


def test_what_raises_a_question_without_a_gap_is_not_early():
    # B stands at its target; only A is served.
    spec = make_framework(
        [AB], actions=[make_action("A-1", ["D1-A", "D1-B"], (2, 4)), make_action("A-2", ["D1-B"], (0, 2))],
        proxies=["D5-A"],
    )  # fmt: skip
    replies = all_at(spec, 5, D1_A=2, D1_B=3)
    found = evaluate(spec, Inputs(replies, DpmmStatement(5, "assessed"), targets={"D1": 3}))
    assert [starts_early(spec, found, step) for step in found.roadmap.actions] == [()]
