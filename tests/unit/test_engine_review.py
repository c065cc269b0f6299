"""A review in plain shapes: what matters first, what a level would do, and the record that keeps it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assessments.engine.attention import REASONS, what_matters_first
from assessments.engine.effects import effects_of
from assessments.engine.evaluate import evaluate
from assessments.engine.record import read_record, record_document
from tests.builders import bami_spec
from tests.records import answer_record, make_record, make_review

SPEC = bami_spec()
CODES = tuple(SPEC.questions)


# --- The record -----------------------------------------------------------------------------------------


def test_a_record_without_a_review_is_written_as_before_there_were_any():
    document = record_document(make_record())
    assert "review" not in document
    assert read_record(json.loads(json.dumps(document))).review is None
    assert make_record().inputs().validated is None


def test_a_record_keeps_its_review_whole():
    record = make_record(review=make_review({"D1-CTX": 1}))
    assert read_record(json.loads(json.dumps(record_document(record)))) == record
    assert record.inputs().validated == {"D1-CTX": 1}
    assert [row.question for row in record.review.changes] == ["D1-CTX"]


def test_a_review_that_changed_nothing_is_a_review():
    record = make_record(review=make_review())
    assert record.inputs().validated == {}
    readings = evaluate(SPEC, record.inputs()).readings
    assert readings.validated == readings.evidenced


# --- What matters first ---------------------------------------------------------------------------------


def matters(**changed):
    answers = tuple(replace(answer_record(code), **changed.get(code.replace("-", "_"), {})) for code in CODES)
    record = make_record(answers=answers)
    results = evaluate(SPEC, record.inputs())
    return what_matters_first(SPEC, answers, results), results


def test_each_reason_is_given_for_what_it_says():
    found, results = matters(
        D1_INV={"flagged": True},
        D2_MON={"level": 4, "grade": "E2"},
        D3_SCL={"level": 3, "grade": "E1"},
        D5_LAW={"level": None, "state": "unknown", "grade": ""},
    )
    assert found["D1-INV"][-1] == "flagged"
    assert "high_claim" in found["D2-MON"]
    assert "weak_evidence" not in found["D2-MON"]
    assert "weak_evidence" in found["D3-SCL"]
    falling = {row.question for row in results.load_bearing if row.direction == "down"}
    assert {code for code, reasons in found.items() if "load_bearing" in reasons} == falling
    assert falling
    assert all(set(reasons) <= set(REASONS) for reasons in found.values())


def test_a_contradiction_names_who_claims_and_who_denies_and_nobody_else():
    rule = SPEC.flags[0]
    partner = rule.any_of[0]
    others = {part.question for part in rule.any_of[1:]}
    changed = {rule.when.question: rule.when.at_least, partner.question: partner.at_most}
    changed |= dict.fromkeys(others, 5)
    answers = tuple(answer_record(code, changed.get(code, 2), grade="E3") for code in CODES)
    record = make_record(answers=answers)
    results = evaluate(SPEC, record.inputs())
    assert rule.code in {flag.rule for flag in results.flags}
    found = what_matters_first(SPEC, answers, replace(results, flags=results.flags[:1]))
    first = next(row for row in SPEC.flags if row.code == results.flags[0].rule)
    named = {first.when.question, *(part.question for part in first.any_of)}
    contradicting = {code for code, reasons in found.items() if "contradicting" in reasons}
    assert first.when.question in contradicting
    assert contradicting <= named
    levels = {row.question: row.level for row in answers}
    for part in first.any_of:
        assert (part.question in contradicting) is ((levels[part.question] or 0) <= part.at_most)


def test_most_reasons_come_first_then_the_order_of_the_document():
    found, _ = matters(D4_SKL={"level": 5, "grade": "E0", "flagged": True}, D1_INV={"flagged": True})
    counts = [len(reasons) for reasons in found.values()]
    assert counts == sorted(counts, reverse=True)
    assert next(iter(found)) == "D4-SKL"
    singles = [code for code, reasons in found.items() if len(reasons) == 1]
    assert singles == sorted(singles, key=CODES.index)


# --- What a level would do --------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["assessed", "not_known"])
def test_an_effect_is_what_evaluate_says_with_that_level(source):
    record = make_record(
        answers=tuple(answer_record(code, place % 5) for place, code in enumerate(CODES)),
        dpmm=replace(make_record().dpmm, source=source, level=2 if source == "assessed" else None),
    )
    inputs = replace(record.inputs(), validated={"D1-CTX": 5})
    for code in ("D1-CTX", "D4-MES", "D5-INC"):
        for effect in effects_of(SPEC, inputs, code):
            told = replace(inputs, validated={"D1-CTX": 5, code: effect.level})
            validated = evaluate(SPEC, told).readings.validated
            dimension = validated.dimensions[SPEC.dimension_of[code]]
            assert (effect.dimension, effect.counts) == (dimension.level, dimension.effective_level)
            assert (effect.site, effect.index) == (validated.level, validated.index)


def test_no_level_can_be_given_to_what_is_not_scored():
    optional = next(code for code, question in SPEC.questions.items() if question.not_applicable)
    rows = [answer_record(code) for code in CODES]
    rows[CODES.index(optional)] = answer_record(
        optional, None, state="not_applicable", grade="", reason="Nothing of this kind is made here."
    )
    inputs = make_record(answers=tuple(rows)).inputs()
    assert effects_of(SPEC, inputs, optional) == ()
    assert len(effects_of(SPEC, inputs, CODES[0])) == 6
