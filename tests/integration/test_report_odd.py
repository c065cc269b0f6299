"""Reports of odd records still make sense and say so: nothing known, nothing that applies, the most to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.engine.record import DpmmRecord, PlanRecord
from tests.builders import bami_spec, tiny_spec
from tests.printing import draw, plain
from tests.records import answer_record, make_record

SPEC = bami_spec()
NO_PLANT = DpmmRecord("", None, "", "", "")
EVERY_USE = tuple(use.code for use in SPEC.use_cases)


def all_of(state: str, reason: str = ""):
    return tuple(answer_record(code, None, state=state, grade="", reason=reason) for code in SPEC.questions)


def without(dimension: str):
    """Answers that leave one dimension out."""
    return tuple(
        answer_record(code, None, state="not_applicable", grade="", reason="Nothing of it is made here.")
        if SPEC.dimension_of[code] == dimension
        else answer_record(code)
        for code in SPEC.questions
    )


CASES = {
    "everything unknown": (
        make_record(answers=all_of("unknown"), dpmm=NO_PLANT),
        ["50 questions could not be answered", "is at level 0 Absent"],
    ),
    "nothing applies": (
        make_record(answers=all_of("not_applicable", "Nothing of it is made here.")),
        ["Model governance is left out: every question is not applicable"],
    ),
    "one dimension left out": (
        make_record(answers=without("D3")),
        ["Process portability is left out: every question is not applicable"],
    ),
    "no use and no target": (
        make_record(use_cases=()),
        ["No target yet, so no gap", "No plan yet", "Choose the AI uses that are wanted"],
    ),
    "most to do, one at a time": (
        make_record(
            answers=tuple(answer_record(code, 0, grade="E0") for code in SPEC.questions),
            use_cases=EVERY_USE,
            targets=dict.fromkeys(SPEC.dimension_by_code, 5),
            plan=PlanRecord("2027-01-11", 1, ()),
        ),
        ["1 action at once.", "Later: from week 105"],
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_an_odd_record_makes_sense_on_paper(name, tmp_path):
    record, wanted = CASES[name]
    drawn = draw(record)
    words = plain(drawn.text(tmp_path))
    assert drawn.warnings == []
    assert [text for text in wanted if plain(text) not in words] == []
    actions = [SPEC.action_by_code[step.action] for step in drawn.results.roadmap.actions]
    assert [row.code for row in actions if plain(f"{row.code}, effort {row.effort}") not in words] == []


@pytest.mark.parametrize("name", list(CASES))
def test_its_brief_has_two_pages(name):
    drawn = draw(CASES[name][0], kind="brief")
    assert (drawn.pages, drawn.warnings) == (2, [])


@pytest.mark.parametrize("kind", ["full", "brief"])
def test_a_framework_with_other_names_and_numbers(kind, tmp_path):
    tiny = tiny_spec()
    drawn = draw(replace(make_record(tiny), dpmm=NO_PLANT), tiny, kind=kind)
    words = plain(drawn.text(tmp_path))
    assert drawn.warnings == []
    if kind == "full":
        for question in tiny.questions.values():
            assert plain(question.title) in words
