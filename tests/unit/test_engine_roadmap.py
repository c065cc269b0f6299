"""Roadmaps by worked example (Method, section 8)."""

from fractions import Fraction

import pytest

from assessments.engine.evaluate import evaluate
from assessments.engine.roadmap import wave_of
from assessments.engine.schedule import Task, by_rank, critical_path, prerequisites_first, schedule
from assessments.engine.shapes import (
    AnchorTask,
    DpmmStatement,
    Inputs,
    PlanSettings,
    ProjectionPoint,
    Roadmap,
    Step,
    Unknown,
)
from tests.engine_builders import (
    NOT_HERE,
    all_at,
    make_action,
    make_dimension,
    make_framework,
    make_question,
    make_use_case,
)

PLANT_5 = DpmmStatement(5, "assessed")
ABC = make_dimension("D1", [make_question(f"D1-{letter}") for letter in "ABC"])


def planned(actions, replies=None, targets=None, plan=None, level=1, **changes):
    """The roadmap with D1 made of A, B and C, target 3 for D1, everything at level 1, a plant of level 5."""
    spec = make_framework([ABC], actions=actions, proxies=["D5-A"])
    inputs = Inputs(
        replies or all_at(spec, level, **changes),
        PLANT_5,
        targets=targets or {"D1": 3},
        plan=plan or PlanSettings(),
    )
    return evaluate(spec, inputs).roadmap


def chosen(roadmap):
    return {step.action: step.because for step in roadmap.actions}


# --- 8.1 Choose ---


def test_action_serves_a_gap_that_it_begins_below_and_ends_above():
    # A, B and C go from 1 to 3; B is not answered.
    actions = [
        make_action("A-1", ["D1-A"], (0, 1)),  # ends where the question stands
        make_action("A-2", ["D1-A"], (0, 2)),
        make_action("A-3", ["D1-A"], (2, 5)),
        make_action("A-4", ["D1-A"], (3, 4)),  # begins at the target
        make_action("A-5", ["D1-B"], (0, 5)),  # no gap is known there
        make_action("A-6", ["D2-A"], (0, 5)),  # no target there
        make_action("A-7", ["D2-A", "D1-C", "D1-A"], (1, 2)),
    ]
    roadmap = planned(actions, D1_B=None)
    assert chosen(roadmap) == {"A-2": ("D1-A",), "A-3": ("D1-A",), "A-7": ("D1-A", "D1-C")}
    assert roadmap.waived == ()


def test_prerequisites_are_chosen_recursively_and_say_what_waits_for_them():
    actions = [
        make_action("A-1", ["D2-A"], (0, 2)),
        make_action("A-2", ["D3-A"], (0, 2), prerequisites=["A-1"]),
        make_action("A-4", ["D1-A"], (1, 3), prerequisites=["A-2"]),
        make_action("A-3", ["D1-B"], (1, 3), prerequisites=["A-2", "A-1"]),
        make_action("A-5", ["D5-A"], (0, 5), prerequisites=["A-4"]),  # nothing needs it
    ]
    roadmap = planned(actions)
    assert chosen(roadmap) == {
        "A-1": ("A-2", "A-3"),
        "A-2": ("A-3", "A-4"),
        "A-3": ("D1-B",),
        "A-4": ("D1-A",),
    }


def test_prerequisite_is_waived_where_all_that_it_raises_is_there_or_not_applicable():
    actions = [
        make_action("A-1", ["D2-A", "D3-A"], (0, 1)),  # D2-A is at 1, D3-A not applicable
        make_action("A-2", ["D2-A", "D4-A"], (0, 1)),  # D4-A is unanswered, so not waived
        make_action("A-3", ["D5-A"], (0, 2)),  # D5-A is at 1 alone, so not waived
        make_action("A-4", ["D1-A"], (1, 3), prerequisites=["A-3", "A-2", "A-1"]),
    ]
    roadmap = planned(actions, D3_A=NOT_HERE, D4_A=None)
    assert chosen(roadmap) == {"A-2": ("A-4",), "A-3": ("A-4",), "A-4": ("D1-A",)}
    assert roadmap.waived == ("A-1",)


