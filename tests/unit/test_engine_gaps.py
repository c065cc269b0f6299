"""Targets and gaps by worked example (Method, section 7)."""

from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DpmmStatement, FoundationGap, Gap, Gaps, Inputs, Roadmap, Unknown
from tests.engine_builders import (
    DIMENSIONS,
    NOT_HERE,
    all_at,
    make_dimension,
    make_framework,
    make_question,
    make_use_case,
)

PLANT_5 = DpmmStatement(5, "assessed")
NO_GAPS = Gaps((), (), (), {})


def test_nothing_chosen_and_no_target_leaves_targets_gaps_and_roadmap_empty():
    spec = make_framework(use_cases=[make_use_case("UC1", 5)])
    results = evaluate(spec, Inputs(all_at(spec, 0, D1_A=None, D2_A=Unknown()), DpmmStatement(1, "assessed")))
    assert (results.targets, results.gaps) == ({}, NO_GAPS)
    assert results.roadmap == Roadmap((), (), (), (), ())
    assert results.use_cases["UC1"].verdict == "premature"


def test_default_target_is_the_highest_minimum_over_the_use_cases_chosen():
    cases = [
        make_use_case("UC1", {"D1": 2, "D2": 4}),
        make_use_case("UC2", {"D1": 3}),
        make_use_case("UC3", 5),
    ]
    spec = make_framework(use_cases=cases)
    results = evaluate(spec, Inputs(all_at(spec, 5), PLANT_5, use_cases=("UC2", "UC1")))
    assert results.targets == {"D1": 3, "D2": 4, "D3": 0, "D4": 0, "D5": 0}
    assert results.gaps == NO_GAPS


def test_target_set_by_hand_goes_before_the_default_lower_ones_too():
    spec = make_framework(use_cases=[make_use_case("UC1", 3)])
    inputs = Inputs(all_at(spec, 2), PLANT_5, use_cases=("UC1",), targets={"D1": 1, "D2": 4, "D3": 2})
    results = evaluate(spec, inputs)
    assert results.targets == {"D1": 1, "D2": 4, "D3": 2, "D4": 3, "D5": 3}
    gaps = (Gap("D2-A", 2, 4, 2, 2), Gap("D4-A", 2, 3, 1, 1), Gap("D5-A", 2, 3, 1, 1))
    assert results.gaps == Gaps((), gaps, (), {"data": 4})


def test_target_by_hand_alone_concerns_its_dimension_alone():
    spec = make_framework()
    results = evaluate(spec, Inputs(all_at(spec, 2, D2_A=None), PLANT_5, targets={"D1": 3}))
    assert results.targets == {"D1": 3}
    assert results.gaps == Gaps((), (Gap("D1-A", 2, 3, 1, 1),), (), {"data": 1})


def test_question_target_is_the_higher_of_dimension_and_critical_minima():
    questions = [make_question(f"D1-{letter}") for letter in "ABCD"]
    cases = [
        make_use_case("UC1", {"D1": 3}, {"D1-A": 4, "D1-B": None}),  # B by default needs 3
        make_use_case("UC2", {"D1": 2}, {"D1-A": 5, "D1-C": 1}),
        make_use_case("UC3", {"D1": 5}, {"D1-D": 5}),  # not chosen
    ]
    spec = make_framework([make_dimension("D1", questions)], use_cases=cases)
    inputs = Inputs(all_at(spec, 1), PLANT_5, use_cases=("UC1", "UC2"), targets={"D1": 2})
    # The dimension's target was lowered to 2. A: max(2, 4, 5); B: max(2, 3); C: max(2, 1); D: 2.
    # Priority w · gap · (1 + chosen use cases that name it): A 4·3, B 2·2, C 1·2, D 1·1.
    expected = (
        Gap("D1-A", 1, 5, 4, 12),
        Gap("D1-B", 1, 3, 2, 4),
        Gap("D1-C", 1, 2, 1, 2),
        Gap("D1-D", 1, 2, 1, 1),
    )
    # All areas are "data": 4 + 2 + 1 + 1, without gate and use cases.
    assert evaluate(spec, inputs).gaps == Gaps((), expected, (), {"data": 8})


