"""Verdicts and blockers by worked example (Method, section 6)."""

import pytest

from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import Blocker, DpmmStatement, Inputs, Unknown, Verdict
from tests.engine_builders import (
    DIMENSIONS,
    NOT_HERE,
    all_at,
    make_dimension,
    make_framework,
    make_question,
    make_use_case,
)

NO_PLANT = "no plant level"


def judged(use_case, dpmm, level=3, **changes):
    """The verdict on one use case, all questions at one level but for the changes.

    A plant of level n sustains n and ring-fences n + 1. D5 has a second question, D5-B, which is the proxy,
    so that leaving it open leaves no plant level. D5 is not what these examples are about: it needs 0.
    """
    spec = make_framework(
        [make_dimension("D5", [make_question("D5-A"), make_question("D5-B")])],
        use_cases=[use_case],
        proxies=["D5-B"],
    )
    stated = None if dpmm == NO_PLANT else DpmmStatement(dpmm, "assessed")
    if stated is None:
        changes = {"D5_B": None, **changes}
    return evaluate(spec, Inputs(all_at(spec, level, **changes), stated)).use_cases[use_case.code]


def needs(level, **critical):
    minima = {code: level for code in DIMENSIONS if code != "D5"}
    named = {code.replace("_", "-"): minimum for code, minimum in critical.items()}
    return make_use_case("UC1", minima, named, bounded=2, site_wide=3)


def dimension(code, have, need=3):
    return Blocker("dimension", code, have, need)


def question(code, have, need):
    return Blocker("question", code, have, need)


def plant(have, need=3):
    return Blocker("dpmm", None, have, need)


def test_ready_where_all_is_just_reached():
    assert judged(needs(3, D1_A=3), 3) == Verdict("ready", ())


def test_ready_bounded_where_only_the_ring_fence_reaches():
    # Plant 2 sustains 2 and ring-fences 3; site-wide needs plant 3.
    blockers = (*(dimension(f"D{number}", 2) for number in range(1, 5)), plant(2))
    assert judged(needs(3), 2) == Verdict("ready_bounded", blockers)


def test_ready_bounded_where_only_the_plant_is_below_site_wide():
    assert judged(needs(2), 2) == Verdict("ready_bounded", (plant(2),))


def test_ready_bounded_where_the_plant_is_high_enough_but_does_not_sustain_the_level():
    # Plant 3 sustains 3 and ring-fences 4: the plant's own minimum is met, the level 4 is not.
    blockers = tuple(dimension(f"D{number}", 3, 4) for number in range(1, 5))
    assert judged(needs(4), 3, level=4) == Verdict("ready_bounded", blockers)


@pytest.mark.parametrize(
    ("changes", "verdict", "blockers"),
    [
        ({"D1_A": 2}, "near", (dimension("D1", 2),)),
        ({"D1_A": 2, "D2_A": 2}, "near", (dimension("D1", 2), dimension("D2", 2))),
        # three dimensions short, each by one
        (
            {"D1_A": 2, "D2_A": 2, "D3_A": 2},
            "premature",
            (dimension("D1", 2), dimension("D2", 2), dimension("D3", 2)),
        ),
        # one dimension short by two
        ({"D1_A": 1}, "premature", (dimension("D1", 1),)),
        # no level: short by the whole minimum of 3
        ({"D1_A": None}, "premature", (dimension("D1", None),)),
        # left out: never short
        ({"D1_A": NOT_HERE}, "ready", ()),
        ({"D1_A": NOT_HERE, "D2_A": 2}, "near", (dimension("D2", 2),)),
    ],
)
def test_dimensions_short(changes, verdict, blockers):
    assert judged(needs(3), 3, **changes) == Verdict(verdict, blockers)


def test_dimension_without_level_is_near_where_its_minimum_is_1_and_not_short_where_it_is_0():
    assert judged(needs(1), 3, D1_A=None) == Verdict("near", (dimension("D1", None, 1),))
    assert judged(needs(0), 3, D1_A=None) == Verdict("ready", ())


