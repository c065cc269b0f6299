"""Dimension scores, ceilings and the whole, by worked example (Method, sections 1 to 5)."""

from fractions import Fraction

import pytest

from assessments.engine.score import score
from assessments.engine.shapes import (
    Completeness,
    DimensionScore,
    DpmmLevel,
    DpmmStatement,
    Inputs,
    LevelReply,
    Need,
    Reply,
    Unknown,
)
from frameworks.document.shapes import PolicySpec
from tests.engine_builders import NOT_HERE, all_at, at_levels, make_dimension, make_framework, make_question

PLANT_5 = DpmmStatement(5, "assessed")  # lowers nothing


def first_dimension(questions, replies, dpmm=PLANT_5):
    """The claimed score of D1 made of these questions."""
    spec = make_framework([make_dimension("D1", questions)])
    return score(spec, Inputs(replies, dpmm)).readings.claimed.dimensions["D1"]


def dimension(replied, asked, points, level, why=()):
    """What is expected of D1 under a plant of level 5: nothing lowered."""
    points = None if points is None else Fraction(points)
    standing = None if level is None else "sustained"
    return DimensionScore("D1", replied, asked, points, level, 5, 5, level, points, standing, tuple(why))


# --- Section 1: replies and completeness ---


def test_completeness_counts_replies_given_of_questions_asked():
    spec = make_framework([make_dimension("D1", [make_question(f"D1-{letter}") for letter in "ABCD"])])
    replies: dict[str, Reply] = {
        "D1-C": Unknown(),
        "D1-B": Unknown(),
        "D1-A": LevelReply(3),
        "D5-A": NOT_HERE,
        "D2-A": NOT_HERE,
    }
    # 4 + 1 + 1 + 1 + 1 questions; D1-D, D3-A and D4-A have no reply.
    assert score(spec, Inputs(replies)).completeness == Completeness(5, 8, ("D1-B", "D1-C"), ("D2-A", "D5-A"))


def test_nothing_answered_is_not_scored():
    spec = make_framework()
    scores = score(spec, Inputs())
    reading = scores.readings.claimed
    assert scores.completeness == Completeness(0, 5, (), ())
    assert scores.dpmm is None
    assert (reading.level, reading.index, reading.index_without_ceilings, reading.held_back) == (None,) * 4
    assert set(reading.areas.values()) == {None}
    assert not reading.provisional  # there is no index to be provisional
    assert scores.readings.evidenced == reading
    assert scores.readings.validated is None


def test_unknown_is_scored_as_level_0():
    # (0·1 + 4·1) / 2; level 4 has half of the weight, level 0 all of it.
    expected = dimension(2, 2, 2, 0, [Need("D1-A", 0, 1)])
    assert (
        first_dimension(
            [make_question("D1-A"), make_question("D1-B")], {"D1-A": Unknown()} | at_levels(D1_B=4)
        )
        == expected
    )


# --- Section 3: a dimension ---


def test_share_that_just_reaches_the_threshold_is_enough():
    # Score (3·3 + 1·1) / 4 = 5/2. Share(3) = 3/4: level 3. Share(4) = 0: both are below 4.
    questions = [make_question("D1-A", 1), make_question("D1-B", 3)]
    expected = dimension(2, 2, Fraction(5, 2), 3, [Need("D1-B", 3, 4), Need("D1-A", 1, 4)])
    assert first_dimension(questions, at_levels(D1_A=1, D1_B=3)) == expected


def test_share_just_below_the_threshold_is_not_enough():
    # Share(3) = 74/100: the level is that of the rest.
    questions = [make_question("D1-A", 26), make_question("D1-B", 74)]
    expected = dimension(2, 2, Fraction(26 + 3 * 74, 100), 1, [Need("D1-A", 1, 2)])
    assert first_dimension(questions, at_levels(D1_A=1, D1_B=3)) == expected


def test_gate_holds_the_level_within_its_slack():
    # Share(4) = 3/4, but the gate at 1 allows 1 + 1. For level 3 the gate needs 3 - 1.
    questions = [make_question("D1-A", 1, gate=True), make_question("D1-B", 3)]
    expected = dimension(2, 2, Fraction(13, 4), 2, [Need("D1-A", 1, 2)])
    assert first_dimension(questions, at_levels(D1_A=1, D1_B=4)) == expected


def test_gate_slack_and_threshold_are_content():
    questions = [make_question("D1-A", 1, gate=True), make_question("D1-B", 3)]
    policy = PolicySpec(threshold=Fraction(1, 4), gate_slack=2, not_applicable_cap=4)
    spec = make_framework([make_dimension("D1", questions)], policy=policy)
    result = score(spec, Inputs(at_levels(D1_A=1, D1_B=4), PLANT_5)).readings.claimed.dimensions["D1"]
    # Share(4) is 3/4, but the gate at 1 allows 1 + 2. For level 4 the gate needs 4 - 2.
    assert result == dimension(2, 2, Fraction(13, 4), 3, [Need("D1-A", 1, 2)])


