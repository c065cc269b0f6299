"""Two states side by side: every sentence is made from the derivation, by code, across versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.charts.comparison import Side, compare, moved
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from assessments.templatetags.sentences import follows_of, sentence_of
from tests.engine_builders import DIMENSIONS, make_dimension, make_framework, make_question, make_use_case
from tests.property.engine_strategies import frameworks, laws, told
from tests.property.test_rule_laws import record_of as record_told
from tests.records import answer_record, make_record, open_record

SPEC = make_framework(
    [make_dimension(code, [make_question(f"{code}-{letter}") for letter in "AB"]) for code in DIMENSIONS],
    use_cases=[make_use_case("UC1", 3, {"D1-A": 4}, bounded=2, site_wide=3)],
)


def side(level=3, dpmm=3, spec=SPEC, **levels):
    """Every question at one level but for those named; None leaves one open."""
    changes = {code.replace("_", "-"): given for code, given in levels.items()}
    rows = [
        open_record(code)
        if changes.get(code, level) is None
        else answer_record(code, changes.get(code, level), grade="E3")
        for code in spec.questions
    ]
    stated = DpmmRecord("assessed" if dpmm else "not_known", dpmm, "", "", "")
    record = make_record(spec, answers=tuple(rows), dpmm=stated, use_cases=())
    return Side(spec, record, evaluate(spec, record.inputs()))


def said(before, after):
    found = compare(before, after)
    return [sentence_of(after.spec, row) for row in found.findings]


def test_two_equal_sides_say_so():
    found = compare(side(), side())
    assert [row.code for row in found.findings] == ["cmp_nothing"]
    assert not (found.answers or found.uses or found.reworded)
    assert {row.moved for row in found.dimensions} == {"same"}
    assert not found.is_across_versions


CASES = [
    (
        side(),
        side(D2_A=2),
        [
            "The level of the site fell from 3 to 2 Level 2: D2 fell",
            "The index fell from 60 to 58 of 100",
            "D2 counts only 2 instead of 3: “D2-A” fell",
        ],
    ),
    (
        side(D2_A=1, D2_B=1, D3_A=1, D3_B=1),
        side(),
        [
            "The level of the site rose from 1 to 3 Level 3: D2 and D3 rose",
            "The index rose from 44 to 60 of 100",
            "D2 counts 3 instead of 1: “D2-A” and “D2-B” rose",
            "D3 counts 3 instead of 1: “D3-A” and “D3-B” rose",
            "“UC1” went from Premature to Near: less is short in D2 and D3",
        ],
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_the_whole_the_dimensions_and_their_causes_are_said(before, after, expected):
    assert said(before, after) == expected


def test_a_ceiling_is_named_as_the_cause_where_it_is_one():
    before, after = side(dpmm=3, D1_A=4, D1_B=4), side(dpmm=4, D1_A=4, D1_B=4)
    assert "D1 counts 4 instead of 3: the ceiling rose from 3 to 4 at DPMM 4" in said(before, after)
    assert "D1 counts only 3 instead of 4: the ceiling fell from 4 to 3 at DPMM 3" in said(after, before)
    freed = said(side(dpmm=3, D1_A=4, D1_B=4), side(dpmm=None, D1_A=None, D1_B=4))
    assert any("no ceiling applies any more" in text for text in freed)


def test_answers_and_a_ceiling_are_both_named_where_both_stood_in_the_way():
    texts = said(side(dpmm=3, D1_A=3, D1_B=3), side(dpmm=4, D1_A=4, D1_B=4))
    assert (
        "D1 counts 4 instead of 3: “D1-A” and “D1-B” rose and the ceiling rose from 3 to 4 at DPMM 4" in texts
    )


def test_a_verdict_says_what_is_no_longer_short():
    texts = said(side(D1_A=3), side(D1_A=4, D1_B=4))
    assert "“UC1” went from Near to Ready: less is short in D1-A" in texts
    assert "“UC1” went from Ready to Near: more is short in D1-A" in said(side(D1_A=4, D1_B=4), side(D1_A=3))


def test_a_level_that_came_or_went_is_said():
    texts = said(side(D2_A=None, D2_B=None), side())
    assert texts[0] == "The site has a level now: 3 Level 3"
    assert "D2 has a level now: 3 Level 3" in texts
    texts = said(side(), side(D2_A=None, D2_B=None))
    assert texts[0] == "The site has no level any more; it was 3 Level 3"
    assert "D2 has no level any more" in texts


def test_what_is_held_back_is_said_beside_the_index():
    before, after = side(4, dpmm=4), side(4, dpmm=3)
    found = compare(before, after)
    (index,) = [row for row in found.findings if row.code == "cmp_index"]
    assert follows_of(SPEC, index) == "The digital plant holds back 20 instead of 0."


def other_version():
    """The same framework with one question reworded, one more and one less."""
    questions = [replace(make_question("D1-A"), title="Asked otherwise"), make_question("D1-C")]
    spec = make_framework([make_dimension("D1", questions), *SPEC.dimensions[1:]], use_cases=SPEC.use_cases)
    return replace(spec, version="1.1", content_digest="sha256:" + "1" * 64)


def test_versions_are_compared_by_code():
    found = compare(side(D1_A=2), side(spec=other_version(), D1_A=4))
    assert found.is_across_versions
    assert [question.code for question in found.reworded] == ["D1-A"]
    assert [question.code for question in found.added] == ["D1-C"]
    assert [question.code for question in found.removed] == ["D1-B"]
    (row,) = found.answers
    assert (row.question.title, row.levels, row.moved, row.is_reworded) == (
        "Asked otherwise",
        (2, 4),
        "rose",
        True,
    )


def test_a_level_that_moved_without_an_answer_names_the_questions_asked():
    found = compare(side(D1_A=3, D1_B=1), side(spec=other_version(), D1_A=3, D1_C=3))
    texts = [sentence_of(found.after.spec, row) for row in found.findings]
    assert "D1 counts 3 instead of 1: other questions are asked or apply" in texts


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(1, 2, "rose"), (2, 1, "fell"), (1, 1, "same"), (None, None, "same"), (None, 1, "apart")],
)
def test_which_way_a_number_went(before, after, expected):
    assert moved(before, after) == expected


@laws
@given(st.data())
def test_each_cause_is_true_and_the_other_way_round_all_is_reversed(data):
    spec = data.draw(frameworks())
    sides = []
    for _ in range(2):
        inputs = data.draw(told(spec))
        sides.append(Side(spec, record_told(spec, inputs), evaluate(spec, inputs)))
    before, after = sides
    there, back = compare(before, after), compare(after, before)
    turned = {"rose": "fell", "fell": "rose", "same": "same", "apart": "apart"}
    assert [row.moved for row in there.dimensions] == [turned[row.moved] for row in back.dimensions]
    assert [row.moved for row in there.uses] == [turned[row.moved] for row in back.uses]
    levels = [{row.question: row.reply for row in one.record.answers} for one in sides]
    for row in there.findings:
        text = sentence_of(spec, row)
        assert text and "None" not in text and "%" not in text
        if row.code not in ("cmp_rose", "cmp_fell"):
            continue
        values = row.values
        assert values["by_answers"] or values["by_ceiling"]
        was, now = (one.results.readings.claimed.dimensions[values["dimension"]] for one in sides)
        assert (values["before"], values["after"]) == (was.effective_level, now.effective_level)
        if values["by_ceiling"]:
            ceilings = [one if one is not None else 6 for one in values["ceilings"]]
            assert (ceilings[1] > ceilings[0]) is (row.code == "cmp_rose")
        for code in values["answers"]:
            assert spec.dimension_of[code] == values["dimension"]
            old, new = (getattr(one[code], "level", 0) or 0 for one in levels)
            assert (new > old) is (row.code == "cmp_rose") and new != old
