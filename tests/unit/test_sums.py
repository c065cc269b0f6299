"""How an index is made: each part of it, and the sums as they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.charts.sums import Counted, Figure, IndexMade, Sum, index_made
from assessments.engine.display import exact, hundredths
from assessments.engine.evaluate import evaluate
from assessments.engine.shapes import DpmmStatement, Inputs, LevelReply, NotApplicable
from tests.engine_builders import DIMENSIONS, make_dimension, make_framework, make_question

# D1 weighs 2 and is above its ceiling of 2; D2 has thirds, D4 no reply, D5 nothing that applies.
SPEC = make_framework(
    [
        make_dimension("D1", weight=2),
        make_dimension("D2", [make_question("D2-A", 2), make_question("D2-B")]),
    ]
)
REPLIES = {
    "D1-A": LevelReply(4, "E3"),
    "D2-A": LevelReply(2, "E0"),
    "D2-B": LevelReply(1, "E3"),
    "D3-A": LevelReply(2, "E3"),
    "D5-A": NotApplicable("There is none at this site."),
}


def made(**told) -> IndexMade:
    given = {"replies": REPLIES, "dpmm": DpmmStatement(2, "assessed"), **told}
    sums = index_made(SPEC, evaluate(SPEC, Inputs(**given)))
    assert sums
    return sums


def whole_number(number: int) -> Figure:
    return Figure(str(number), "")


def test_every_part_and_every_sum_is_there():
    d1, d2, d3, d4, d5 = SPEC.dimensions
    thirds = Figure("5/3", "1.67")
    nothing = (("evidenced", None),)
    assert made() == IndexMade(
        rows=(
            Counted(d1, False, whole_number(4), 2, whole_number(2), (("evidenced", whole_number(2)),)),
            Counted(d2, False, thirds, 2, thirds, (("evidenced", whole_number(1)),)),
            Counted(d3, False, whole_number(2), 2, whole_number(2), (("evidenced", whole_number(2)),)),
            Counted(d4, False, None, 2, None, nothing),
            Counted(d5, True, None, 2, None, nothing),
        ),
        sums=(
            Sum("index", "100 · (2 · 2 + 5/3 + 2) / (5 · 4)", Figure("115/3", "38.33"), "38.3"),
            Sum("without_ceilings", "100 · (2 · 4 + 5/3 + 2) / (5 · 4)", Figure("175/3", "58.33"), "58.3"),
            Sum("held_back", "175/3 − 115/3", whole_number(20), "20.0"),
            Sum("evidenced", "100 · (2 · 2 + 1 + 2) / (5 · 4)", whole_number(35), "35.0"),
        ),
        beside=("evidenced",),
    )
    assert [row.is_rounded for row in made().sums] == [True, True, False, False]
    assert (made().is_lowered, made().is_whole) == (True, False)


def test_a_reading_stands_beside_it_only_where_its_index_differs():
    accepted = made(validated={"D2-A": 2})
    assert accepted.beside == ("evidenced",)
    lower = made(validated={"D2-A": 0, "D3-A": 1})
    assert lower.beside == ("evidenced", "validated")
    assert lower.sums[-1] == Sum(
        "validated", "100 · (2 · 2 + 1/3 + 1) / (5 · 4)", Figure("80/3", "26.67"), "26.7"
    )


def test_without_a_ceiling_nothing_is_held_back():
    free = made(dpmm=DpmmStatement(5, "assessed"))
    assert [row.name for row in free.sums] == ["index", "evidenced"]
    assert not free.is_lowered
    every = made(replies={f"{code}-A": LevelReply(1) for code in DIMENSIONS} | {"D2-B": LevelReply(1)})
    assert every.sums == (Sum("index", "100 · (2 · 1 + 1 + 1 + 1 + 1) / (5 · 6)", whole_number(20), "20.0"),)
    assert every.is_whole


def test_nothing_scored_makes_no_index():
    assert index_made(SPEC, evaluate(SPEC, Inputs())) is None


@pytest.mark.parametrize(
    ("number", "text", "about"),
    [
        (Fraction(0), "0", "0.00"),
        (Fraction(100), "100", "100.00"),
        (Fraction(27, 10), "2.7", "2.70"),
        (Fraction(17, 8), "2.125", "2.13"),
        (Fraction(1, 200), "0.005", "0.01"),
        (Fraction(25, 9), "25/9", "2.78"),
        (Fraction(1, 16), "1/16", "0.06"),
    ],
)
def test_a_number_is_written_as_it_is(number, text, about):
    assert (exact(number), hundredths(number)) == (text, about)
    assert Fraction(text) == number
