"""What one answer moved, as a table of cases (Method, sections 2 to 6)."""

from __future__ import annotations

import pytest

from assessments.engine.evaluate import evaluate_briefly
from assessments.engine.moves import KINDS, Move, moves_between
from assessments.engine.shapes import DpmmStatement, Inputs, LevelReply, Unknown
from tests.engine_builders import DIMENSIONS, NOT_HERE, all_at, make_framework, make_use_case

SPEC = make_framework(
    use_cases=[
        make_use_case("UC1", dict.fromkeys(DIMENSIONS, 3), bounded=2, site_wide=3),
        make_use_case("UC2", dict.fromkeys(DIMENSIONS, 5), bounded=4, site_wide=5),
    ]
)


def moved(before, after, plant=3):
    """What moves between two sets of replies, on a plant of that level (None: not stated)."""
    stated = DpmmStatement(plant, "assessed") if plant else None
    results = [evaluate_briefly(SPEC, Inputs(replies, stated)) for replies in (before, after)]
    return moves_between(SPEC, *results)


def at(level, grade="E3", **changes):
    """Every question at one level with one grade, but for those named: a level, a reply, or None for none."""
    replies = {code: LevelReply(level, grade) for code in SPEC.questions} if level is not None else {}
    for name, value in changes.items():
        code = name.replace("_", "-")
        if value is None:
            replies.pop(code, None)
        else:
            replies[code] = LevelReply(value, grade) if isinstance(value, int) else value
    return replies


@pytest.mark.parametrize(
    ("case", "before", "after", "expected"),
    [
        ("nothing", at(2), at(2), []),
        ("a first answer gives a level", at(None), at(None, D1_A=2), [
            Move("claimed", "D1", None, 2), Move("evidenced", "D1", None, 2), Move("index", "", None, 40),
        ]),
        ("the last one withdrawn takes it away", at(None, D1_A=2), at(None), [
            Move("claimed", "D1", 2, None), Move("evidenced", "D1", 2, None), Move("index", "", 40, None),
        ]),
        ("a rise", at(2), at(2, D2_A=3), [
            Move("claimed", "D2", 2, 3), Move("evidenced", "D2", 2, 3), Move("index", "", 40, 44),
        ]),
        ("a fall takes the site along", at(2), at(2, D2_A=1), [
            Move("claimed", "D2", 2, 1), Move("evidenced", "D2", 2, 1), Move("site", "", 2, 1),
            Move("index", "", 40, 36),
        ]),
        ("a claim without evidence rises alone", at(2), at(2, D2_A=LevelReply(3, "E0")), [
            Move("claimed", "D2", 2, 3), Move("evidenced", "D2", 2, 1), Move("index", "", 40, 44),
        ]),
        ("only the evidence", at(2, "E1", D2_A=LevelReply(2, "E0")), at(2, "E1"), [
            Move("evidenced", "D2", 1, 2),
        ]),
        ("beyond the ceiling", at(3), at(3, D2_A=4), [
            Move("claimed", "D2", 3, 4), Move("held", "D2", 3, 3), Move("evidenced", "D2", 3, 4),
        ]),
        ("the last that was short makes a use ready", at(3, D5_A=2), at(3), [
            Move("claimed", "D5", 2, 3), Move("evidenced", "D5", 2, 3), Move("site", "", 2, 3),
            Move("verdict", "UC1", "near", "ready"), Move("index", "", 56, 60),
        ]),
        ("two short make it near, the third premature", at(3, D1_A=2), at(3, D1_A=1), [
            Move("claimed", "D1", 2, 1), Move("evidenced", "D1", 2, 1), Move("site", "", 2, 1),
            Move("verdict", "UC1", "near", "premature"), Move("index", "", 56, 52),
        ]),
        ("don't know counts as nothing", at(2), at(2, D1_A=Unknown()), [
            Move("claimed", "D1", 2, 0), Move("evidenced", "D1", 2, 0), Move("site", "", 2, 0),
            Move("index", "", 40, 32),
        ]),
        ("not applicable leaves the dimension out", at(2), at(2, D1_A=NOT_HERE), [
            Move("claimed", "D1", 2, None), Move("evidenced", "D1", 2, None),
        ]),
    ],
)  # fmt: skip
def test_what_an_answer_moved(case, before, after, expected):
    assert list(moved(before, after)) == expected, case


def test_the_plant_that_the_answers_give_may_move_with_them():
    spec = make_framework(proxies=["D1-A"])
    results = [evaluate_briefly(spec, Inputs(all_at(spec, level))) for level in (2, 3)]
    found = {move.kind: (move.before, move.after) for move in moves_between(spec, *results)}
    assert found["plant"] == (results[0].dpmm.level, results[1].dpmm.level)
    assert set(found) <= set(KINDS)


@pytest.mark.parametrize(
    ("before", "after", "is_up"),
    [(1, 2, True), (2, 1, False), (None, 0, True), (0, None, False), ("near", "ready", False)],
)
def test_up_is_a_number_that_rose(before, after, is_up):
    assert Move("claimed", "D1", before, after).is_up is is_up
