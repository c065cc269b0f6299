"""Laws of gaps, roadmap and load-bearing answers, over generated frameworks and replies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.engine.evaluate import evaluate, evaluate_briefly
from assessments.engine.schedule import Task, by_rank, critical_path, schedule
from assessments.engine.shapes import (
    BriefResults,
    DpmmStatement,
    LevelReply,
    LoadBearing,
    NotApplicable,
    ProjectionPoint,
)
from frameworks.document.shapes import FrameworkSpec
from tests.engine_builders import raised, with_replies
from tests.property.engine_strategies import ALL_SCORED, PLANT_5, cases, laws, levels_of

# --- Gaps ---


@laws
@given(cases())
def test_a_question_has_a_gap_exactly_when_it_is_scored_below_its_own_target(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    expected = {}
    for code, level in levels_of(spec, inputs).items():
        dimension = spec.dimension_of[code]
        if dimension not in results.targets:
            continue
        targets = [results.targets[dimension]]
        for use_case in inputs.use_cases:
            held = spec.use_case_by_code[use_case]
            minima = {minimum.dimension: minimum.level for minimum in held.minima}
            targets += [
                minima[dimension] if named.level is None else named.level
                for named in held.critical
                if named.question == code
            ]
        if max(targets) > level:
            expected[code] = (level, max(targets), max(targets) - level)
    assert {gap.question: (gap.have, gap.target, gap.gap) for gap in results.gaps.questions} == expected
    ordered = [(-gap.priority, gap.question) for gap in results.gaps.questions]
    assert ordered == sorted(ordered)


@laws
@given(cases(ALL_SCORED, dpmm=PLANT_5, targets={}))
def test_closing_all_gaps_makes_every_chosen_use_case_ready(case):
    spec, inputs = case
    after = inputs
    for gap in evaluate(spec, inputs).gaps.questions:
        after = raised(after, gap.question, gap.target)
    verdicts = evaluate_briefly(spec, after).verdicts
    assert {verdicts[code] for code in inputs.use_cases} <= {"ready"}


# --- Roadmap ---


@laws
@given(cases())
def test_plan_keeps_prerequisites_capacity_and_blackout_weeks(case):
    spec, inputs = case
    roadmap = evaluate(spec, inputs).roadmap
    steps = {step.action: step for step in roadmap.actions}
    for code, step in steps.items():
        action = spec.action_by_code[code]
        assert step.end - step.start == -(-sum(action.weeks) // 2)
        assert step.start not in inputs.plan.blackout_weeks
        for before in action.prerequisites:
            assert before in roadmap.waived or steps[before].end <= step.start
    for week in {step.start for step in steps.values()}:
        running = [step for step in steps.values() if step.start <= week < step.end]
        assert len(running) <= inputs.plan.capacity
    ordered = [(step.start, -step.rate, step.action) for step in roadmap.actions]
    assert ordered == sorted(ordered)
    assert not set(roadmap.waived) & set(steps)


@laws
@given(cases())
def test_actions_are_chosen_waived_and_rated_as_defined(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    levels = levels_of(spec, inputs)
    gaps = {gap.question: gap for gap in results.gaps.questions}
    served = {
        action.code: [
            gaps[code]
            for code in action.raises
            if code in gaps and action.to_level > gaps[code].have and action.from_level < gaps[code].target
        ]
        for action in spec.actions
    }

    def is_waived(code: str) -> bool:
        action = spec.action_by_code[code]
        return all(
            isinstance(inputs.replies.get(question), NotApplicable)
            or (question in levels and levels[question] >= action.to_level)
            for question in action.raises
        )

    chosen = {code for code, gaps_served in served.items() if gaps_served}
    behind = {before for code in chosen for before in spec.action_by_code[code].prerequisites}
    while new := {code for code in behind if not is_waived(code)} - chosen:
        chosen |= new
        behind |= {before for code in new for before in spec.action_by_code[code].prerequisites}

    def waiting(code: str) -> list[str]:
        return sorted(other for other in chosen if code in spec.action_by_code[other].prerequisites)

    def value(code: str) -> int:
        return sum(gap.priority for gap in served[code]) + max(map(value, waiting(code)), default=0)

    days = {"S": 10, "M": 40, "L": 90}
    expected = {
        code: (
            Fraction(value(code), days[spec.action_by_code[code].effort]),
            tuple(sorted(gap.question for gap in served[code])) or tuple(waiting(code)),
        )
        for code in chosen
    }
    assert {step.action: (step.rate, step.because) for step in results.roadmap.actions} == expected
    assert results.roadmap.waived == tuple(sorted(behind - chosen))
    assert [(task.question, task.to_level) for task in results.roadmap.anchor_tasks] == [
        (gap.question, step)
        for gap in results.gaps.questions
        for step in range(gap.have + 1, gap.target + 1)
        if not any(
            gap.question in spec.action_by_code[code].raises
            and spec.action_by_code[code].from_level < step <= spec.action_by_code[code].to_level
            for code in chosen
        )
    ]


def week_by_week(tasks: list[Task], capacity: int, blackout: tuple[int, ...]) -> dict[str, int]:
    """The schedule as the method says it, one week after the other."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    week = 0
    while len(starts) < len(tasks):
        if week not in blackout:
            for task in sorted(tasks, key=lambda task: (-task.rate, task.code)):
                places = capacity - sum(end > week for end in ends.values())
                available = all(ends.get(code, week + 1) <= week for code in task.prerequisites)
                if task.code not in starts and available and places > 0:
                    starts[task.code] = week
                    ends[task.code] = week + task.weeks
        week += 1
    return starts


