"""Laws of the engine, over generated frameworks and replies."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments.engine.evaluate import evaluate, evaluate_briefly
from assessments.engine.reading import read_input, read_results
from assessments.engine.schedule import Task, by_rank, critical_path, schedule
from assessments.engine.shapes import (
    VERDICTS,
    BriefResults,
    DpmmStatement,
    Inputs,
    LevelReply,
    LoadBearing,
    NotApplicable,
    ProjectionPoint,
    Reading,
    Unknown,
)
from assessments.engine.strict_json import InputFaults
from assessments.engine.writing import input_document, results_document, write_input, write_results
from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.document.shapes import FrameworkSpec
from tests.engine_builders import raised, with_replies
from tests.property.engine_strategies import LEVELS, cases, frameworks

laws = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
ALL_SCORED = st.builds(LevelReply, LEVELS, st.sampled_from(["E0", "E3"])) | st.just(Unknown())
PLANT_5 = DpmmStatement(5, "assessed")


def levels_of(spec: FrameworkSpec, inputs: Inputs) -> dict[str, int]:
    """Claimed levels, read off the replies."""
    return {
        code: reply.level if isinstance(reply, LevelReply) else 0
        for code, reply in inputs.replies.items()
        if not isinstance(reply, NotApplicable)
    }


def is_at_least(after: Fraction | int | None, before: Fraction | int | None) -> bool:
    """Where both are there, the later one is not lower; neither comes nor goes."""
    if before is None or after is None:
        return before is after
    return after >= before


def numbers_of(reading: Reading) -> dict[str, Fraction | int | None]:
    """Every number of a reading that a better answer or a better plant may only raise."""
    numbers: dict[str, Fraction | int | None] = {"level": reading.level, "index": reading.index}
    for code, dimension in reading.dimensions.items():
        numbers[f"{code} effective level"] = dimension.effective_level
        numbers[f"{code} effective score"] = dimension.effective_score
    return numbers


def free_numbers_of(reading: Reading) -> dict[str, Fraction | int | None]:
    """The same before any ceiling."""
    numbers: dict[str, Fraction | int | None] = {"free index": reading.index_without_ceilings}
    for code, dimension in reading.dimensions.items():
        numbers[f"{code} level"] = dimension.level
        numbers[f"{code} score"] = dimension.score
    return numbers | {f"area {area}": mean for area, mean in reading.areas.items()}


def fallen(before: BriefResults, after: BriefResults, *, free: bool) -> list[str]:
    """What is lower after than before, in any reading, and every verdict that is worse."""
    names = []
    for kind in ("claimed", "evidenced", "validated"):
        then, now = getattr(before.readings, kind), getattr(after.readings, kind)
        if then is None:
            continue
        old = numbers_of(then) | (free_numbers_of(then) if free else {})
        new = numbers_of(now) | (free_numbers_of(now) if free else {})
        names += [f"{kind} {name}" for name in old if not is_at_least(new[name], old[name])]
    return names + [
        code
        for code, verdict in before.use_cases.items()
        if VERDICTS.index(after.use_cases[code].verdict) > VERDICTS.index(verdict.verdict)
    ]


# --- The generators themselves ---


@laws
@given(frameworks())
def test_generated_frameworks_are_valid_documents(spec):
    read = parse_framework(dump_document(spec))
    assert replace(read, content_digest=spec.content_digest) == spec


# --- Readings ---


@laws
@given(cases())
def test_numbers_lie_within_their_scale_or_are_absent(case):
    readings = evaluate_briefly(*case).readings
    for reading in filter(None, (readings.claimed, readings.evidenced, readings.validated)):
        numbers = numbers_of(reading) | free_numbers_of(reading)
        for name, number in numbers.items():
            assert number is None or 0 <= number <= (100 if "index" in name else 5), name
        assert reading.held_back is None or 0 <= reading.held_back <= 100


@laws
@given(frameworks(), LEVELS)
def test_all_answers_at_one_level_give_that_level(spec, level):
    inputs = Inputs(dict.fromkeys(spec.questions, LevelReply(level)), PLANT_5)
    reading = evaluate_briefly(spec, inputs).readings.claimed
    expected = {f"{code} {what}": level for code in spec.dimension_by_code for what in ("level", "score")}
    found = {name: number for name, number in free_numbers_of(reading).items() if name in expected}
    assert found == expected
    assert (reading.level, reading.index) == (level, Fraction(20 * level))
    assert reading.held_back == 0


@laws
@given(cases(), st.data())
def test_raising_an_answer_lowers_no_score_level_or_verdict(case, data):
    spec, inputs = case
    levels = {code: level for code, level in levels_of(spec, inputs).items() if level < 5}
    assume(levels)
    question = data.draw(st.sampled_from(sorted(levels)))
    reply = inputs.replies[question]
    grade = reply.evidence if isinstance(reply, LevelReply) else "E0"
    higher = LevelReply(data.draw(st.integers(levels[question] + 1, 5)), grade)
    after = with_replies(inputs, {**inputs.replies, question: higher})
    assert fallen(evaluate_briefly(spec, inputs), evaluate_briefly(spec, after), free=True) == []


@laws
@given(cases(dpmm=None), st.integers(1, 5), st.integers(1, 5))
def test_lower_plant_level_raises_no_effective_level_index_or_verdict(case, one, other):
    spec, inputs = case
    low, high = (
        evaluate_briefly(spec, replace(inputs, dpmm=DpmmStatement(level, "assessed")))
        for level in sorted((one, other))
    )
    assert fallen(low, high, free=False) == []
    assert free_numbers_of(low.readings.claimed) == free_numbers_of(high.readings.claimed)


@laws
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_lists_in_the_document_does_not_matter(case, random):
    spec, inputs = case

    def shuffled(entries):
        return tuple(random.sample(entries, len(entries)))

    other = replace(
        spec,
        dimensions=shuffled([replace(held, questions=shuffled(held.questions)) for held in spec.dimensions]),
        areas=shuffled(spec.areas),
        dpmm=replace(spec.dpmm, proxies=shuffled(spec.dpmm.proxies), ceilings=shuffled(spec.dpmm.ceilings)),
        use_cases=shuffled(
            [
                replace(held, minima=shuffled(held.minima), critical=shuffled(held.critical))
                for held in spec.use_cases
            ]
        ),
        actions=shuffled(
            [
                replace(held, raises=shuffled(held.raises), prerequisites=shuffled(held.prerequisites))
                for held in spec.actions
            ]
        ),
        flags=shuffled([replace(held, any_of=shuffled(held.any_of)) for held in spec.flags]),
    )
    told = replace(inputs, use_cases=shuffled(inputs.use_cases))
    assert write_results(evaluate(other, told)) == write_results(evaluate(spec, inputs))


@laws
@given(cases(), st.integers(2, 7))
def test_scaling_all_question_weights_changes_no_reading_verdict_or_order(case, factor):
    spec, inputs = case
    scaled = replace(
        spec,
        dimensions=tuple(
            replace(
                held,
                questions=tuple(
                    replace(question, weight=question.weight * factor) for question in held.questions
                ),
            )
            for held in spec.dimensions
        ),
    )
    expected, found = evaluate(spec, inputs), evaluate(scaled, inputs)
    assert found == replace(
        expected,
        gaps=replace(
            expected.gaps,
            questions=tuple(replace(gap, priority=gap.priority * factor) for gap in expected.gaps.questions),
            areas={area: total * factor for area, total in expected.gaps.areas.items()},
        ),
        roadmap=replace(
            expected.roadmap,
            actions=tuple(replace(step, rate=step.rate * factor) for step in expected.roadmap.actions),
        ),
    )


@laws
@given(cases(), st.data())
def test_not_applicable_is_as_if_the_question_were_not_there(case, data):
    spec, inputs = case
    dimension = data.draw(st.sampled_from(spec.dimensions))
    question = data.draw(st.sampled_from(dimension.questions))
    # Nothing else may name the question; where the rest has no reply, "all not applicable" would differ.
    spec = replace(
        spec,
        use_cases=(),
        actions=(),
        flags=(),
        dpmm=replace(spec.dpmm, proxies=tuple({*spec.questions} - {question.code})[:1]),
    )
    told = replace(inputs, use_cases=(), targets={}, dpmm=inputs.dpmm or DpmmStatement(3, "assessed"))
    told = with_replies(told, {**inputs.replies, question.code: NotApplicable("There is none here.")})
    told = replace(told, validated=None)
    smaller = replace(
        dimension, questions=tuple(held for held in dimension.questions if held is not question)
    )
    without = replace(
        spec, dimensions=tuple(smaller if held is dimension else held for held in spec.dimensions)
    )
    rest = with_replies(told, {code: reply for code, reply in told.replies.items() if code != question.code})

    readings, expected = evaluate_briefly(spec, told).readings, evaluate_briefly(without, rest).readings
    for reading, other in (
        (readings.claimed, expected.claimed),
        (readings.evidenced, expected.evidenced),
    ):
        assert reading.areas == other.areas
        assert (reading.index, reading.index_without_ceilings) == (other.index, other.index_without_ceilings)
        for code, score in reading.dimensions.items():
            level = other.dimensions[code].level
            if code == dimension.code and level is not None:
                level = min(level, spec.policy.not_applicable_cap)
            assert (score.score, score.level, score.left_out) == (
                other.dimensions[code].score,
                level,
                other.dimensions[code].left_out,
            )


@laws
@given(cases())
def test_why_names_what_the_next_level_needs(case):
    """With every question named raised to what it needs, the dimension is higher, but for the cap."""
    spec, inputs = case
    reading = evaluate_briefly(spec, inputs).readings.claimed
    for code, score in reading.dimensions.items():
        after = inputs
        for need in score.why:
            assert need.have < need.need
            after = raised(after, need.question, need.need)
        if score.why:
            level = evaluate_briefly(spec, after).readings.claimed.dimensions[code].level
            questions = spec.dimension_by_code[code].questions
            has_not_applicable = any(
                isinstance(inputs.replies.get(question.code), NotApplicable) for question in questions
            )
            is_capped = has_not_applicable and score.level == spec.policy.not_applicable_cap
            assert is_capped or (level or 0) > (score.level or 0)


@laws
@given(cases())
def test_brief_results_are_those_of_the_whole(case):
    results = evaluate(*case)
    brief = BriefResults(results.completeness, results.dpmm, results.readings, results.use_cases)
    assert evaluate_briefly(*case) == brief


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
    verdicts = evaluate_briefly(spec, after).use_cases
    assert {verdicts[code].verdict for code in inputs.use_cases} <= {"ready"}


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
    before = {code: verdict.verdict for code, verdict in results.use_cases.items()}
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
        verdicts = {code: verdict.verdict for code, verdict in brief.use_cases.items()}
        changed = {code: verdict for code, verdict in verdicts.items() if verdict != before[code]}
        before = verdicts
        reading = brief.readings.claimed
        points.append(ProjectionPoint(week, reading.index, reading.level, changed))
    assert results.roadmap.projection == tuple(points)


# --- What the result hangs on ---


def outcome(brief: BriefResults) -> dict[str, object]:
    """What an answer can turn, in the order in which changes are told."""
    return (
        {"level": brief.readings.claimed.level}
        | {code: held.effective_level for code, held in brief.readings.claimed.dimensions.items()}
        | {code: verdict.verdict for code, verdict in brief.use_cases.items()}
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


# --- JSON ---


@laws
@given(cases())
def test_inputs_and_results_are_written_and_read_back_the_same(case):
    spec, inputs = case
    assert read_input(write_input("small", "1.0", inputs), spec) == inputs
    results = evaluate(spec, inputs)
    assert read_results(json.loads(write_results(results))) == results
    assert read_results(results_document(results)) == results


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 7)
    | st.floats()
    | st.sampled_from(["E1", "D1-A", "UC0", "…"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["level", "unknown", "D1-A", "UC0", "capacity"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@laws
@given(cases(), JSON, st.data())
def test_any_value_in_any_place_is_read_or_a_fault_with_its_place(case, value, data):
    spec, inputs = case
    document = input_document("small", "1.0", inputs)
    holder, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(holder[key], dict) and holder[key] and data.draw(st.booleans()):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder)))
    holder[key] = value
    try:
        read = read_input(json.dumps(document), spec)
    except InputFaults as faults:
        assert faults.faults
        assert all((fault.place and key in fault.place) or fault.place for fault in faults.faults)
    else:
        evaluate(spec, read)


@laws
@given(st.binary(max_size=60) | st.text(max_size=60) | st.text('{}[]":,0eN\\', max_size=60))
def test_any_text_is_a_fault(source):
    with pytest.raises(InputFaults) as caught:
        read_input(source, lambda framework, version: None)
    assert all(fault.place and fault.message for fault in caught.value.faults)
