"""Laws of readings and verdicts, over generated frameworks and replies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.engine.evaluate import evaluate, evaluate_briefly
from assessments.engine.shapes import (
    VERDICTS,
    BriefResults,
    DpmmStatement,
    Inputs,
    LevelReply,
    Need,
    NotApplicable,
    Reading,
    Table,
)
from assessments.engine.writing import write_results
from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from tests.engine_builders import raised, with_replies
from tests.property.engine_strategies import LEVELS, PLANT_5, cases, frameworks, laws, levels_of


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
        for code, verdict in before.verdicts.items()
        if VERDICTS.index(after.verdicts[code]) > VERDICTS.index(verdict)
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
    brief = BriefResults(results.completeness, results.dpmm, results.readings, Table(results.verdicts))
    assert evaluate_briefly(*case) == brief


@laws
@given(cases())
def test_scores_and_levels_are_those_of_the_definition_read_literally(case):
    spec, inputs = case
    levels = levels_of(spec, inputs)
    policy = spec.policy
    for code, found in evaluate_briefly(spec, inputs).readings.claimed.dimensions.items():
        questions = spec.dimension_by_code[code].questions
        scored = [question for question in questions if question.code in levels]
        weight = sum(question.weight for question in scored)
        if not weight:
            assert (found.score, found.level) == (None, None)
            continue
        share = {
            level: Fraction(sum(held.weight for held in scored if levels[held.code] >= level), weight)
            for level in range(6)
        }
        gates = [levels[held.code] for held in scored if held.gate]
        reached = [
            level
            for level in range(1, 6)
            if share[level] >= policy.threshold and all(gate >= level - policy.gate_slack for gate in gates)
        ]
        reached.append(0)
        expected = max(reached)
        if any(isinstance(inputs.replies.get(held.code), NotApplicable) for held in questions):
            expected = min(expected, policy.not_applicable_cap)
        points = sum(held.weight * levels[held.code] for held in scored)
        assert (found.score, found.level) == (Fraction(points, weight), expected)
        if expected == 5:
            assert found.why == ()
        elif share[expected + 1] < policy.threshold:
            short = [held.code for held in scored if levels[held.code] <= expected]
            assert set(found.why) == {Need(code, levels[code], expected + 1) for code in short}
        else:
            needed = expected + 1 - policy.gate_slack
            short = [held.code for held in scored if held.gate and levels[held.code] < needed]
            assert set(found.why) == {Need(code, levels[code], needed) for code in short}


@laws
@given(cases())
def test_verdict_is_the_first_that_holds_read_literally(case):
    spec, inputs = case
    levels = levels_of(spec, inputs)
    results = evaluate(spec, inputs)
    dpmm = results.dpmm.level if results.dpmm else None

    def short_by(minimum: int, level: int | None, *, is_out: bool) -> int:
        return 0 if is_out else max(0, minimum - (level or 0))

    for use_case in spec.use_cases:
        minima = {minimum.dimension: minimum.level for minimum in use_case.minima}
        sustained, bounded = [], []
        for code, minimum in minima.items():
            held = results.readings.claimed.dimensions[code]
            ring = (
                held.level
                if held.level is None or held.ring_fenced is None
                else min(held.level, held.ring_fenced)
            )
            sustained.append(short_by(minimum, held.effective_level, is_out=held.left_out))
            bounded.append(short_by(minimum, ring, is_out=held.left_out))
        critical = [
            short_by(
                minima[spec.dimension_of[named.question]] if named.level is None else named.level,
                levels.get(named.question),
                is_out=isinstance(inputs.replies.get(named.question), NotApplicable),
            )
            for named in use_case.critical
        ]
        needed = use_case.dpmm
        if not any(sustained + critical) and dpmm is not None and dpmm >= needed.site_wide:
            expected = "ready"
        elif not any(bounded + critical) and dpmm is not None and dpmm >= needed.bounded:
            expected = "ready_bounded"
        elif (
            (dpmm is None or dpmm >= needed.bounded)
            and sum(by > 0 for by in bounded) <= 2
            and max(bounded + critical) <= 1
        ):
            expected = "near"
        else:
            expected = "premature"
        verdict = results.use_cases[use_case.code]
        assert verdict.verdict == expected
        count = sum(by > 0 for by in sustained + critical) + (dpmm is None or dpmm < needed.site_wide)
        assert len(verdict.blockers) == count
        assert bool(verdict.blockers) == (verdict.verdict != "ready")