def test_unanswered_gate_holds_nothing_back():
    questions = [make_question("D1-A", 1, gate=True), make_question("D1-B", 3)]
    assert first_dimension(questions, at_levels(D1_B=5)) == dimension(1, 2, 5, 5)


def test_what_holds_back_is_listed_gates_first_then_by_weight_then_by_code():
    questions = [
        make_question("D1-A", 1),
        make_question("D1-B", 2),
        make_question("D1-C", 1, gate=True),
        make_question("D1-D", 2),
        make_question("D1-E", 1),
    ]
    # Share(3) = 1/7. Everything but E is below 3.
    expected = dimension(
        5,
        5,
        Fraction(2 * 6 + 3, 7),
        2,
        [Need("D1-C", 2, 3), Need("D1-B", 2, 3), Need("D1-D", 2, 3), Need("D1-A", 2, 3)],
    )
    assert first_dimension(questions, at_levels(D1_A=2, D1_B=2, D1_C=2, D1_D=2, D1_E=3)) == expected


def test_not_applicable_caps_the_level_but_not_the_score_and_the_cap_has_no_why():
    questions = [make_question("D1-A"), make_question("D1-B")]
    assert first_dimension(questions, at_levels(D1_A=5) | {"D1-B": NOT_HERE}) == dimension(2, 2, 5, 4)


def test_beside_the_cap_an_answer_below_level_5_is_named():
    questions = [make_question("D1-A"), make_question("D1-B")]
    expected = dimension(2, 2, 4, 4, [Need("D1-A", 4, 5)])
    assert first_dimension(questions, at_levels(D1_A=4) | {"D1-B": NOT_HERE}) == expected


def test_dimension_without_a_scored_reply_has_no_score():
    questions = [make_question("D1-A"), make_question("D1-B")]
    result = first_dimension(questions, {"D1-B": NOT_HERE})
    assert result == dimension(1, 2, None, None)
    assert not result.left_out


def test_dimension_of_not_applicable_questions_alone_is_left_out_of_the_whole():
    spec = make_framework([make_dimension("D1", weight=7)])
    reading = score(spec, Inputs(all_at(spec, 3, D1_A=NOT_HERE), PLANT_5)).readings.claimed
    assert reading.dimensions["D1"] == dimension(1, 1, None, None)
    assert reading.dimensions["D1"].left_out
    # 100 · 4·3 / (5 · 4): the weight of D1 is out as well.
    assert (reading.level, reading.index, reading.provisional) == (3, Fraction(60), False)


def test_whole_of_left_out_dimensions_has_no_level():
    spec = make_framework()
    reading = score(spec, Inputs(dict.fromkeys(spec.questions, NOT_HERE), PLANT_5)).readings.claimed
    assert (reading.level, reading.index, reading.held_back, reading.provisional) == (None, None, None, False)


# --- Section 2: readings ---


def test_three_readings_of_the_same_replies():
    spec = make_framework()
    replies: dict[str, Reply] = {
        "D1-A": LevelReply(4, "E1"),  # supports 2
        "D2-A": LevelReply(4, "E2"),  # supports 4
        "D3-A": LevelReply(4),  # E0 supports 1
        "D4-A": Unknown(),
        "D5-A": LevelReply(5, "E3"),
    }
    readings = score(spec, Inputs(replies, PLANT_5, validated={"D1-A": 5, "D5-A": 3})).readings
    assert readings.validated is not None
    levels = [
        [reading.dimensions[code].level for code in spec.dimension_by_code]
        for reading in (readings.claimed, readings.evidenced, readings.validated)
    ]
    # The reviewer may go above the claim; where nothing is said, the evidenced level stands.
    assert levels == [[4, 4, 4, 0, 5], [2, 4, 1, 0, 5], [5, 4, 1, 0, 3]]


def test_review_that_changed_nothing_is_a_review():
    spec = make_framework()
    readings = score(spec, Inputs(all_at(spec, 4), validated={})).readings
    assert readings.validated == readings.evidenced
    assert readings.evidenced.level == 1


# --- Section 4: the ceiling ---

LOW, MIDDLE, HIGH = "D1-A", "D2-A", "D3-A"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((1, 3, 5), 3),  # the middle one
        ((5, 1, 1), 1),
        ((0, 0, 4), 1),  # never below 1
        ((5, 5, 0), 4),  # never above 4
        ((2, 4, 4), 4),
    ],
)
def test_plant_level_is_derived_as_the_clamped_median_of_the_proxies(levels, expected):
    spec = make_framework(proxies=(LOW, MIDDLE, HIGH))
    replies = {code: LevelReply(level) for code, level in zip((LOW, MIDDLE, HIGH), levels, strict=True)}
    assert score(spec, Inputs(replies)).dpmm == DpmmLevel(expected, "derived")


