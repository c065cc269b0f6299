"""Charts that stand alone: every word of title, legend, chart and notes in sight and clear of the others."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from django.template.loader import render_to_string

from assessments.engine.evaluate import evaluate
from reports.document.drawing import Drawing, Label
from reports.document.figures import FIGURES, Case, Shown, figure
from reports.document.frame import Framed, Words, framed, lines
from reports.document.keys import KEYS, key
from reports.exports import figure_title
from reports.pdf import width_of
from tests.builders import bami_spec
from tests.records import answer_record, make_record, open_record

LONG = (
    "Datenverfügbarkeit und Datenzusammenhänge der gesamten Herstellung",
    "Governance of models across the whole organisation and its partners",
    "Pharmaceuticalmanufacturingqualityassurancesystems",
    "Kurz",
    "Workforce capability, change and continuous improvement culture",
)


def as_long(text: str) -> str:
    return f"{text}, repeatably managed at every site, line and suite"


def long_spec():
    """BAMI with names as another framework may have them."""
    spec = bami_spec()
    return replace(
        spec,
        dimensions=tuple(
            replace(row, short_name=name) for row, name in zip(spec.dimensions, LONG, strict=True)
        ),
        levels=tuple(replace(row, name=as_long(row.name)) for row in spec.levels),
        areas=tuple(replace(row, name=as_long(row.name)) for row in spec.areas),
        use_cases=tuple(replace(row, name=as_long(row.name)) for row in spec.use_cases),
    )


def case_of(spec) -> Case:
    """Answers of every state, a plan with closed weeks and chosen uses."""
    record = make_record(spec)
    states = ("unknown", "unanswered", "not_applicable")
    answers = [
        replace(row, state=states[place], level=None, grade="") if place < len(states) else row
        for place, row in enumerate(record.answers)
    ]
    record = replace(record, answers=tuple(answers), plan=replace(record.plan, blackout_weeks=(3, 4, 20)))
    return Case(spec, record, evaluate(spec, record.inputs()), Shown())


@pytest.fixture(scope="module", params=["as it is", "with long names"])
def case(request):
    return case_of(bami_spec() if request.param == "as it is" else long_spec())


WORDS = Words(
    say=lambda code: render_to_string("reports/pdf/_word.html", {"word": code, "dpmm": 3}),
    note=lambda code: as_long(f"What is said of {code}"),
    wide=width_of,
)


def boxes(whole: Framed) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right, foot and text of every label, in the coordinates of the picture."""
    return [(*_box(label, top), label.text) for top, part in whole.parts for label in part.labels]


def _box(label: Label, top: float) -> tuple[float, float, float, float]:
    wide = width_of(label.text, label.size, label.weight)
    left = label.x - wide * {"start": 0, "middle": 0.5, "end": 1}[label.anchor]
    y = top + label.y
    return left, y - 0.72 * label.size, left + wide, y


@pytest.mark.parametrize("name", FIGURES)
def test_every_word_is_in_sight_and_clear_of_the_others(case, name):
    drawing = figure(name, case)
    assert drawing is not None
    whole = framed(drawing, as_long("What is found"), "W" * 120 + ", " + "W" * 120, key(name, case), WORDS)
    found = boxes(whole)
    outside = [
        text
        for left, top, right, foot, text in found
        if left < whole.left or top < 0 or right > whole.left + whole.width or foot > whole.height
    ]
    assert outside == []
    assert [
        (one[4], other[4])
        for one, other in combinations(found, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 0.5
        and min(one[3], other[3]) - max(one[1], other[1]) > 0.5
    ] == []


@pytest.mark.parametrize("name", ["ladder", "radar", "heat", "plant", "uses"])
def test_no_name_of_a_dimension_is_cut_off(name):
    case = case_of(long_spec())
    drawing = figure(name, case)
    assert drawing is not None
    whole = framed(drawing, "", "", key(name, case), WORDS)
    letters = "".join(text for *_, text in boxes(whole)).replace(" ", "")
    assert [text for text in LONG if text.replace(" ", "") not in letters] == []


def test_every_chart_has_its_key():
    assert set(KEYS) == set(FIGURES)


def test_what_there_is_not_needs_no_mark():
    spec = bami_spec()
    bare = replace(case_of(spec).record, use_cases=(), targets={})
    bare = replace(bare, plan=replace(bare.plan, blackout_weeks=()))
    case = Case(spec, bare, evaluate(spec, bare.inputs()), Shown())
    full = case_of(spec)
    for name, gone in (
        ("ladder", {"target"}),
        ("radar", {"target"}),
        ("uses", {"chosen"}),
        ("gantt", {"nothing_starts"}),
    ):
        words = [{entry.word for entry in key(name, each).entries} for each in (full, case)]
        assert words[0] - words[1] == gone


def test_a_drawing_without_key_or_title_has_margins_alone():
    drawing = Drawing(100, 50, (), (Label(0, 50, "Foot", size=8),))
    whole = framed(drawing, "", "", key("areas", case_of(bami_spec())), replace(WORDS, note=lambda _: ""))
    assert (whole.left, whole.width, whole.height) == (-16, 132, 84)


def test_lines_fit_their_room_and_lose_nothing():
    text = "A plain sentence and Pharmaceuticalmanufacturingqualityassurancesystems " + "W" * 50
    found = lines(text, 9, 600, 80, width_of)
    assert all(width_of(line, 9, 600) <= 80 for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert lines("", 9, 400, 80, width_of) == []


def test_where_nothing_is_answered_no_title_is_empty_or_speaks_of_answers():
    spec = bami_spec()
    record = make_record(spec, answers=tuple(open_record(code) for code in spec.questions))
    case = Case(spec, record, evaluate(spec, record.inputs()), Shown(reading="evidenced"))
    assert all(figure_title(name, case) for name in FIGURES if name not in ("gantt", "projection"))
    assert figure_title("areas", case) == "No area is scored yet"
    assert figure_title("heat", case) == figure_title("heat", replace(case, shown=Shown()))


def test_a_heat_map_of_answers_that_nobody_knows_does_not_speak_of_evidence():
    spec = bami_spec()
    answers = tuple(answer_record(code, None, state="unknown", grade="") for code in spec.questions)
    record = make_record(spec, answers=answers)
    case = Case(spec, record, evaluate(spec, record.inputs()), Shown(reading="evidenced"))
    assert figure_title("heat", case) == "Every answer at a glance"
