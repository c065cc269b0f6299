"""Two states side by side: every sentence is made from the derivation, by code, across versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.charts.changes import Side, moved
from assessments.charts.comparison import compare
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from assessments.templatetags.sentences import follows_of, sentence_of
from tests.engine_builders import DIMENSIONS, make_dimension, make_framework, make_question, make_use_case
from tests.records import answer_record, make_record, make_review, open_record

SPEC = make_framework(
    [make_dimension(code, [make_question(f"{code}-{letter}") for letter in "AB"]) for code in DIMENSIONS],
    use_cases=[make_use_case("UC1", 3, {"D1-A": 4}, bounded=2, site_wide=3)],
)


OUT = "not applicable"


def side(level=3, dpmm=3, spec=SPEC, grade="E3", review=None, **levels):
    """Every question at one level but for those named; None leaves one open, OUT is not applicable."""
    changes = {code.replace("_", "-"): given for code, given in levels.items()}
    rows = [_answer(code, changes.get(code, level), grade) for code in spec.questions]
    stated = DpmmRecord("assessed" if dpmm else "not_known", dpmm, "", "", "")
    record = make_record(spec, answers=tuple(rows), dpmm=stated, use_cases=(), review=review)
    return Side(spec, record, evaluate(spec, record.inputs()))


def _answer(code, level, grade):
    if level is None:
        return open_record(code)
    if level == OUT:
        return answer_record(code, None, state="not_applicable", grade="", reason="There is none here.")
    return answer_record(code, level, grade=grade)


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
            "The evidenced level of the site fell from 3 to 2 Level 2",
            "The evidenced index fell from 60 to 58 of 100",
            "What is evidenced fell in D2",
            "D2 counts only 2 instead of 3: “D2-A” fell",
        ],
    ),
    (
        side(D2_A=1, D2_B=1, D3_A=1, D3_B=1),
        side(),
        [
            "The level of the site rose from 1 to 3 Level 3: D2 and D3 rose",
            "The index rose from 44 to 60 of 100",
            "The evidenced level of the site rose from 1 to 3 Level 3",
            "The evidenced index rose from 44 to 60 of 100",
            "What is evidenced rose in D2 and D3",
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


LEFT_OUT = [
    (
        side(D1_A=1, D1_B=1),
        side(D1_A=OUT, D1_B=OUT),
        "The level of the site rose from 1 to 3 Level 3: D1 is left out now",
        "D1 is left out now: no question of it applies",
    ),
    (
        side(D1_A=OUT, D1_B=OUT),
        side(D1_A=1, D1_B=1),
        "The level of the site fell from 3 to 1 Level 1: D1 is not left out any more",
        "D1 is not left out any more: it counts 1",
    ),
    (
        side(D1_A=1, D1_B=1, D2_A=1, D2_B=1, D3_A=2, D3_B=2),
        side(D1_A=OUT, D1_B=OUT),
        "The level of the site rose from 1 to 3 Level 3: D2 and D3 rose and D1 is left out now",
        "D1 is left out now: no question of it applies",
    ),
]


@pytest.mark.parametrize(("before", "after", "whole", "part"), LEFT_OUT)
def test_a_dimension_that_is_left_out_on_one_side_neither_rose_nor_fell(before, after, whole, part):
    texts = said(before, after)
    assert texts[0] == whole
    assert part in texts


TURNED = [
    (
        side(5, dpmm=5),
        side(5, dpmm=5, D1_A=OUT),
        "D1 counts only 4 instead of 5: “D1-A” became not applicable",
    ),
    (
        side(5, dpmm=5, D1_A=OUT),
        side(5, dpmm=5),
        "D1 counts 5 instead of 4: “D1-A” applies now",
    ),
    (
        side(D1_A=1),
        side(D1_A=None),
        "D1 counts 3 instead of 1: “D1-A” has no reply any more",
    ),
    (
        side(D1_A=None),
        side(D1_A=1),
        "D1 counts only 1 instead of 3: “D1-A” has a reply now",
    ),
    (
        side(5, dpmm=5, D1_A=None),
        side(5, dpmm=5, D1_A=OUT),
        "D1 counts only 4 instead of 5: “D1-A” became not applicable",
    ),
    (
        side(D1_A=1, D1_B=1),
        side(D1_A=OUT, D1_B=3),
        "D1 counts 3 instead of 1: “D1-B” rose and “D1-A” became not applicable",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), TURNED)
def test_an_answer_that_began_or_ceased_to_count_is_named_as_that(before, after, expected):
    assert expected in said(before, after)


def test_better_evidence_alone_is_said_in_its_own_reading():
    assert said(side(grade="E0"), side(grade="E3")) == [
        "The evidenced level of the site rose from 1 to 3 Level 3",
        "The evidenced index rose from 20 to 60 of 100",
        "What is evidenced rose in D1, D2, D3 and 2 more",
    ]
    assert said(side(grade="E3"), side(grade="E0")) == [
        "The evidenced level of the site fell from 3 to 1 Level 1",
        "The evidenced index fell from 60 to 20 of 100",
        "What is evidenced fell in D1, D2, D3 and 2 more",
    ]


def reviewed(**levels):
    """A finished review of the small framework that set the levels named and accepted the rest."""
    given = {code.replace("_", "-"): level for code, level in levels.items()}
    accepted = make_review().decisions[0]
    decisions = tuple(
        replace(
            accepted, question=code, kind="set" if code in given else "accepted", level=given.get(code)
        )
        for code in SPEC.questions
    )  # fmt: skip
    return replace(make_review(), decisions=decisions)


def test_a_review_is_said_beside_what_was_submitted():
    found = compare(side(), side(review=reviewed(D1_A=1, D1_B=1)))
    assert [sentence_of(SPEC, row) for row in found.findings] == [
        "The site has a validated level now: 1 Level 1",
        "There is a validated index now: 52 of 100",
    ]
    assert found.is_reviewed
    assert [row.validated for row in found.dimensions] == [(None, 1), *[(None, 3)] * 4]
    assert said(side(review=reviewed()), side()) == [
        "The site has no validated level any more; it was 3 Level 3",
        "There is no validated index any more; it was 60 of 100",
    ]
    assert said(side(review=reviewed(D1_A=1, D1_B=1)), side(review=reviewed(D2_A=2, D2_B=2))) == [
        "The validated level of the site rose from 1 to 2 Level 2",
        "The validated index rose from 52 to 56 of 100",
        "What is validated rose in D1 and fell in D2",
    ]


def test_a_claim_that_moved_above_its_ceiling_is_said():
    texts = said(side(dpmm=2), side(dpmm=2, D1_A=4, D1_B=4))
    assert "D1 claims more; what counts stays the same" in texts
    assert "Nothing that counts is different" not in texts


def test_what_only_one_version_asks_is_not_called_the_same():
    fewer = replace(SPEC, use_cases=(), version="1.1", content_digest="sha256:" + "2" * 64)
    assert said(side(), side(spec=fewer)) == ["What is asked is different; what both have stands the same"]
    assert said(side(), side()) == ["Nothing that counts is different"]


def test_what_is_held_back_is_said_beside_the_index():
    before, after = side(4, dpmm=4), side(4, dpmm=3)
    found = compare(before, after)
    (index,) = [row for row in found.findings if row.code == "cmp_index"]
    assert follows_of(SPEC, index) == "The digital plant holds back 20 instead of 0."


def test_an_answer_that_differs_in_its_evidence_alone_is_told_from_another_reply():
    unknown = answer_record("D1-A", None, state="unknown", grade="")
    before = side(D1_A=0, D1_B=None, D2_A=2)
    changed = {"D1-A": unknown, "D1-B": _answer("D1-B", OUT, ""), "D2-A": _answer("D2-A", 2, "E2")}
    answers = tuple(changed.get(row.question, row) for row in before.record.answers)
    record = replace(before.record, answers=answers)
    found = compare(before, Side(SPEC, record, evaluate(SPEC, record.inputs())))
    told = {row.question.code: (row.moved, row.is_evidence_only) for row in found.answers}
    assert told == {"D1-A": ("same", False), "D1-B": ("same", False), "D2-A": ("same", True)}


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