def test_nothing_is_looked_up_behind_a_waived_prerequisite():
    actions = [
        make_action("A-1", ["D5-A"], (0, 5)),
        make_action("A-3", ["D2-A"], (0, 1), prerequisites=["A-1"]),
        make_action("A-2", ["D3-A"], (0, 1)),
        make_action("A-4", ["D1-A"], (1, 3), prerequisites=["A-3", "A-2"]),
    ]
    roadmap = planned(actions)
    assert chosen(roadmap) == {"A-4": ("D1-A",)}
    assert roadmap.waived == ("A-2", "A-3")


def test_unknown_answer_does_not_waive():
    actions = [
        make_action("A-1", ["D2-A"], (0, 1)),
        make_action("A-2", ["D1-A"], (1, 3), prerequisites=["A-1"]),
    ]
    assert planned(actions, D2_A=Unknown()).waived == ()


# --- 8.2 Anchor tasks ---


def test_steps_that_no_chosen_action_covers_become_anchor_tasks_ordered_as_the_gaps():
    actions = [
        make_action("A-1", ["D1-A"], (0, 1)),  # serves nothing, covers nothing
        make_action("A-2", ["D1-A"], (1, 2)),
        make_action("A-3", ["D1-C"], (3, 5)),
    ]
    # Targets: 4. B is unknown, so its gap of 4 comes first; then A and C, 3 each.
    roadmap = planned(actions, targets={"D1": 4}, D1_B=Unknown())
    assert roadmap.anchor_tasks == (
        AnchorTask("D1-B", 0, 1),
        AnchorTask("D1-B", 1, 2),
        AnchorTask("D1-B", 2, 3),
        AnchorTask("D1-B", 3, 4),
        AnchorTask("D1-A", 2, 3),
        AnchorTask("D1-A", 3, 4),
        AnchorTask("D1-C", 1, 2),
        AnchorTask("D1-C", 2, 3),
    )


def test_action_chosen_as_a_prerequisite_covers_steps_too():
    actions = [
        make_action("A-1", ["D1-B", "D1-A"], (0, 2)),
        make_action("A-2", ["D1-A"], (2, 3), prerequisites=["A-1"]),
    ]
    assert planned(actions, D1_C=3).anchor_tasks == (AnchorTask("D1-B", 2, 3),)


# --- 8.3 Value and rate ---


def test_rate_is_what_an_action_serves_and_the_best_that_waits_for_it_per_day_of_effort():
    # Each of A, B, C has a gap of 2 and a priority of 2.
    actions = [
        make_action("A-1", ["D2-A"], (0, 2), effort="L"),
        make_action("A-2", ["D1-A"], (1, 3), effort="M", prerequisites=["A-1"]),
        make_action("A-3", ["D1-A", "D1-B", "D1-C"], (1, 2), effort="S", prerequisites=["A-1"]),
        make_action("A-4", ["D1-B", "D1-C"], (2, 3), effort="S", prerequisites=["A-2"]),
    ]
    # 4. A-3: 6. A-2: 2 + 4. A-1: 0 + the higher of 6 and 6.
    rates = {step.action: step.rate for step in planned(actions).actions}
    assert rates == {
        "A-1": Fraction(6, 90),
        "A-2": Fraction(6, 40),
        "A-3": Fraction(6, 10),
        "A-4": Fraction(4, 10),
    }


# --- 8.4 Schedule ---


def tasks_of(*given):
    """(code, weeks, rate, prerequisites…)"""
    return by_rank(Task(code, weeks, Fraction(rate), tuple(before)) for code, weeks, rate, *before in given)


def test_higher_rate_starts_first_and_then_the_code():
    tasks = tasks_of(("A-1", 2, 1), ("A-2", 2, 3), ("A-3", 2, 3))
    assert schedule(tasks, 1, ()) == {"A-2": 0, "A-3": 2, "A-1": 4}


def test_place_is_free_and_what_waits_may_start_in_the_week_of_the_end():
    tasks = tasks_of(("A-1", 3, 5), ("A-2", 1, 1), ("A-3", 2, 9, "A-1"), ("A-4", 1, 0))
    # Two places: in week 0; A-2 ends in week 1 and A-4 takes its place; A-3 waits for week 3.
    assert schedule(tasks, 2, ()) == {"A-1": 0, "A-2": 0, "A-4": 1, "A-3": 3}


def test_action_that_waits_keeps_no_place():
    tasks = tasks_of(("A-1", 4, 1), ("A-2", 4, 9, "A-1"), ("A-3", 4, 0))
    assert schedule(tasks, 2, ()) == {"A-1": 0, "A-3": 0, "A-2": 4}


