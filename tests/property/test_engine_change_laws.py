"""Laws of one change: what the results before it and one other reply say is what all replies say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessments.engine.evaluate import evaluate_briefly, evaluate_change
from assessments.engine.shapes import BriefResults, Inputs, Reply
from frameworks.document.shapes import FrameworkSpec
from tests.engine_builders import PLAIN_CEILINGS, all_at, make_framework, with_replies
from tests.property.engine_strategies import PLANT_5, REPLIES, cases, laws


def changed(inputs: Inputs, question: str, reply: Reply | None) -> Inputs:
    """Another reply to one question, as a save tells it: last of all, and not there where it was removed."""
    replies = {code: given for code, given in inputs.replies.items() if code != question}
    return with_replies(inputs, replies if reply is None else {**replies, question: reply})


def from_all(spec: FrameworkSpec, inputs: Inputs) -> BriefResults:
    """From all replies, in document order."""
    ordered = {code: inputs.replies[code] for code in spec.questions if code in inputs.replies}
    return evaluate_briefly(spec, with_replies(inputs, ordered))


def assert_same(found: BriefResults, expected: BriefResults) -> None:
    assert found == expected
    assert repr(found) == repr(expected)  # in the same order, too


@laws
@given(cases(validated=None), st.data())
def test_one_change_gives_what_all_replies_give(case, data):
    spec, inputs = case
    question = data.draw(st.sampled_from(sorted(spec.questions)))
    after = changed(inputs, question, data.draw(REPLIES))
    found = evaluate_change(spec, after, evaluate_briefly(spec, inputs), spec.dimension_of[question])
    assert_same(found, from_all(spec, after))


@laws
@given(cases(validated=None, dpmm=None), st.data())
def test_one_change_of_what_the_plant_level_is_derived_from(case, data):
    """Where no plant level is stated, its proxies move it, and with it the ceilings of every dimension."""
    spec, inputs = case
    question = data.draw(st.sampled_from(sorted(spec.dpmm.proxies)))
    after = changed(inputs, question, data.draw(REPLIES))
    found = evaluate_change(spec, after, evaluate_briefly(spec, inputs), spec.dimension_of[question])
    assert_same(found, from_all(spec, after))


@laws
@given(cases(validated=None), st.data())
def test_many_changes_each_from_the_results_of_the_one_before(case, data):
    spec, inputs = case
    results = evaluate_briefly(spec, inputs)
    change = st.tuples(st.sampled_from(sorted(spec.questions)), REPLIES)
    for question, reply in data.draw(st.lists(change, max_size=12)):
        inputs = changed(inputs, question, reply)
        results = evaluate_change(spec, inputs, results, spec.dimension_of[question])
    assert_same(results, from_all(spec, inputs))


def test_a_plant_level_that_moves_scores_every_dimension_anew():
    """From no plant level to 1, to 4 and back: the changed question stands in another dimension."""
    spec = make_framework(ceilings=PLAIN_CEILINGS, proxies=["D1-A"])
    inputs = Inputs(all_at(spec, 4, D1_A=None))
    results, seen = evaluate_briefly(spec, inputs), []
    for replies in (all_at(spec, 4, D1_A=1), all_at(spec, 4, D1_A=5), all_at(spec, 4, D1_A=None)):
        inputs = with_replies(inputs, replies)
        results = evaluate_change(spec, inputs, results, "D1")
        assert_same(results, evaluate_briefly(spec, inputs))
        seen.append((results.dpmm and results.dpmm.level, results.readings.claimed.dimensions["D5"].standing))
    assert seen == [(1, "ahead"), (4, "sustained"), (None, "unknown")]


def test_other_dimensions_are_taken_as_they_were():
    spec = make_framework()
    inputs = Inputs(all_at(spec, 2), PLANT_5)
    before = evaluate_briefly(spec, inputs)
    after = evaluate_change(spec, with_replies(inputs, all_at(spec, 2, D3_A=4)), before, "D3")
    for then, now in (
        (before.readings.claimed, after.readings.claimed),
        (before.readings.evidenced, after.readings.evidenced),
    ):
        kept = [code for code, score in now.dimensions.items() if score is then.dimensions[code]]
        assert kept == ["D1", "D2", "D4", "D5"]