@st.composite
def task_lists(draw):
    tasks: list[Task] = []
    for number in draw(st.permutations(range(draw(st.integers(0, 7))))):
        before = [task.code for task in tasks]
        prerequisites = draw(st.lists(st.sampled_from(before), max_size=3, unique=True)) if before else []
        rate = Fraction(draw(st.integers(0, 4)), draw(st.integers(1, 3)))
        tasks.append(Task(f"A-{number}", draw(st.integers(1, 4)), rate, tuple(prerequisites)))
    return tasks


@laws
@given(task_lists(), st.integers(1, 3), st.lists(st.integers(0, 9), max_size=6))
def test_schedule_is_that_of_walking_week_by_week(tasks, capacity, blackout):
    assert schedule(by_rank(tasks), capacity, blackout) == week_by_week(tasks, capacity, tuple(blackout))


@laws
@given(task_lists())
def test_critical_path_is_the_best_of_all_chains(tasks):
    chains: list[tuple[Task, ...]] = [(task,) for task in tasks]
    for chain in chains:  # grows while it is walked
        chains += [(*chain, task) for task in tasks if chain[-1].code in task.prerequisites]
    best = min(
        ((-sum(task.weeks for task in chain), tuple(task.code for task in chain)) for chain in chains),
        default=(0, ()),
    )
    assert critical_path(tasks) == best[1]


def plainly_derived(spec: FrameworkSpec, levels: dict[str, int]) -> int | None:
    if not all(code in levels for code in spec.dpmm.proxies):
        return None
    ordered = sorted(levels[code] for code in spec.dpmm.proxies)
    return max(1, min(4, ordered[len(ordered) // 2]))


@laws
@given(cases())
def test_projection_is_a_plain_evaluation_of_the_raised_replies(case):
    spec, inputs = case
    results = evaluate(spec, inputs)
    levels = levels_of(spec, inputs)
    held = results.dpmm.level if results.dpmm else None
    derived_today = plainly_derived(spec, levels)
    before = results.verdicts
    points = []
    for week in sorted({step.end for step in results.roadmap.actions}):
        for step in results.roadmap.actions:
            action = spec.action_by_code[step.action]
            if step.end == week:
                for code in action.raises:
                    if code in levels:
                        levels[code] = max(levels[code], action.to_level)
        derived = plainly_derived(spec, levels)
        dpmm = held
        if held is not None and derived is not None and derived_today is not None:
            dpmm = min(held + derived - derived_today, max(4, held))
        replies = {**inputs.replies, **{code: LevelReply(level) for code, level in levels.items()}}
        stated = None if dpmm is None else DpmmStatement(dpmm, "assessed")
        brief = evaluate_briefly(spec, replace(with_replies(inputs, replies), dpmm=stated))
        changed = {code: verdict for code, verdict in brief.verdicts.items() if verdict != before[code]}
        before = dict(brief.verdicts)
        reading = brief.readings.claimed
        points.append(ProjectionPoint(week, reading.index, reading.level, changed))
    assert results.roadmap.projection == tuple(points)


# --- What the result hangs on ---


def outcome(brief: BriefResults) -> dict[str, object]:
    """What an answer can turn, in the order in which changes are told."""
    return (
        {"level": brief.readings.claimed.level}
        | {code: held.effective_level for code, held in brief.readings.claimed.dimensions.items()}
        | dict(brief.verdicts)
    )


@laws
@given(cases())
def test_load_bearing_answers_are_those_of_plain_re_evaluation(case):
    spec, inputs = case
    today = outcome(evaluate_briefly(spec, inputs))
    expected = []
    for question, level in sorted(levels_of(spec, inputs).items()):
        for direction, other in (("down", level - 1), ("up", level + 1)):
            if 0 <= other <= 5:
                after = outcome(evaluate_briefly(spec, raised(inputs, question, other)))
                changes = tuple(name for name in today if after[name] != today[name])
                expected += [LoadBearing(question, direction, changes)] if changes else []
    assert evaluate(spec, inputs).load_bearing == tuple(expected)
