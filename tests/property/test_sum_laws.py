"""The sums under an index come out at the index, over generated frameworks and replies."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given

from assessments.charts.sums import index_figures, index_made
from assessments.engine.display import tenths
from assessments.engine.evaluate import evaluate
from tests.property.engine_strategies import cases, laws


def added_up(terms: str) -> Fraction:
    """What a reader gets who does the sum as it is written."""
    if not terms.startswith("100 · ("):
        free, index = terms.split(" − ")
        return Fraction(free) - Fraction(index)
    over, under = terms.removeprefix("100 · (").removesuffix(")").split(") / (5 · ")
    total = Fraction(0)
    for term in over.split(" + "):
        weight, _, score = term.rpartition(" · ")
        total += Fraction(weight or 1) * Fraction(score)
    return 100 * total / (5 * int(under))


@laws
@given(cases())
def test_each_sum_comes_out_at_the_number_that_is_shown(case):
    spec, inputs = case
    found = evaluate(spec, inputs)
    made, readings = index_made(spec, found), found.readings
    if made is None:
        assert readings.claimed.index is None
        return
    expected = {
        "index": readings.claimed.index,
        "without_ceilings": readings.claimed.index_without_ceilings,
        "held_back": readings.claimed.held_back,
        "evidenced": readings.evidenced.index,
        "validated": readings.validated.index if readings.validated else None,
    }
    for row in made.sums:
        assert added_up(row.terms) == Fraction(row.result.text) == expected[row.name]
        assert row.shown == tenths(expected[row.name])
        assert row.is_rounded == (Fraction(row.shown) != expected[row.name])
    shown = index_figures(found)
    assert (shown.index, shown.held_back, shown.without, shown.evidenced, shown.validated) == tuple(
        tenths(expected[name])
        for name in ("index", "held_back", "without_ceilings", "evidenced", "validated")
    )
    index, held_back, without = (
        Fraction(text or "") for text in (shown.index, shown.held_back, shown.without)
    )
    assert shown.adds_up == (index + held_back == without)
    named = {row.name for row in made.sums}
    differing = {
        name for name in ("evidenced", "validated") if expected[name] not in (None, expected["index"])
    }
    assert named == {"index", *differing} | (
        {"without_ceilings", "held_back"} if readings.claimed.held_back else set()
    )