def test_nothing_starts_in_a_blackout_week_but_what_runs_ends_there():
    tasks = tasks_of(("A-1", 2, 9), ("A-2", 1, 5, "A-1"), ("A-3", 5, 1))
    # Weeks 0, 2 and 3 are out: A-1 runs 1–3 and ends in week 3, A-2 may start in 4.
    assert schedule(tasks, 1, (3, 0, 2)) == {"A-1": 1, "A-2": 4, "A-3": 5}


def test_blackout_weeks_far_away_do_not_matter():
    assert schedule(tasks_of(("A-1", 2, 9)), 1, (10**15,)) == {"A-1": 0}


@pytest.mark.parametrize(("weeks", "end"), [((2, 4), 3), ((2, 5), 4), ((1, 1), 1), ((1, 2), 2)])
def test_duration_is_the_middle_rounded_up(weeks, end):
    steps = planned([make_action("A-1", ["D1-A"], (1, 3), weeks)]).actions
    assert [(step.start, step.end) for step in steps] == [(0, end)]


@pytest.mark.parametrize(
    ("start", "wave"),
    [
        (0, "first"),
        (12, "first"),
        (13, "second"),
        (51, "second"),
        (52, "third"),
        (103, "third"),
        (104, "later"),
    ],
)
def test_waves_by_start_week(start, wave):
    assert wave_of(start) == wave


# --- 8.6 Critical path ---


def test_critical_path_is_the_longest_chain_not_the_one_with_most_links():
    tasks = tasks_of(("A-1", 1, 0), ("A-2", 1, 0, "A-1"), ("A-3", 1, 0, "A-2"), ("A-4", 9, 0, "A-1"))
    assert critical_path(tasks) == ("A-1", "A-4")


def test_of_equal_chains_the_one_whose_codes_sort_first():
    tasks = tasks_of(
        ("A-1", 2, 0),
        ("A-2", 2, 0),
        ("A-5", 3, 0, "A-1"),
        ("A-4", 3, 0, "A-2", "A-1"),
        ("A-3", 3, 0, "A-2"),
    )
    assert critical_path(tasks) == ("A-1", "A-4")
    assert critical_path([]) == ()


def test_order_of_prerequisites_needs_no_recursion():
    chain = {f"A-{number:04}": [f"A-{number - 1:04}"] if number else [] for number in range(3000)}
    assert prerequisites_first(dict(reversed(chain.items()))) == list(chain)


# --- 8.7 Projection, and the whole ---


def test_whole_roadmap_with_a_derived_plant_level():
    """Three dimensions count; D1-A, D2-A and D3-A are proxies, at 1, 2 and 3: the plant is derived as 2."""
    spec = make_framework(
        [make_dimension("D1", [make_question("D1-A"), make_question("D1-B")])],
        use_cases=[make_use_case("UC1", {"D1": 2, "D2": 2}, {"D1-B": 3}, bounded=2, site_wide=3)],
        actions=[
            make_action("A-1", ["D1-A"], (1, 4), (2, 4)),
            make_action("A-2", ["D2-A"], (2, 4), (5, 5), effort="M", prerequisites=["A-1"]),
            make_action("A-3", ["D1-B", "D4-A"], (1, 2), (3, 3)),
        ],
        proxies=["D1-A", "D2-A", "D3-A"],
    )
    replies = all_at(spec, 3, D1_A=1, D2_A=2, D1_B=1, D4_A=None, D5_A=NOT_HERE)
    results = evaluate(spec, Inputs(replies, targets={"D1": 3, "D2": 3}))
    # Today: D1 is 1, D2 is 2, D3 is 3 lowered to 2, D4 is unanswered, D5 left out. UC1: D1 is short by one,
    # D1-B by two: premature.
    assert results.use_cases["UC1"].verdict == "premature"
    # Gaps: D1-A 2, D1-B 2, D2-A 1, priorities the same. A-1: 2 and 1 that waits, 3/10; A-3: 2/10; A-2: 1/40.
    # A-1 takes 3 weeks, A-3 takes 3, A-2 takes 5. A-3 covers step 2 of D1-B; step 3 is left.
    # Week 3: D1-A 4 and D1-B 2, so D1 is 2 (half of the weight is at 4), score 3. Derived: median of 4, 2, 3
    # is 3. Effective scores under 3: D1 3, D2 2, D3 3: 100·8/15. D4 has no level, so the whole has none.
    # UC1: D1 and D2 are at 2, D1-B is short by one: near. D4-A is not scored, so it is not raised.
    # Week 8: D2-A 4. Derived: median of 4, 4, 3 is 4; effective D1 3, D2 4, D3 3: 100·10/15.
    assert results.roadmap == Roadmap(
        actions=(
            Step("A-1", 0, 3, "first", Fraction(3, 10), ("D1-A",)),
            Step("A-3", 0, 3, "first", Fraction(2, 10), ("D1-B",)),
            Step("A-2", 3, 8, "first", Fraction(1, 40), ("D2-A",)),
        ),
        anchor_tasks=(AnchorTask("D1-B", 2, 3),),
        waived=(),
        critical_path=("A-1", "A-2"),
        projection=(
            ProjectionPoint(3, Fraction(160, 3), None, {"UC1": "near"}),
            ProjectionPoint(8, Fraction(200, 3), None, {}),
        ),
    )