@pytest.mark.parametrize(
    ("reply", "verdict", "blockers"),
    [
        (3, "near", (question("D1-A", 3, 4),)),
        (4, "ready", ()),
        (NOT_HERE, "ready", ()),
    ],
)
def test_critical_question_with_its_own_minimum(reply, verdict, blockers):
    assert judged(needs(3, D1_A=4), 3, D1_A=reply) == Verdict(verdict, blockers)


def test_any_number_of_critical_questions_may_be_short_by_one():
    critical = {f"D{number}_A": 4 for number in range(1, 5)}
    blockers = tuple(question(f"D{number}-A", 3, 4) for number in range(1, 5))
    assert judged(needs(3, **critical), 3) == Verdict("near", blockers)


def test_critical_question_short_by_two_is_premature():
    assert judged(needs(3, D1_A=5), 3) == Verdict("premature", (question("D1-A", 3, 5),))


def test_critical_question_by_default_needs_what_its_dimension_needs():
    blockers = (dimension("D1", 2), question("D1-A", 2, 3))
    assert judged(needs(3, D1_A=None), 3, D1_A=2) == Verdict("near", blockers)


def test_unknown_critical_question_is_at_level_0():
    blockers = (dimension("D1", 0, 1), question("D1-A", 0, 2))
    assert judged(needs(1, D1_A=2), 3, D1_A=Unknown()) == Verdict("premature", blockers)


@pytest.mark.parametrize(("minimum", "verdict"), [(0, "ready"), (1, "near"), (2, "premature")])
def test_unanswered_critical_question_is_short_by_its_whole_minimum(minimum, verdict):
    blockers = (question("D5-A", None, minimum),) if minimum else ()
    assert judged(needs(3, D5_A=minimum), 3, D5_A=None) == Verdict(verdict, blockers)


def test_plant_below_the_bounded_minimum_is_premature_whatever_else():
    assert judged(needs(1), 1) == Verdict("premature", (plant(1),))


def test_near_looks_at_the_bounded_test():
    # Need 4, plant 2 ring-fences 3: with all at 4 each dimension is short by one, four of them.
    blockers = (*(dimension(f"D{number}", 2, 4) for number in range(1, 5)), plant(2))
    assert judged(needs(4), 2, level=4) == Verdict("premature", blockers)
    # Only D1 needs 4: short by one in the bounded test, by two in the blockers.
    only_one = make_use_case("UC1", {"D1": 4}, bounded=2, site_wide=3)
    assert judged(only_one, 2, level=4) == Verdict("near", (dimension("D1", 2, 4), plant(2)))


def test_without_plant_level_the_best_is_near_and_levels_have_no_ceiling():
    assert judged(needs(5), NO_PLANT, level=5) == Verdict("near", (plant(None),))
    assert judged(needs(4), NO_PLANT) == Verdict(
        "premature", (*(dimension(f"D{number}", 3, 4) for number in range(1, 5)), plant(None))
    )
    assert judged(needs(3), NO_PLANT, D1_A=2) == Verdict("near", (dimension("D1", 2), plant(None)))


def test_blockers_are_dimensions_then_questions_by_code_then_the_plant():
    # Written in another order than that of the codes.
    use_case = make_use_case(
        "UC1", {"D4": 2, "D2": 3}, {"D5-A": 3, "D4-A": 4, "D1-A": 2}, bounded=4, site_wide=4
    )
    blockers = (
        dimension("D2", 1, 3),
        dimension("D4", 1, 2),
        question("D1-A", 1, 2),
        question("D4-A", 1, 4),
        question("D5-A", 1, 3),
        plant(3, 4),
    )
    assert judged(use_case, 3, level=1) == Verdict("premature", blockers)


def test_every_use_case_of_the_version_is_judged_by_code():
    spec = make_framework(use_cases=[make_use_case("UC2", 3), make_use_case("UC1", 2)])
    verdicts = evaluate(spec, Inputs(all_at(spec, 2), DpmmStatement(5, "assessed"))).use_cases
    assert list(verdicts) == ["UC1", "UC2"]
    blockers = tuple(dimension(code, 2) for code in DIMENSIONS)
    assert verdicts == {"UC1": Verdict("ready", ()), "UC2": Verdict("premature", blockers)}