def test_plant_level_is_derived_from_claims_with_unknown_as_0_and_serves_all_readings():
    spec = make_framework(proxies=(LOW, MIDDLE, HIGH))
    replies = all_at(spec, 4, D1_A=Unknown(), D2_A=3)  # 0, 3, 4; all of grade E0
    scores = score(spec, Inputs(replies, validated={}))
    assert scores.dpmm == DpmmLevel(3, "derived")
    readings = (scores.readings.claimed, scores.readings.evidenced, scores.readings.validated)
    assert [reading and reading.dimensions["D1"].sustained for reading in readings] == [3, 3, 3]


@pytest.mark.parametrize("missing", [None, NOT_HERE])
def test_without_one_proxy_there_is_no_plant_level_and_no_ceiling(missing):
    spec = make_framework(proxies=(LOW, MIDDLE, HIGH))
    scores = score(spec, Inputs(all_at(spec, 5, D2_A=missing)))
    reading = scores.readings.claimed
    assert scores.dpmm is None
    assert reading.dimensions["D1"] == DimensionScore(
        "D1", 1, 1, Fraction(5), 5, None, None, 5, Fraction(5), "unknown", ()
    )
    assert (reading.index, reading.held_back) == (Fraction(100), Fraction(0))


def test_stated_plant_level_goes_before_the_derived_one():
    spec = make_framework()
    assert score(spec, Inputs(all_at(spec, 4), DpmmStatement(2, "estimated"))).dpmm == DpmmLevel(
        2, "estimated"
    )


@pytest.mark.parametrize(
    ("level", "effective", "standing"),
    [(2, 2, "sustained"), (3, 2, "bounded"), (4, 2, "ahead"), (0, 0, "sustained")],
)
def test_ceiling_lowers_level_and_score_and_says_how_the_level_stands(level, effective, standing):
    # A plant of level 2 sustains 2 and ring-fences 3.
    result = first_dimension([make_question("D1-A")], at_levels(D1_A=level), DpmmStatement(2, "assessed"))
    assert result == DimensionScore(
        "D1", 1, 1, Fraction(level), level, 2, 3, effective, Fraction(effective), standing,
        (Need("D1-A", level, level + 1),),
    )  # fmt: skip


def test_standing_looks_at_the_level_though_the_score_is_lowered():
    # Level 2 is sustained; the score 5/2 is above the ceiling of 2 and lowered to it.
    questions = [make_question("D1-A"), make_question("D1-B")]
    result = first_dimension(questions, at_levels(D1_A=2, D1_B=3), DpmmStatement(2, "assessed"))
    assert (result.level, result.standing) == (2, "sustained")
    assert (result.score, result.effective_score) == (Fraction(5, 2), Fraction(2))


# --- Section 5: the whole ---


def test_index_weighs_the_dimensions_and_says_what_is_held_back():
    spec = make_framework([make_dimension("D1", weight=3), make_dimension("D2", weight=2)])
    replies = all_at(spec, 1, D1_A=4, D2_A=3)
    reading = score(spec, Inputs(replies, DpmmStatement(2, "assessed"))).readings.claimed
    # Weights 3, 2, 1, 1, 1 = 8. Without ceilings 3·4 + 2·3 + 3·1 = 21, with them 3·2 + 2·2 + 3·1 = 13.
    assert reading.index_without_ceilings == Fraction(100 * 21, 40)
    assert reading.index == Fraction(100 * 13, 40)
    assert reading.held_back == Fraction(20)
    assert reading.level == 1


def test_index_that_lacks_a_dimension_is_provisional_and_the_whole_has_no_level():
    spec = make_framework()
    reading = score(spec, Inputs(all_at(spec, 4, D5_A=None), PLANT_5)).readings.claimed
    assert (reading.level, reading.index, reading.provisional) == (None, Fraction(80), True)


def test_area_means_count_every_tag_and_no_ceiling():
    questions = [
        make_question("D1-A", 2, areas=("data",)),
        make_question("D1-B", 1, areas=("governance", "data")),
        make_question("D1-C", 5, areas=("partnerships", "data")),
    ]
    rest = [
        make_dimension(code, [make_question(f"{code}-A", areas=("operations",))]) for code in ("D2", "D3")
    ]
    spec = make_framework([make_dimension("D1", questions), *rest])
    replies = at_levels(D1_A=5, D1_B=2, D2_A=3, D3_A=4) | {"D1-C": NOT_HERE}
    reading = score(spec, Inputs(replies, DpmmStatement(1, "assessed"))).readings.claimed
    assert reading.areas == {
        "data": Fraction(2 * 5 + 1 * 2, 3),  # D4-A and D5-A carry the tag too, but are unanswered
        "governance": Fraction(2),
        "operations": Fraction(7, 2),
        "partnerships": None,
    }
