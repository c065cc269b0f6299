"""Load-bearing answers and contradictions by worked example (Method, section 9)."""

from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DpmmStatement, Flag, Inputs, LoadBearing, Unknown
from tests.engine_builders import (
    NOT_HERE,
    PLAIN_CEILINGS,
    all_at,
    make_dimension,
    make_flag,
    make_framework,
    make_question,
    make_use_case,
)

PLANT_5 = DpmmStatement(5, "assessed")


def test_answers_that_turn_level_dimension_and_verdict():
    questions = [make_question(f"D1-{letter}") for letter in "ABCD"]
    spec = make_framework(
        [make_dimension("D1", questions)],
        use_cases=[
            make_use_case("UC1", {"D1": 3}),
            make_use_case("UC2", {"D1": 2}, {"D1-D": 1}),
            make_use_case("UC3", {"D1": 5}),
        ],
        proxies=["D5-A"],
    )
    # D1: 3, 3, 3 and an unknown 0. Share(3) is 3/4: level 3. A three one lower leaves half: level 2.
    # One higher changes nothing, nor does the unknown one higher for D1; but D1-D is critical in UC2.
    replies = all_at(spec, 5, D1_A=3, D1_B=3, D1_C=3, D1_D=Unknown())
    results = evaluate(spec, Inputs(replies, PLANT_5))
    assert {code: held.verdict for code, held in results.use_cases.items()} == {
        "UC1": "ready",
        "UC2": "near",
        "UC3": "premature",
    }
    down = ("level", "D1", "UC1")
    # D2 to D5 stand at 5 and one lower makes each 4: the whole stays at 3.
    assert results.load_bearing == (
        LoadBearing("D1-A", "down", down),
        LoadBearing("D1-B", "down", down),
        LoadBearing("D1-C", "down", down),
        LoadBearing("D1-D", "up", ("UC2",)),
        LoadBearing("D2-A", "down", ("D2",)),
        LoadBearing("D3-A", "down", ("D3",)),
        LoadBearing("D4-A", "down", ("D4",)),
        LoadBearing("D5-A", "down", ("D5",)),
    )


def test_derived_plant_level_is_derived_again():
    # D1-A alone is the proxy; the plant is at 2 and lowers the other four.
    spec = make_framework(use_cases=[make_use_case("UC1", {"D2": 3}, bounded=2, site_wide=3)])
    results = evaluate(spec, Inputs(all_at(spec, 3, D1_A=2)))
    assert results.use_cases["UC1"].verdict == "ready_bounded"
    every = ("level", "D1", "D2", "D3", "D4", "D5", "UC1")
    assert results.load_bearing == (
        LoadBearing("D1-A", "down", every),  # plant 1 sustains 1, is below the bounded minimum
        LoadBearing("D1-A", "up", every),  # plant 3 sustains 3
        LoadBearing("D2-A", "down", ("UC1",)),  # 2 is sustained as before, but short of 3 in the ring fence
        # One of the others lower is 2, as the ceiling already has it; one higher is lowered to 2.
    )


def test_derived_plant_level_can_turn_a_verdict_though_no_dimension_moves():
    # No plant lowers anything here. D1-A is the proxy, and too light to move D1.
    spec = make_framework(
        [make_dimension("D1", [make_question("D1-A", 1), make_question("D1-B", 9)])],
        use_cases=[make_use_case("UC1", 0, bounded=2, site_wide=3)],
        ceilings=dict.fromkeys(PLAIN_CEILINGS, (5, 5)),
    )
    others = {f"D{number}_A": NOT_HERE for number in range(2, 6)}
    results = evaluate(spec, Inputs(all_at(spec, 2, **others)))
    assert results.use_cases["UC1"].verdict == "ready_bounded"
    assert results.load_bearing == (
        LoadBearing("D1-A", "down", ("UC1",)),
        LoadBearing("D1-A", "up", ("UC1",)),
        LoadBearing("D1-B", "down", ("level", "D1")),
        LoadBearing("D1-B", "up", ("level", "D1")),
    )


def test_stated_plant_level_stays():
    spec = make_framework()
    results = evaluate(spec, Inputs(all_at(spec, 4, D1_A=2), DpmmStatement(2, "estimated")))
    assert results.load_bearing == (LoadBearing("D1-A", "down", ("level", "D1")),)


def test_unscored_answers_bear_nothing_and_the_ends_of_the_scale_have_one_direction():
    spec = make_framework(proxies=["D5-A"])
    replies = all_at(spec, 5, D1_A=None, D2_A=NOT_HERE, D3_A=0)
    # The whole has no level: D1 is unanswered.
    assert evaluate(spec, Inputs(replies, PLANT_5)).load_bearing == (
        LoadBearing("D3-A", "up", ("D3",)),
        LoadBearing("D4-A", "down", ("D4",)),
        LoadBearing("D5-A", "down", ("D5",)),
    )


def test_flags_are_raised_once_by_code_where_both_sides_are_scored():
    spec = make_framework(
        flags=[
            make_flag("F4", ("D1-A", 3), {"D2-A": 1, "D3-A": 2}),  # both partners meet it
            make_flag("F3", ("D1-A", 3), {"D2-A": 0, "D3-A": 2}),  # one of them does
            make_flag("F1", ("D1-A", 4), {"D2-A": 5}),  # D1-A is below 4
            make_flag("F2", ("D1-A", 3), {"D4-A": 5, "D5-A": 5}),  # neither is scored
            make_flag("F5", ("D4-A", 0), {"D1-A": 5}),  # not scored, so not even at least 0
        ]
    )
    replies = all_at(spec, 3, D2_A=1, D3_A=2, D4_A=None, D5_A=NOT_HERE)
    expected = (Flag("F3", "F3 contradicts."), Flag("F4", "F4 contradicts."))
    assert evaluate(spec, Inputs(replies)).flags == expected


def test_unknown_meets_a_condition_as_level_0():
    spec = make_framework(flags=[make_flag("F1", ("D1-A", 3), {"D2-A": 0})])
    flags = evaluate(spec, Inputs(all_at(spec, 3, D2_A=Unknown()))).flags
    assert flags == (Flag("F1", "F1 contradicts."),)
