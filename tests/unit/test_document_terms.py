"""Words with a fixed meaning in the texts of a question, and what an anchor says beyond the one below."""

from __future__ import annotations

from dataclasses import replace

import pytest

from frameworks.document.shapes import TermSpec
from frameworks.document.terms import explain_question
from frameworks.document.wording import mark_new_words
from tests.builders import bami_spec
from tests.engine_builders import make_question

TERMS = ("Model", "In GMP use", "Historian, MES, LIMS", "Quality", "Batch")
GLOSSARY = tuple(TermSpec(term, f"What {term} means.") for term in TERMS)
EMPTY = replace(make_question("D1-A"), why="-", anchors=("-",) * 6, evidence="-")


def marked(text: str) -> str:
    """The text with its terms in brackets, each with its number."""
    found = explain_question(GLOSSARY, replace(EMPTY, text=text))
    return "".join(f"[{part.text}:{part.term}]" if part.term else part.text for part in found.text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nothing here.", "Nothing here."),
        ("Is each model in GMP use monitored?", "Is each [model:1] [in GMP use:2] monitored?"),
        ("Batches and batch again", "[Batches:5] and batch again"),  # plural; once is enough
        ("Does the MES or LIMS hold it?", "Does the [MES:3] or LIMS hold it?"),
        ("a mes in lower case", "a mes in lower case"),  # an abbreviation is written as it is
        ("Is it approved by quality?", "Is it approved by [quality:4]?"),
        ("Is data quality measured?", "Is data quality measured?"),  # part of a compound
        ("the quality unit", "the quality unit"),
        ("Remodel the batch-wise models", "Remodel the batch-wise models"),  # parts of words
        ("of models", "of [models:1]"),
    ],
)
def test_terms_are_marked_where_they_stand_for_themselves(text, expected):
    assert marked(text) == expected


def test_a_term_is_marked_once_and_those_of_other_texts_are_listed():
    question = replace(
        make_question("D1-A"),
        text="A model is used.",
        why="The model and the batch.",
        anchors=("No historian.", *["-"] * 5),
        evidence="The model in GMP use.",
    )
    found = explain_question(GLOSSARY, question)
    assert [part.text for part in found.why if part.term] == ["batch"]
    assert found.others == (2, 3)
    assert [number for number, _term in found.terms] == [1, 2, 3, 5]


def test_marked_texts_are_the_texts_again():
    spec = bami_spec()
    for question in spec.questions.values():
        found = explain_question(spec.glossary, question)
        assert "".join(part.text for part in found.text) == question.text
        assert "".join(part.text for part in found.why) == question.why


def new(below: str, text: str) -> str:
    return "".join(
        f"[{piece.text}]" if piece.is_changed else piece.text for piece in mark_new_words(below, text)
    )


@pytest.mark.parametrize(
    ("below", "text", "expected"),
    [
        ("", "", ""),
        ("One list exists.", "One list exists.", "One list exists."),
        ("A list exists.", "Lists are approved.", "Lists are [approved]."),  # forms of one word
        ("Values are recorded.", "Values are recorded and trended.", "Values are recorded and [trended]."),
        ("x", "Owners and limits are named.", "[Owners and limits are named]."),  # small words go along
        ("At least 80 % are captured.", "At least 95 % are captured.", "At least [95] % are captured."),
        ("a map", "the MAP of GMP", "the MAP of [GMP]"),
        ("process", "procedure", "[procedure]"),
        ("Training per role is held.", "They have role-based training.", "[They have role-based] training."),
        ("Raw data are read.", "Access to raw-data is agreed.", "[Access] to raw-data is [agreed]."),
        ("The owner knows.", "The model’s owner knows.", "The [model’s] owner knows."),
    ],
)
def test_what_a_text_says_beyond_the_one_below(below, text, expected):
    assert new(below, text) == expected


def test_anchors_with_marks_are_the_anchors_again():
    for question in bami_spec().questions.values():
        for below, text in zip(question.anchors, question.anchors[1:], strict=False):
            assert "".join(piece.text for piece in mark_new_words(below, text)) == text
