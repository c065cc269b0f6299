"""Laws of the engine's JSON: what is written is read back, and nothing else than faults comes of the rest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.engine.evaluate import evaluate
from assessments.engine.reading import read_input, read_results
from assessments.engine.strict_json import InputFaults
from assessments.engine.writing import input_document, results_document, write_input, write_results
from tests.property.engine_strategies import cases, laws


@laws
@given(cases())
def test_inputs_and_results_are_written_and_read_back_the_same(case):
    spec, inputs = case
    assert read_input(write_input("small", "1.0", inputs), spec) == inputs
    results = evaluate(spec, inputs)
    assert read_results(json.loads(write_results(results))) == results
    assert read_results(results_document(results)) == results


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 7)
    | st.floats()
    | st.sampled_from(["E1", "D1-A", "UC0", "…"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["level", "unknown", "D1-A", "UC0", "capacity"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@laws
@given(cases(), JSON, st.data())
def test_any_value_in_any_place_is_read_or_a_fault_with_its_place(case, value, data):
    spec, inputs = case
    document = input_document("small", "1.0", inputs)
    holder, key = document, data.draw(st.sampled_from(sorted(document)))
    while isinstance(holder[key], dict) and holder[key] and data.draw(st.booleans()):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder)))
    holder[key] = value
    try:
        read = read_input(json.dumps(document), spec)
    except InputFaults as faults:
        assert faults.faults
        assert all((fault.place and key in fault.place) or fault.place for fault in faults.faults)
    else:
        evaluate(spec, read)


@laws
@given(st.binary(max_size=60) | st.text(max_size=60) | st.text('{}[]":,0eN\\', max_size=60))
def test_any_text_is_a_fault(source):
    with pytest.raises(InputFaults) as caught:
        read_input(source, lambda framework, version: None)
    assert all(fault.place and fault.message for fault in caught.value.faults)