def test_priority_doubles_for_a_gate_and_equal_ones_are_ordered_by_code():
    questions = [
        make_question("D1-A", 2, areas=("governance", "data")),
        make_question("D1-B", 1, gate=True, areas=("operations",)),
        make_question("D1-C", 3),
        make_question("D1-D", 9, areas=("partnerships",)),
    ]
    spec = make_framework([make_dimension("D1", questions)])
    replies = all_at(spec, 2, D1_C=Unknown(), D1_D=4)
    # A 2·1; B 1·1·2; C 3·3: unknown is level 0. D is above its target. Areas: w · gap, first tag only.
    expected = (Gap("D1-C", 0, 3, 3, 9), Gap("D1-A", 2, 3, 1, 2), Gap("D1-B", 2, 3, 1, 2))
    areas = {"governance": 2, "operations": 1, "data": 9}
    assert evaluate(spec, Inputs(replies, PLANT_5, targets={"D1": 3})).gaps == Gaps((), expected, (), areas)


def test_unanswered_questions_are_listed_apart_and_not_applicable_ones_nowhere():
    questions = [make_question(f"D1-{letter}") for letter in "CBA"]
    spec = make_framework([make_dimension("D1", questions)])
    inputs = Inputs(
        all_at(spec, 5, D1_A=None, D1_B=None, D1_C=NOT_HERE, D2_A=None, D3_A=None),
        PLANT_5,
        targets={"D1": 3, "D3": 0},
    )
    # D2 has no target. A target of 0 is a target.
    assert evaluate(spec, inputs).gaps == Gaps((), (), ("D1-A", "D1-B", "D3-A"), {})


def test_foundation_gap_is_what_the_plant_lacks_to_sustain_the_target():
    spec = make_framework()
    targets = {"D4": 3, "D1": 4, "D2": 2, "D3": 5}
    results = evaluate(spec, Inputs(all_at(spec, 5), DpmmStatement(2, "assessed"), targets=targets))
    # A plant of level n sustains n; the plant holds 2.
    foundation = (FoundationGap("D1", 2, 4), FoundationGap("D3", 2, 5), FoundationGap("D4", 2, 3))
    assert results.gaps == Gaps(foundation, (), (), {})


def test_foundation_gap_looks_at_the_dimension_target_not_at_critical_minima():
    spec = make_framework(use_cases=[make_use_case("UC1", {"D1": 2}, {"D1-A": 5})])
    results = evaluate(spec, Inputs(all_at(spec, 5), DpmmStatement(2, "assessed"), use_cases=("UC1",)))
    assert results.gaps == NO_GAPS


def test_without_plant_level_there_is_no_foundation_gap():
    spec = make_framework(proxies=["D5-A"])
    results = evaluate(spec, Inputs(all_at(spec, 5, D5_A=None), targets={"D1": 5}))
    assert results.gaps == NO_GAPS


def test_dimension_left_out_keeps_its_target_and_has_no_gaps():
    spec = make_framework(use_cases=[make_use_case("UC1", 4)])
    inputs = Inputs(all_at(spec, 5, D1_A=NOT_HERE), DpmmStatement(1, "assessed"), use_cases=("UC1",))
    results = evaluate(spec, inputs)
    assert results.targets == dict.fromkeys(DIMENSIONS, 4)
    assert results.gaps == Gaps(tuple(FoundationGap(code, 1, 4) for code in DIMENSIONS[1:]), (), (), {})


def test_dimension_without_level_that_is_not_left_out_has_its_foundation_gap():
    spec = make_framework()
    results = evaluate(spec, Inputs({}, DpmmStatement(1, "assessed"), targets={"D2": 2}))
    assert results.gaps == Gaps((FoundationGap("D2", 1, 2),), (), ("D2-A",), {})
