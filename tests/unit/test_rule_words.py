"""The words of findings: what follows from each with its numbers, for none, one and many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessments.charts.rules.shapes import Finding
from assessments.templatetags.said.names import clauses, listed
from assessments.templatetags.sentences import follows_of, sentence_of
from tests.findings import (
    BAMI,
    BEST_PLANT,
    HIGH,
    ONE_EVIDENCE,
    ONE_LOW,
    ONE_OUT,
    OPEN,
    POINTS,
    SMALL,
    found_in,
    record_of,
    said,
    spaced,
)
from tests.records import make_record, make_review

FOLLOWING = [
    ("next_level", {"changes": ONE_LOW | {"D2-A": 3}}, "It is 1 level short."),
    ("next_level", {"changes": ONE_LOW}, "Both must reach level 2."),
    ("next_level", {"changes": {"D2-A": 1, "D2-B": 3}}, "It is 1 level short, and it is a gate question."),
    (
        "above_plant",
        {"changes": HIGH},
        "At DPMM 3 Plant 3 D1 claims 5 and counts 3.",
    ),
    ("plant_carries", {}, "At DPMM 3 Plant 3 no level is lowered."),
    ("plant_carries", {"changes": POINTS}, "A score counts only up to its ceiling at DPMM 3 Plant 3."),
    ("plant_step", {"changes": HIGH}, "D1 counts 4 instead of 3; 1 claim stays above its ceiling."),
    (
        "plant_step",
        {"changes": {"D1-A": 4, "D1-B": 4}},
        "D1 counts 4 instead of 3; no claim is lowered then.",
    ),
    ("evidence_short", {"changes": ONE_EVIDENCE}, "D1 claims 3, evidenced 1."),
    (
        "evidence_holds",
        {"changes": ONE_EVIDENCE | {"D1-B": 3}},
        "Its level suffices already; what is missing is a higher evidence grade.",
    ),
    (
        "evidence_holds",
        {"changes": ONE_EVIDENCE},
        "Their levels suffice already; what is missing is a higher evidence grade.",
    ),
    (
        "evidence_carries",
        {"changes": {"D1-A": 1, "D1-B": {"level": 3, "grade": "E0"}}},
        "1 answer claims more than its evidence carries; the level of its dimension does not need it.",
    ),
    (
        "without_evidence",
        {"changes": {"D1-A": {"level": 3, "grade": "E0"}, "D1-B": {"level": 3, "grade": ""}}},
        "“D1-A” is claimed at level 3: grade E0 carries 1; "
        "“D1-B” is claimed at level 3: no grade is given, which carries 1.",
    ),
    ("one_step_away", {"changes": {"D2-A": 2, "D2-B": 2}}, "“UC1” needs “D2” at 3."),
    ("verdicts", {"levels": 0}, "3 are premature."),
    ("gaps", {"targets": {"D1": 4}}, "First comes “D1-A”, from 3 to 4, priority 2."),
    ("plan", {"targets": {"D1": 4}}, "The level of the site stays at 3 Level 3."),
    (
        "longest_chain",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "2 actions that follow one another, 6 weeks of work, until week 6."
        " The index makes its largest step on the way, at the end of week 2.",
    ),
    (
        "longest_chain",
        {"targets": {"D1": 4}},
        "4 weeks of work, until week 4. The index makes its largest step at its end.",
    ),
    ("answer_rest", {"changes": {"D1-A": None}}, "Level, gaps and plan rest on 9 of 10 replies."),
    ("answer_rest", {"changes": OPEN}, "Levels, gaps and the plan follow from the replies."),
    (
        "capped",
        {"levels": 5, "changes": ONE_OUT, "dpmm": BEST_PLANT},
        "A dimension with a question that is not applicable stands at 4 at most.",
    ),
    ("gaps_unknown", {"targets": {"D1": 3}, "changes": {"D1-A": None}}, "It may hide a gap."),
    ("gaps_unknown", {"targets": {"D1": 3}, "changes": OPEN}, "Each of them may hide a gap."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fields", "expected"), FOLLOWING)
def test_what_follows_is_said_with_its_numbers(code, fields, expected):
    text = said(record_of(**fields), code)
    assert text is not None
    assert text[1].startswith(expected)


HOW_MANY = {
    "n": 5, "gates": 0, "steps": 6, "level": 1, "next": 2, "need": 2, "least": 3, "enough": 3,
    "low_gates": (), "floor": 1, "is_capped": False, "dimension": "D2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "Any 3 of them at level 2 are enough, fewer are not."),
        ({"least": 1, "enough": 1}, "Any one of them at level 2 is enough."),
        ({"least": 5, "enough": 5}, "All 5 must reach level 2."),
        ({"n": 2, "least": 2, "enough": 2}, "Both must reach level 2."),
        ({"least": 2}, "At least 2 of them must reach level 2; any 3 are enough."),
        ({"enough": 5}, "At least 3 of them must reach level 2; which, depends on their weights."),
        (
            {"low_gates": ("D2-A",)},
            "Any 3 of them at level 2 are enough, fewer are not."
            " The gate question “D2-A” must stand at level 1 at least.",
        ),
        (
            {"low_gates": ("D2-A", "D2-B")},
            "Any 3 of them at level 2 are enough, fewer are not."
            " The gate questions “D2-A” and “D2-B” must stand at level 1 at least.",
        ),
        ({"least": 5, "enough": 5, "low_gates": ("D2-A",)}, "All 5 must reach level 2."),
        (
            {"n": 3, "gates": 3, "need": 1, "least": 3, "enough": 3, "low_gates": ("D2-A", "D2-B")},
            "All 3 are gate questions and must reach level 1.",
        ),
        (
            {"n": 2, "gates": 2, "need": 1, "least": 2, "enough": 2},
            "Both are gate questions and must reach level 1.",
        ),
        (
            {"level": 4, "next": 5, "is_capped": True},
            "So does a question that is not applicable: with one the dimension stands at 4 at most.",
        ),
    ],
)  # fmt: skip
def test_how_many_answers_have_to_rise_is_said(values, expected):
    assert follows_of(SMALL, Finding("next_level", "limit", "standing", HOW_MANY | values)) == expected


RAISED = {
    "have": 2, "need": 3, "steps": ((3, ("D1",)),), "reached": (), "end": 2, "is_planned": True,
    "start_on": None, "held_back": 0, "is_held": False,
}  # fmt: skip
TWO_STEPS = {"need": 4, "steps": ((3, ("D1", "D4")), (4, ("D3",)))}
FROM_JANUARY = {"start_on": date(2027, 1, 11)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"is_planned": False},
            "DPMM 3 brings the target of D1 within reach. No action raises it:"
            " the target of D1 stays out of reach.",
        ),
        (
            {},
            "DPMM 3 brings the target of D1 within reach. The plan leaves it at DPMM 2:"
            " the target of D1 stays out of reach.",
        ),
        (
            {"reached": ((3, 131),), "end": 3, "is_held": True, "held_back": 5},
            "DPMM 3 brings the target of D1 within reach. The plan reaches DPMM 3 at the end of week 131."
            " Today its ceilings hold back 5 points of the index.",
        ),
        (
            {"reached": ((3, 1),), "end": 3, "is_held": True, "held_back": 1} | FROM_JANUARY,
            "DPMM 3 brings the target of D1 within reach."
            " The plan reaches DPMM 3 at the end of week 1 (17 January 2027)."
            " Today its ceilings hold back 1 point of the index.",
        ),
        (
            TWO_STEPS | {"reached": ((3, 136),), "end": 3, "is_held": True},
            "DPMM 3 brings the targets of D1 and D4 within reach, DPMM 4 that of D3."
            " The plan reaches DPMM 3 at the end of week 136 and ends there:"
            " the target of D3 stays out of reach."
            " Today its ceilings hold back less than one point of the index.",
        ),
        (
            TWO_STEPS | {"reached": ((3, 136), (4, 150)), "end": 4},
            "DPMM 3 brings the targets of D1 and D4 within reach, DPMM 4 that of D3."
            " The plan reaches DPMM 3 at the end of week 136 and DPMM 4 at the end of week 150.",
        ),
        (
            TWO_STEPS | {"reached": ((3, 136), (4, 136)), "end": 4},
            "DPMM 3 brings the targets of D1 and D4 within reach, DPMM 4 that of D3."
            " The plan reaches DPMM 4 at the end of week 136.",
        ),
        (
            {"need": 4, "steps": ((4, ("D1", "D3")),), "end": 3},
            "DPMM 4 brings the targets of D1 and D3 within reach. The plan ends at DPMM 3:"
            " the targets of D1 and D3 stay out of reach.",
        ),
        (
            {"need": 5, "steps": ((3, ("D1",)), (5, ("D2", "D3"))), "reached": ((3, 9),), "end": 4},
            "DPMM 3 brings the target of D1 within reach, DPMM 5 those of D2 and D3."
            " The plan reaches DPMM 3 at the end of week 9 and ends at DPMM 4:"
            " the targets of D2 and D3 stay out of reach.",
        ),
    ],
)  # fmt: skip
def test_what_a_higher_dpmm_level_brings_is_said_with_when_the_plan_gets_there(values, expected):
    assert follows_of(SMALL, Finding("foundation", "decision", "gaps", RAISED | values)) == expected


@pytest.mark.parametrize(
    ("levels", "disputed", "expected"),
    [
        ({}, 0, ("The review accepted every answer as evidenced", "It decided on 50 answers.")),
        ({"D1-CTX": 1}, 0, ("The review changed 1 level", "It decided on 50 answers.")),
        (
            {"D1-CTX": 1, "D1-INV": 1},
            1,
            ("The review changed 2 levels", "It decided on 50 answers; the site disagrees with 1 change."),
        ),
    ],
)
def test_a_finished_review_is_said(levels, disputed, expected):
    record = make_record(BAMI, review=make_review(levels))
    assert said(record, "reviewed", BAMI, disputed) == expected


def test_the_review_that_moves_a_dimension_is_said():
    codes = [question.code for question in BAMI.dimensions[1].questions]
    record = make_record(BAMI, review=make_review(dict.fromkeys(codes, 1)))
    text = said(record, "validated_apart", BAMI)
    name = BAMI.dimensions[1].short_name
    assert text == (
        "The review moved the level of 1 dimension",
        f"{name} was evidenced at 2 and stands validated at 1.",
    )


@pytest.mark.parametrize(
    ("n", "codes", "expected"),
    [
        (1, ("D1",), "D1 meets its target already; closing it makes that hold question by question."),
        (2, ("D1",), "D1 meets its target already; closing them makes that hold question by question."),
        (
            2,
            ("D1", "D2"),
            "D1 and D2 meet their targets already; closing them makes those hold question by question.",
        ),
    ],
)
def test_gaps_that_would_make_a_target_firm_are_said_for_one_and_many(n, codes, expected):
    assert follows_of(SMALL, Finding("firm", "fact", "gaps", {"n": n, "dimensions": codes})) == expected


def test_points_above_a_ceiling_are_said_for_none_and_one():
    values = {"dpmm": 3, "held_back": 1, "is_held": True, "is_claimed": True}
    one = Finding("plant_carries", "strength", "plant", values)
    assert sentence_of(SMALL, one) == "The digital plant lowers no level but holds back 1 point of the index"
    part = replace(one, values=values | {"held_back": 0})
    assert sentence_of(SMALL, part) == (
        "The digital plant lowers no level but holds back less than one point of the index"
    )


REACHED = {
    "level": 2, "week": 6, "n": 4, "ready": 4, "bounded": 0, "by": 72, "start_on": None,
    "replied": 10, "asked": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {},
            "The plan reaches level 2 Level 2 at the end of week 6;"
            " 4 of 4 chosen AI uses are ready by the end of week 72",
        ),
        (
            FROM_JANUARY,
            "The plan reaches level 2 Level 2 at the end of week 6 (21 February 2027);"
            " 4 of 4 chosen AI uses are ready by the end of week 72 (28 May 2028)",
        ),
        ({"by": None}, "The plan reaches level 2 Level 2 at the end of week 6"),
        (
            {"level": None, "week": None, "ready": 1},
            "With the plan 1 of 4 chosen AI uses is ready by the end of week 72",
        ),
        (
            {"ready": 2, "bounded": 1},
            "The plan reaches level 2 Level 2 at the end of week 6;"
            " 2 of 4 chosen AI uses are ready, 1 more on one line, by the end of week 72",
        ),
        (
            {"level": None, "week": None, "ready": 0, "bounded": 2},
            "With the plan 2 of 4 chosen AI uses are ready on one line by the end of week 72",
        ),
        (
            {"level": None, "week": None, "n": 1, "ready": 0, "bounded": 1},
            "With the plan the chosen AI use is ready for one line, suite or product"
            " by the end of week 72",
        ),
        (
            {"by": None, "replied": 3},
            "Reckoned from 3 of 10 replies, the plan reaches level 2 Level 2 at the end of week 6",
        ),
    ],
)  # fmt: skip
def test_the_best_news_of_a_plan_is_said_in_one_sentence(values, expected):
    assert sentence_of(SMALL, Finding("plan_reaches", "fact", "roadmap", REACHED | values)) == expected


def test_answers_that_carry_the_result_are_counted_once():
    found = {row.code: row for row in found_in(record_of())}
    row = found["load_bearing"]
    assert row.values["n"] == len(row.evidence) == len(set(row.evidence))
    assert sentence_of(SMALL, row) == f"{row.values['n']} answers carry the result"
    one = Finding("load_bearing", "fact", "ground", {"n": 1, "level": 1})
    assert sentence_of(SMALL, one) == "1 answer carries the result"
    assert follows_of(SMALL, one) == (
        "One level less there would change a level or a verdict, the level of the site among them."
    )
    many = replace(one, values={"n": 3, "level": 2})
    assert follows_of(SMALL, many) == (
        "One level less in any of them would change a level or a verdict; "
        "the level of the site hangs on 2 of them."
    )


def test_a_plan_that_moves_no_index_says_so():
    values = {"n": 1, "week": 4, "from": 60, "to": 60, "is_raised": False, "level": 3, "to_level": 4}
    plan = Finding("plan", "fact", "roadmap", values)
    assert sentence_of(SMALL, plan) == "1 action over 4 weeks leaves the index where it is"
    assert follows_of(SMALL, plan) == "The level of the site goes from 3 to 4 Level 4."
    unscored = replace(plan, values=values | {"n": 2, "from": None, "to": None, "level": None})
    assert sentence_of(SMALL, unscored) == "2 actions over 4 weeks leave the index where it is"
    assert follows_of(SMALL, unscored) == ""
    little = replace(plan, values=values | {"is_raised": True, "week": 1})
    assert sentence_of(SMALL, little) == "1 action over 1 week raises the index by less than one point"
    assert (
        spaced(sentence_of(SMALL, replace(little, values={**little.values, "n": 2, "week": 6, "to": 61})))
        == "2 actions over 6 weeks raise the index from 60 to 61"
    )


def test_a_share_of_a_point_is_the_largest_step_where_none_is_larger():
    values = {"week": 3, "rise": 0}
    text = "The largest step of the index, less than one point, comes at the end of week 3"
    assert sentence_of(SMALL, Finding("projected", "fact", "roadmap", values)) == text
    none = Finding("projected", "fact", "roadmap", {"week": None, "rise": None})
    assert sentence_of(SMALL, none) == "The index stays where it is"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ". It starts in week 117."),
        (FROM_JANUARY | {"start": 1}, ". It starts in week 1 (11 January 2027)."),
        ({"actions": ("A-1", "A-2")}, ". The first of them starts in week 117."),
        ({"dpmm": 4}, ": the digital plant reaches DPMM 4 then. It starts in week 117."),
        (
            {"dpmm": 4, "lifts": True},
            ": the digital plant reaches DPMM 4 then, and its ceilings rise. It starts in week 117.",
        ),
    ],
)
def test_the_largest_step_says_when_it_starts_and_whether_the_digital_plant_makes_it(values, expected):
    step = {
        "week": 131, "rise": 14, "actions": ("A-1",), "start": 117, "start_on": None, "dpmm": None,
        "lifts": False,
    }  # fmt: skip
    found = Finding("largest_step", "decision", "roadmap", step | values)
    assert follows_of(SMALL, found) == (
        "The largest step of the index, 14 points, comes at the end of week 131" + expected
    )


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_names_stand_in_a_row(names, expected):
    assert listed(names) == expected


def test_of_many_clauses_the_first_are_said():
    assert clauses(list("ABCD")) == "A; B; C; D"
    assert clauses(list("ABCDE")) == "A; B; C; 2 more"
