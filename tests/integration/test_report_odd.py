"""Reports of odd records still make sense and say so: nothing known, nothing that applies, the most to do."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from assessments.engine.record import DpmmRecord, PlanRecord
from tests.builders import bami_spec, tiny_spec
from tests.printing import draw, plain, printed
from tests.records import answer_record, make_record, make_review

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
        [
            "is at level 0 Absent",
            "50 of 50 replies are “don’t know”. Level 0 claimed, 0 evidenced.",
            "Data foundation stands at 0 Absent: 10 of 10 replies are “don’t know”",
        ],
    ),
    "nothing applies": (
        make_record(answers=all_of("not_applicable", "Nothing of it is made here.")),
        [
            "Model governance is left out: every question is not applicable",
            "has no level: every question is not applicable",
            "No dimension has a level",
        ],
    ),
    "targets, and nothing answered": (
        make_record(answers=all_of("unanswered"), use_cases=("UC01", "UC11"), dpmm=NO_PLANT),
        [
            "No gap is known: 50 questions have no reply yet",
            "No plan yet: 50 questions have no reply",
            "50 questions without a reply may hide gaps",
            "Answer the 50 questions that have no reply",
            "State the DPMM level of the site",
        ],
    ),
    "one dimension left out": (
        make_record(answers=without("D3")),
        ["Process portability is left out: every question is not applicable"],
    ),
    "everything reached": (
        make_record(
            answers=tuple(answer_record(code, 5, grade="E3") for code in SPEC.questions),
            dpmm=DpmmRecord("assessed", 5, "", "", ""),
            use_cases=EVERY_USE,
        ),
        ["No decision follows from what was found.", "No action is needed for these targets"],
    ),
    "every dimension low, and the review lower": (
        make_record(
            answers=tuple(answer_record(code, 2, grade="E2") for code in SPEC.questions),
            dpmm=DpmmRecord("assessed", 5, "", "", ""),
            use_cases=EVERY_USE,
            targets=dict.fromkeys(SPEC.dimension_by_code, 5),
            submitted_at="2026-12-02T10:00:00+00:00",
            review=make_review(dict.fromkeys(SPEC.questions, 0)),
        ),
        ["The review puts", "The plan rests on the claims."],
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


@cache
def drawn_of(name):
    return draw(CASES[name][0])


@pytest.mark.parametrize("name", list(CASES))
def test_an_odd_record_makes_sense_on_paper(name, tmp_path):
    wanted, drawn = CASES[name][1], drawn_of(name)
    words = plain(drawn.text(tmp_path))
    assert drawn.warnings == []
    assert [text for text in wanted if plain(text) not in words] == []
    actions = [SPEC.action_by_code[step.action] for step in drawn.results.roadmap.actions]
    assert [row.code for row in actions if plain(f"{row.code}, effort {row.effort}") not in words] == []


WAVES = {
    "first": "First wave: starts before week 14",
    "second": "Second wave: starts before week 53",
    "third": "Third wave: starts before week 105",
    "later": "Later: from week 105",
}


def test_a_plan_of_every_action_is_all_there(tmp_path):
    """All 93 actions of BAMI 1.0, one at a time: 1,833 weeks."""
    drawn = drawn_of("most to do, one at a time")
    steps = drawn.results.roadmap.actions
    assert {step.action for step in steps} == set(SPEC.action_by_code)
    assert all(before.end <= after.start for before, after in pairwise(steps))
    pages = drawn.text(tmp_path).split("\f")[: drawn.pages]
    plans = [page for page in pages if "Weeks since the start" in page]
    assert len(plans) == 4
    assert all(
        "Later" in page and "First" not in page.split("Weeks since the start")[0] for page in plans[1:]
    )
    named = re.findall(r"\bD\d-\d\d\b", " ".join(plans))
    assert sorted(set(named)) == sorted(step.action.removeprefix("A-") for step in steps)
    # Its sheet stands under the head of its wave, in the order of the plan, with its weeks.
    words = plain(" ".join(pages))
    heads = [words.index(plain(text)) for text in WAVES.values()]
    assert heads == sorted(heads)
    place = heads[0]
    for step in steps:
        sheet = words.index(plain(f"{step.action}, effort"), place)
        wave = list(WAVES).index(step.wave)
        assert heads[wave] < sheet < [*heads[1:], len(words)][wave]
        assert plain(f"weeks {step.start + 1}–{step.end}") in words[sheet : sheet + 160]
        place = sheet
    # The last line of the projection is the end of the plan.
    assert re.search(rf"{steps[-1].end} \d+ \w+ 20\d\d \d+ \d", words)


def test_a_dimension_left_out_is_counted_nowhere(tmp_path):
    words = plain(drawn_of("one dimension left out").text(tmp_path))
    assert "1 of 4 dimensions claims more than the digital plant carries" in words
    assert "of 5 dimensions" not in words
    assert "There is no level to lower." in words
    assert "What to have ready for Process portability" not in words


@pytest.mark.parametrize("kind", ["full", "brief"])
def test_no_target_is_called_met_before_anything_is_answered(kind, tmp_path):
    drawn = draw(CASES["targets, and nothing answered"][0], kind=kind)
    words = plain(drawn.text(tmp_path))
    assert "stands at its target" not in words
    assert "No action is needed" not in words


@pytest.mark.parametrize("name", list(CASES))
def test_no_page_is_nearly_empty_but_the_last(name, tmp_path):
    pages = drawn_of(name).text(tmp_path).split("\f")[: drawn_of(name).pages]
    assert [place for place, page in enumerate(pages[1:-1], 2) if len(page.split()) < 60] == []


@pytest.mark.parametrize("kind", ["full", "brief"])
@pytest.mark.parametrize("name", list(CASES))
def test_no_paragraph_ends_in_a_blank(name, kind):
    """With one the renderer breaks a text that just fills its line after the first word."""
    page, _ = printed(replace(CASES[name][0], plan=PlanRecord("", 4, ())), kind=kind)
    assert re.findall(r"[^\n]{0,60}\s</(?:p|h\d)>", page) == []


@pytest.mark.parametrize("name", list(CASES))
def test_the_gap_register_begins_a_page(name, tmp_path):
    pages = drawn_of(name).text(tmp_path, "-layout").split("\f")
    heads = [page.strip().split("\n")[0] for page in pages if "In order of priority" in page]
    assert [head for head in heads if not head.endswith(" Gaps")] == []


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