@pytest.mark.parametrize(
    ("held", "level_before", "expected"),
    [
        (2, 1, 4),  # derived 1 → 4: 2 + 3, but not above 4
        (1, 2, 3),  # derived 2 → 4: 1 + 2
        (5, 1, 5),  # what is held stays, 4 is no ceiling to it
        (3, 0, 4),  # derived 0, clamped to 1 → 4
        (3, 4, 3),  # derived 4 already: nothing rises
    ],
)
def test_stated_plant_level_rises_by_what_the_derived_one_rises(held, level_before, expected):
    spec = make_framework(actions=[make_action("A-1", ["D1-A"]), make_action("A-2", ["D2-A"])])
    replies = all_at(spec, 5, D1_A=level_before, D2_A=4)
    results = evaluate(spec, Inputs(replies, DpmmStatement(held, "assessed"), targets={"D1": 5, "D2": 5}))
    # Both end in week 2; a plant of level n sustains n, so the level is that of the plant.
    assert [(point.week, point.level) for point in results.roadmap.projection] == [(2, expected)]


def test_without_a_derived_level_the_plant_stays_as_held():
    spec = make_framework(actions=[make_action("A-1", ["D1-A"])], proxies=["D1-A", "D2-A", "D3-A"])
    inputs = Inputs(all_at(spec, 5, D1_A=1, D2_A=NOT_HERE), DpmmStatement(2, "assessed"), targets={"D1": 5})
    assert evaluate(spec, inputs).roadmap.projection == (ProjectionPoint(2, Fraction(40), 2, {}),)
    without = evaluate(spec, Inputs(inputs.replies, None, targets={"D1": 5}))
    assert without.roadmap.projection == (ProjectionPoint(2, Fraction(100), 5, {}),)


def test_verdicts_of_use_cases_that_were_not_chosen_are_projected_too():
    cases = [
        make_use_case("UC1", {"D1": 3}),
        make_use_case("UC2", {"D1": 5}),
        make_use_case("UC3", {"D2": 5}),
    ]
    spec = make_framework(
        use_cases=cases,
        actions=[make_action("A-1", ["D1-A"], (1, 3), (4, 4)), make_action("A-2", ["D1-A"], (3, 5), (6, 6))],
        proxies=["D5-A"],
    )
    inputs = Inputs(all_at(spec, 1), PLANT_5, use_cases=("UC2",))
    projection = evaluate(spec, inputs).roadmap.projection
    # D1 is raised to 3, then to 5; the four others stay at 1: 100·(3 + 4)/25, 100·(5 + 4)/25.
    assert projection == (
        ProjectionPoint(4, Fraction(28), 1, {"UC1": "ready"}),
        ProjectionPoint(6, Fraction(36), 1, {"UC2": "ready"}),
    )


def test_action_that_ends_without_raising_anything_is_still_a_point():
    spec = make_framework(
        actions=[
            make_action("A-1", ["D2-A"], (0, 2), (3, 3)),  # D2-A is unanswered
            make_action("A-2", ["D1-A"], (1, 2), (1, 1), prerequisites=["A-1"]),
        ],
    )
    inputs = Inputs(all_at(spec, 1, D2_A=None), PLANT_5, targets={"D1": 2})
    # Four dimensions are scored: 100·4/20, then 100·5/20.
    assert evaluate(spec, inputs).roadmap.projection == (
        ProjectionPoint(3, Fraction(20), None, {}),
        ProjectionPoint(4, Fraction(25), None, {}),
    )
