"""The answers that part two readings are those, over generated frameworks and replies."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given

from assessments.charts.readings import apart
from assessments.engine.evaluate import evaluate
from assessments.engine.ground import evidenced_levels, lay_ground, validated_levels
from assessments.engine.score import claimed_ground
from assessments.engine.shapes import Inputs
from frameworks.document.shapes import FrameworkSpec
from tests.property.engine_strategies import cases, laws
from tests.property.test_rule_laws import record_of


def level_with(spec: FrameworkSpec, inputs: Inputs, levels: Mapping[str, int], dimension: str) -> int:
    """The level of a dimension whose answers stand at these levels."""
    claimed = claimed_ground(spec, inputs)
    level = lay_ground(spec, levels, claimed.not_applicable, claimed.dpmm).tallies[dimension].level
    assert level is not None
    return level


@laws
@given(cases())
def test_with_what_they_claim_the_listed_answers_give_the_claimed_level(case):
    spec, inputs = case
    found = evaluate(spec, inputs)
    listed = apart(spec, found, record_of(spec, inputs))
    claimed = dict(claimed_ground(spec, inputs).levels)
    evidenced = evidenced_levels(spec, inputs, claimed)
    for code, rows in listed.items():
        higher, lower = (
            reading.dimensions[code].level for reading in (found.readings.claimed, found.readings.evidenced)
        )
        assert bool(rows.by_evidence) is (higher != lower)
        if not rows.by_evidence:
            continue
        codes = {row.question.code for row in rows.by_evidence}
        assert {(row.claimed, row.carries) for row in rows.by_evidence} == {
            (claimed[question], evidenced[question]) for question in codes
        }
        raised = evidenced | {question: claimed[question] for question in codes}
        assert level_with(spec, inputs, raised, code) == higher
        lowered = claimed | {question: evidenced[question] for question in codes}
        assert level_with(spec, inputs, lowered, code) == lower


@laws
@given(cases())
def test_as_they_were_evidenced_the_listed_answers_do_not_move_the_level_as_the_review_did(case):
    spec, inputs = case
    found = evaluate(spec, inputs)
    listed = apart(spec, found, record_of(spec, inputs))
    evidenced = evidenced_levels(spec, inputs, claimed_ground(spec, inputs).levels)
    if inputs.validated is None:
        assert not any(rows.by_review for rows in listed.values())
        return
    validated = validated_levels(inputs.validated, evidenced)
    for code, rows in listed.items():
        before = found.readings.evidenced.dimensions[code].level
        after = found.readings.validated.dimensions[code].level
        assert bool(rows.by_review) is (before != after)
        codes = {row.question.code for row in rows.by_review}
        assert {(row.evidenced, row.level) for row in rows.by_review} == {
            (evidenced[question], validated[question]) for question in codes
        }
        if not codes:
            continue
        assert before is not None
        assert after is not None
        alone = level_with(
            spec, inputs, evidenced | {question: validated[question] for question in codes}, code
        )
        without = level_with(
            spec, inputs, validated | {question: evidenced[question] for question in codes}, code
        )
        if after > before:
            assert alone >= after
            assert without <= before
        else:
            assert alone <= after
            assert without >= before
