"""Texts that name a number which is no longer the count."""

from __future__ import annotations

import copy

import pytest

from frameworks.document.dump import dump_document
from frameworks.document.parts import new_question
from frameworks.document.reminders import WORDS, Reminder, find_reminders
from tests.builders import bami_spec

BAMI = dump_document(bami_spec())


def one_more():
    document = copy.deepcopy(BAMI)
    document["dimensions"][0]["questions"].append(new_question("D1-NEW", "A new one"))
    return document


def test_nothing_is_reminded_of_while_the_counts_are_the_same():
    assert find_reminders(BAMI, BAMI) == []


@pytest.mark.parametrize("said", ["fifty questions", "50 questions", "Fifty questions"])
def test_a_text_with_the_count_before_is_reminded_of(said):
    document = one_more()
    document["summary"] = f"It asks {said} in five dimensions; two questions of each are quick."
    reminders = [row for row in find_reminders(BAMI, document) if row.place == "summary"]
    assert reminders == [Reminder("summary", said, 51)]


@pytest.mark.parametrize(
    "said", ["fifty-one questions", "51 questions", "ten questions", "many questions", "5 questions"]
)
def test_other_numbers_are_about_something_else(said):
    document = one_more() | {"summary": f"It asks {said}."}
    assert [row for row in find_reminders(BAMI, document) if row.place == "summary"] == []


def test_texts_deep_inside_are_found_too():
    document = one_more()
    document["dimensions"][1]["questions"][2]["why"] = "One of fifty questions."
    assert ("dimensions[1].questions[2].why", "fifty questions", 51) in find_reminders(BAMI, document)


def test_numbers_in_words():
    assert (WORDS["one"], WORDS["nineteen"], WORDS["fifty"], WORDS["ninety-nine"]) == (1, 19, 50, 99)


def test_anything_can_be_looked_through():
    assert find_reminders({}, {"dimensions": [7, {"questions": None}], "summary": ["fifty questions"]}) == []
