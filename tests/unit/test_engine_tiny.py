"""The tiny framework, small enough to check by hand: the whole output, byte for byte."""

from pathlib import Path

from assessments.engine.evaluate import evaluate, evaluate_briefly
from assessments.engine.reading import read_input, read_results
from assessments.engine.shapes import BriefResults, Table
from assessments.engine.writing import results_document, write_input, write_results
from frameworks.document.checks import load_framework

TINY = Path(__file__).parents[1] / "data" / "tiny"
SPEC = load_framework((TINY / "tiny-1.0.yaml").read_bytes())
INPUTS = read_input((TINY / "input.json").read_bytes(), SPEC)
EXPECTED = (TINY / "output.json").read_text(encoding="utf-8")


def test_output_is_the_same_byte_for_byte():
    assert write_results(evaluate(SPEC, INPUTS)) == EXPECTED


def test_brief_results_are_those_of_the_whole():
    results = evaluate(SPEC, INPUTS)
    assert evaluate_briefly(SPEC, INPUTS) == BriefResults(
        completeness=results.completeness,
        dpmm=results.dpmm,
        readings=results.readings,
        verdicts=Table(results.verdicts),
    )


def test_results_and_input_are_read_back_the_same():
    results = evaluate(SPEC, INPUTS)
    assert read_results(results_document(results)) == results
    assert read_input(write_input("tiny", "1.0", INPUTS), SPEC) == INPUTS
