"""The rules of findings as a table of cases: condition, values and words for none, one and many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.charts.planning import gap_rows
from assessments.charts.rules import decisions_of, findings_of, heads_of, limits_of, strengths_of
from assessments.charts.rules.all import RULES
from assessments.charts.rules.shapes import Finding
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from assessments.templatetags.said.names import clauses, listed
from assessments.templatetags.sentences import FOLLOWS, SENTENCES, follows_of, sentence_of
from tests.builders import bami_spec
from tests.engine_builders import (
    DIMENSIONS,
    make_action,
    make_dimension,
    make_flag,
    make_framework,
    make_question,
    make_use_case,
)
from tests.records import answer_record, make_record, make_review, open_record

BAMI = bami_spec()
SMALL = make_framework(
    [
        make_dimension(code, [make_question(f"{code}-A", gate=True), make_question(f"{code}-B")])
        for code in DIMENSIONS
    ],
    use_cases=[
        make_use_case("UC1", 3, bounded=1, site_wide=3),
        make_use_case("UC2", 1),
        make_use_case("UC3", 5),
    ],
    actions=[
        make_action("A-1", ["D1-A"], (0, 3), (2, 2)),
        make_action("A-2", ["D1-A"], (3, 4), (4, 4), prerequisites=["A-1"]),
    ],
    flags=[make_flag("F1", ("D1-A", 4), {"D2-A": 1})],
)
PLANT = DpmmRecord("assessed", 3, "", "", "")
NOT_HERE = {"level": None, "state": "not_applicable", "grade": "", "reason": "There is none here."}
UNKNOWN = {"level": None, "state": "unknown", "grade": ""}


def record_of(levels=3, grade="E3", changes=None, **fields):
    """Every question of the small framework at one level, but for the changes; None leaves one open."""
    changes = changes or {}
    answers = []
    for code in SMALL.questions:
        given = changes.get(code, levels)
        if given is None:
            answers.append(open_record(code))
        elif isinstance(given, dict):
            answers.append(answer_record(code, **({"grade": grade} | given)))
        else:
            answers.append(answer_record(code, given, grade=grade))
    return make_record(SMALL, **({"dpmm": PLANT, "use_cases": (), "answers": tuple(answers)} | fields))


def found_in(record, spec=SMALL, disputed=0):
    return findings_of(spec, record, evaluate(spec, record.inputs()), disputed)


def said(record, code, spec=SMALL, disputed=0):
    """The sentence of a rule and what follows; None where the rule does not hold."""
    rows = [row for row in found_in(record, spec, disputed) if row.code == code]
    assert len(rows) <= 1
    return (spaced(sentence_of(spec, rows[0])), follows_of(spec, rows[0])) if rows else None


def spaced(text):
    """A text with plain spaces where it holds what belongs together on one line."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


ONE_LOW = {"D2-A": 1, "D2-B": 1}
TWO_LOW = ONE_LOW | {"D3-A": 1, "D3-B": 1}
THREE_LOW = TWO_LOW | {"D4-A": 1, "D4-B": 1}
OPEN = dict.fromkeys(SMALL.questions)
ALL_UNKNOWN = dict.fromkeys(SMALL.questions, UNKNOWN)
ALL_OUT = dict.fromkeys(SMALL.questions, NOT_HERE)
ONE_OUT = {"D1-A": NOT_HERE}
BEST_PLANT = DpmmRecord("assessed", 5, "", "", "")
D5_OUT = {"D5-A": NOT_HERE, "D5-B": NOT_HERE}
HIGH = {"D1-A": 5, "D1-B": 5}
POINTS = {"D1-B": 4}  # the level stays at 3, the score is 3.5
ONE_EVIDENCE = {"D1-A": {"level": 3, "grade": "E0"}, "D1-B": {"level": 3, "grade": "E0"}}
TWO_EVIDENCE = ONE_EVIDENCE | {"D2-A": {"level": 3, "grade": "E0"}, "D2-B": {"level": 3, "grade": "E0"}}

CASES = [
    ("nothing_answered", {"changes": OPEN}, "No question has a reply yet"),
    ("nothing_answered", {"changes": {"D1-A": None}}, None),
    ("all_left_out", {"changes": ALL_OUT}, "No level: every question is not applicable"),
    ("all_left_out", {"changes": D5_OUT}, None),
    ("no_level", {"changes": {"D2-A": None, "D2-B": None}}, "No level yet: D2 has no scored answer"),
    (
        "no_level",
        {"changes": {"D2-A": None, "D2-B": None, "D4-A": None, "D4-B": None}},
        "No level yet: D2 and D4 have no scored answer",
    ),
    ("no_level", {"changes": D5_OUT}, None),
    ("level", {}, "Level 3 Level 3: every dimension stands there"),
    ("level", {"changes": ONE_LOW}, "Level 1 Level 1: D2 sets it"),
    ("level", {"changes": TWO_LOW}, "Level 1 Level 1: D2 and D3 set it"),
    ("level", {"changes": THREE_LOW}, "Level 1 Level 1: 3 of 5 dimensions set it"),
    ("level", {"changes": THREE_LOW | D5_OUT}, "Level 1 Level 1: 3 of 4 dimensions set it"),
    (
        "level",
        {"changes": {code: NOT_HERE for code in SMALL.questions if not code.startswith("D1")}},
        "Level 3 Level 3: its one dimension stands there",
    ),
    ("readings", {}, "Level 3 claimed, 3 evidenced"),
    ("readings", {"changes": ONE_EVIDENCE}, "Level 3 claimed, 1 evidenced"),
    ("readings", {"changes": OPEN}, None),
    ("index", {}, "Index 60 of 100, nothing held back by the digital plant"),
    ("index", {"changes": HIGH}, "Index 60 of 100, 8 held back by the digital plant"),
    (
        "index",
        {"changes": {"D2-A": None, "D2-B": None}},
        "Index 60 of 100, nothing held back by the digital plant, provisional",
    ),
    ("index", {"changes": OPEN}, None),
    (
        "plant_limits",
        {"levels": 4},
        "The digital plant sets the limit: without its ceilings the site would stand at level 4 Level 4",
    ),
    ("plant_limits", {}, None),
    ("next_level", {"changes": ONE_LOW | {"D2-A": 3}}, "1 answer holds D2 back from level 2 Level 2"),
    ("next_level", {"changes": ONE_LOW}, "2 answers hold D2 back from level 2 Level 2"),
    ("capped", {}, None),
    ("capped", {"levels": 4, "changes": ONE_OUT, "dpmm": BEST_PLANT}, None),
    (
        "capped",
        {"levels": 5, "changes": ONE_OUT, "dpmm": BEST_PLANT},
        "Only a question that is not applicable holds D1 at level 4 Level 4",
    ),
    (
        "capped",
        {"levels": 5, "changes": ONE_OUT | {"D2-B": NOT_HERE}, "dpmm": BEST_PLANT},
        "Only questions that are not applicable hold D1 and D2 at level 4 Level 4",
    ),
    ("no_plant", {"dpmm": DpmmRecord("", None, "", "", "")}, None),  # derived
    (
        "no_plant",
        {"dpmm": DpmmRecord("not_known", None, "", "", ""), "changes": {"D1-A": None}},
        "No DPMM level is known",
    ),
    ("plant_spans", {}, "DPMM 3 Plant 3 carries level 3 in every dimension"),
    ("plant_spans", {"dpmm": DpmmRecord("not_known", None, "", "", ""), "changes": {"D1-A": None}}, None),
    ("above_plant", {}, None),
    ("above_plant", {"changes": HIGH}, "1 of 5 dimensions claims more than the digital plant carries"),
    ("above_plant", {"levels": 4}, "5 of 5 dimensions claim more than the digital plant carries"),
    (
        "ahead",
        {"changes": HIGH},
        "D1 is ahead of the digital plant: not even one line carries the claim",
    ),
    (
        "ahead",
        {"levels": 5},
        "D1, D2, D3 and 2 more are ahead of the digital plant: not even one line carries their claims",
    ),
    ("ahead", {"levels": 4}, None),
    ("plant_carries", {}, "The digital plant carries every level that is claimed"),
    ("plant_carries", {"changes": POINTS}, "No level is lowered; 2 points of the index lie above a ceiling"),
    ("plant_carries", {"changes": ALL_UNKNOWN}, "No dimension claims more than level 0 Level 0"),
    ("plant_carries", {"levels": 4}, None),
    ("plant_carries", {"changes": OPEN}, None),
    ("plant_step", {"levels": 4}, "DPMM 4 Plant 4 lifts D1, D2, D3 and 2 more"),
    ("plant_step", {"changes": HIGH}, "DPMM 4 Plant 4 lifts D1"),
    ("plant_step", {}, None),
    ("foundation", {"targets": {"D1": 4}}, "Raise the digital plant from DPMM 3 to DPMM 4 Plant 4 first"),
    ("foundation", {"targets": {"D1": 3}}, None),
    ("incomplete", {"changes": {"D1-A": None}}, "1 of 10 questions has no reply"),
    ("incomplete", {"changes": {"D1-A": None, "D2-A": None}}, "2 of 10 questions have no reply"),
    ("incomplete", {}, None),
    ("incomplete", {"changes": OPEN}, None),
    ("gates_unanswered", {"changes": {"D1-A": None}}, "1 gate question has no reply"),
    ("gates_unanswered", {"changes": {"D1-A": None, "D2-A": None}}, "2 gate questions have no reply"),
    ("gates_unanswered", {"changes": {"D1-B": None}}, None),
    ("unknown", {"changes": {"D1-B": UNKNOWN}}, "1 question could not be answered"),
    ("unknown", {"changes": dict.fromkeys(["D1-A", "D1-B"], UNKNOWN)}, "2 questions could not be answered"),
    ("unknown", {"changes": ALL_UNKNOWN}, None),
    ("unknown", {}, None),
    ("rests_on_unknown", {"changes": ALL_UNKNOWN}, "10 of 10 replies are “don’t know”"),
    (
        "rests_on_unknown",
        {"changes": OPEN | {"D1-A": 3, "D1-B": 3, "D2-A": UNKNOWN}},
        "1 of 3 replies is “don’t know”",
    ),
    ("rests_on_unknown", {"changes": OPEN | {"D1-A": 3, "D1-B": 3, "D2-A": 3, "D2-B": UNKNOWN}}, None),
    ("rests_on_unknown", {"changes": OPEN}, None),
    ("left_out", {"changes": D5_OUT}, "D5 is left out: no question of it applies"),
    ("left_out", {"changes": {"D5-A": NOT_HERE}}, None),
    ("evidence_short", {"changes": ONE_EVIDENCE}, "1 dimension claims more than its evidence carries"),
    ("evidence_short", {"changes": TWO_EVIDENCE}, "2 dimensions claim more than their evidence carries"),
    ("evidence_short", {}, None),
    ("evidence_carries", {}, "The evidence carries the level of every dimension"),
    ("evidence_carries", {"levels": 0, "grade": ""}, None),
    (
        "evidence_holds",
        {"changes": ONE_EVIDENCE | {"D1-B": 3}},
        "Better evidence for 1 answer would raise what is evidenced",
    ),
    (
        "evidence_holds",
        {"changes": ONE_EVIDENCE},
        "Better evidence for 2 answers would raise what is evidenced",
    ),
    ("evidence_holds", {}, None),
    ("without_evidence", {"changes": ONE_EVIDENCE}, "2 answers stand above what their evidence carries"),
    ("without_evidence", {}, None),
    ("contradictions", {"changes": {"D1-A": 4, "D2-A": 1}}, "1 contradiction between answers"),
    ("contradictions", {}, None),
    ("verdicts", {}, "2 AI uses can run across the site today"),
    ("verdicts", {"levels": 0}, "No AI use is ready today"),
    ("verdicts", {"levels": 1}, "1 AI use can run across the site today"),
    (
        "verdicts",
        {"dpmm": DpmmRecord("assessed", 2, "", "", "")},
        "1 AI use can run across the site today, 1 more on one line",
    ),
    ("one_step_away", {"changes": {"D2-A": 2, "D2-B": 2}}, "1 AI use is one step away"),
    ("one_step_away", {}, None),
    ("chosen_ready", {"use_cases": ("UC1",)}, "The chosen AI use is ready"),
    ("chosen_ready", {"use_cases": ("UC1", "UC2")}, "All 2 chosen AI uses are ready"),
    ("chosen_ready", {"use_cases": ("UC1", "UC3")}, "Of 2 chosen AI uses 1 is ready"),
    ("chosen_ready", {"use_cases": ("UC3",)}, "The chosen AI use is not ready yet"),
    ("chosen_ready", {"levels": 0, "use_cases": ("UC1", "UC3")}, "None of the 2 chosen AI uses is ready yet"),
    ("chosen_ready", {}, None),
    ("blocks_most", {"levels": 0, "use_cases": ("UC1", "UC3")}, "D1 blocks 2 of the 2 chosen AI uses"),
    ("blocks_most", {"levels": 0}, "D1 blocks 3 of 3 AI uses"),
    ("blocks_most", {}, None),
    (
        "keep_bounded",
        {"dpmm": DpmmRecord("assessed", 2, "", "", ""), "use_cases": ("UC1",)},
        "Keep “UC1” to one line, suite or product",
    ),
    ("keep_bounded", {}, None),
    ("no_targets", {}, "Choose the AI uses that are wanted"),
    ("no_targets", {"targets": {"D1": 0}}, None),
    ("gaps", {"targets": {"D1": 4}, "changes": {"D1-B": 4}}, "1 gap to the targets"),
    ("gaps", {"targets": {"D1": 4}}, "2 gaps to the targets"),
    (
        "gaps_unknown",
        {"targets": {"D1": 3}, "changes": {"D1-A": None}},
        "No gap is known: 1 question has no reply yet",
    ),
    ("targets_met", {"targets": {"D1": 3}}, "Every answer stands at its target"),
    ("targets_met", {"targets": {"D1": 4}}, None),
    ("targets_met", {"targets": {"D1": 3}, "changes": OPEN}, None),
    ("targets_met", {"targets": {"D1": 3}, "changes": ALL_OUT}, None),
    (
        "gaps_unknown",
        {"targets": {"D1": 3}, "changes": OPEN},
        "No gap is known: 2 questions have no reply yet",
    ),
    ("firm", {"targets": {"D1": 2}, "changes": {"D1-A": 4, "D1-B": 1}}, None),
    ("no_action", {}, None),
    ("no_action", {"targets": {"D1": 3}}, "No action is needed for these targets"),
    ("no_action", {"targets": {"D1": 3}, "changes": OPEN}, None),
    ("no_action", {"targets": {"D1": 4}, "levels": 4}, None),  # the digital plant comes first
    ("no_action", {"targets": {"D2": 4}}, None),  # steps without an action
    ("projected", {}, None),
    (
        "projected",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "The largest step of the index, 6 points, comes at the end of week 2",
    ),
    (
        "plan",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "2 actions over 6 weeks raise the index from 54 to 62",
    ),
    ("plan", {"targets": {"D1": 4}}, "1 action over 4 weeks raises the index from 60 to 62"),
    ("plan", {}, None),
    ("largest_step", {"targets": {"D1": 4}, "changes": {"D1-A": 0}}, "Commit to “A-1”"),
    ("largest_step", {"targets": {"D2": 4}}, None),
    (
        "longest_chain",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "Begin “A-1” in week 1: it opens the longest chain",
    ),
    ("longest_chain", {"targets": {"D1": 4}}, "Begin “A-2” in week 1: no chain of actions is longer"),
    ("longest_chain", {}, None),
    ("anchor_tasks", {"targets": {"D1": 4}}, "1 step has no action of its own"),
    ("anchor_tasks", {"targets": {"D2": 5}}, "4 steps have no action of their own"),
    ("highest_answers", {}, "10 of 10 answers stand at level 3 Level 3, none above"),
    ("highest_answers", {"changes": {"D1-A": 5}}, "1 of 10 answers stands at level 5 Level 5"),
    ("highest_answers", {"changes": {"D1-A": None}}, "9 of 9 answers stand at level 3 Level 3, none above"),
    ("highest_answers", {"changes": OPEN}, None),
    ("lowest_area", {}, "data is the lowest area, 3.0 of 5"),
    ("lowest_area", {"changes": OPEN}, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fields", "expected"), CASES)
def test_a_rule_says_what_holds_and_nothing_where_it_does_not(code, fields, expected):
    text = said(record_of(**fields), code)
    assert (text[0] if text else None) == expected


FOLLOWING = [
    ("next_level", {"changes": ONE_LOW | {"D2-A": 3}}, "It is 1 level short."),
    ("next_level", {"changes": ONE_LOW}, "Together they are 2 levels short; 1 is a gate question."),
    ("next_level", {"changes": {"D2-A": 1, "D2-B": 3}}, "It is 1 level short, and it is a gate question."),
    (
        "above_plant",
        {"changes": HIGH},
        "At DPMM 3 Plant 3 D1 claims 5 and counts 3.",
    ),
    ("plant_carries", {}, "At DPMM 3 Plant 3 no level is lowered."),
    ("plant_carries", {"changes": POINTS}, "At DPMM 3 Plant 3 they do not count."),
    ("plant_step", {"changes": HIGH}, "D1 counts 4 instead of 3; 1 claim stays above its ceiling."),
    (
        "plant_step",
        {"changes": {"D1-A": 4, "D1-B": 4}},
        "D1 counts 4 instead of 3; no claim is lowered then.",
    ),
    ("evidence_short", {"changes": ONE_EVIDENCE}, "D1 claims 3, evidenced 1."),
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
        "largest_step",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "The largest step of the index, 6 points, comes at the end of week 2.",
    ),
    (
        "longest_chain",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}},
        "2 actions that follow one another, 6 weeks of work, until week 6.",
    ),
    ("longest_chain", {"targets": {"D1": 4}}, "4 weeks of work, until week 4."),
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


def test_a_target_that_is_met_leaves_gaps_that_would_make_it_firm():
    questions = [make_question(f"D1-{letter}") for letter in "ABCDE"]
    spec = make_framework([make_dimension("D1", questions)])
    answers = tuple(answer_record(code, 1 if code == "D1-E" else 3, grade="E3") for code in spec.questions)
    record = make_record(spec, dpmm=PLANT, use_cases=(), answers=answers, targets={"D1": 3})
    assert said(record, "firm", spec) == (
        "1 gap lies where the target is met",
        "D1 meets its target already; closing it makes that hold question by question.",
    )


def test_a_target_that_the_ceiling_keeps_out_of_reach_is_not_met():
    questions = [make_question(f"D1-{letter}", 9 if letter == "B" else 1) for letter in "AB"]
    spec = make_framework([make_dimension("D1", questions)])
    answers = tuple(answer_record(code, 3 if code == "D1-A" else 4, grade="E3") for code in spec.questions)
    record = make_record(spec, dpmm=PLANT, use_cases=(), answers=answers, targets={"D1": 4})
    found = evaluate(spec, record.inputs())
    d1 = found.readings.claimed.dimensions["D1"]
    assert (d1.level, d1.effective_level) == (4, 3)
    assert said(record, "foundation", spec) is not None
    assert said(record, "firm", spec) is None
    assert [row.is_firm for row in gap_rows(spec, (), found)] == [False]
    (free,) = gap_rows(spec, (), evaluate(spec, replace(record, dpmm=BEST_PLANT).inputs()))
    assert free.is_firm


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


def test_every_rule_has_words_and_a_case():
    tried = {code for code, _, expected in CASES if expected} | {
        "reviewed", "validated_apart", "firm", "load_bearing"
    }  # fmt: skip
    of_one = {code for code in SENTENCES if not code.startswith("cmp_")}
    assert of_one == tried
    assert set(FOLLOWS) <= set(SENTENCES)
    assert len(RULES) == len(set(RULES))


def test_findings_are_sorted_into_strengths_limits_and_decisions():
    found = found_in(record_of(use_cases=("UC1", "UC3"), changes=HIGH))
    assert {row.code for row in strengths_of(found)} == {"evidence_carries", "verdicts"}
    assert [row.code for row in limits_of(found)][:2] == ["above_plant", "ahead"]
    assert [row.code for row in decisions_of(found)] == ["foundation", "plant_step"]


def test_points_above_a_ceiling_are_said_for_none_and_one():
    values = {"dpmm": 3, "held_back": 1, "is_held": True, "is_claimed": True}
    one = Finding("plant_carries", "strength", "plant", values)
    assert sentence_of(SMALL, one) == "No level is lowered; 1 point of the index lies above a ceiling"
    part = replace(one, values=values | {"held_back": 0})
    assert sentence_of(SMALL, part) == (
        "No level is lowered; less than one point of the index lies above a ceiling"
    )
    assert follows_of(SMALL, one) == follows_of(SMALL, part) == "At DPMM 3 Plant 3 it does not count."


def test_where_no_level_stands_above_0_there_is_nothing_to_praise():
    found = found_in(record_of(changes=ALL_UNKNOWN))
    assert not strengths_of(found)
    assert limits_of(found)[0].code == "rests_on_unknown"


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
    values = {"week": 3, "rise": 0, "actions": ("A-1",)}
    text = "The largest step of the index, less than one point, comes at the end of week 3"
    assert sentence_of(SMALL, Finding("projected", "fact", "roadmap", values)) == text
    assert follows_of(SMALL, Finding("largest_step", "decision", "roadmap", values)) == f"{text}."
    none = Finding("projected", "fact", "roadmap", {"week": None, "rise": None})
    assert sentence_of(SMALL, none) == "The index stays where it is"


def test_a_review_holds_back_only_where_it_lowered_a_claim():
    """Claimed is level 2 with evidence for it."""
    for level, tone in ((1, "limit"), (4, "fact")):
        record = make_record(BAMI, review=make_review({"D1-CTX": level}))
        (row,) = [row for row in found_in(record, BAMI) if row.code == "reviewed"]
        assert row.tone == tone
    (row,) = [
        row for row in found_in(make_record(BAMI, review=make_review()), BAMI) if row.code == "reviewed"
    ]
    assert row.tone == "strength"


def test_headings_say_the_same_without_the_answers():
    record = record_of(changes=HIGH | {"D1-A": 0}, targets={"D1": 4})
    results = evaluate(SMALL, record.inputs())
    heads, whole_set = heads_of(SMALL, results), {row.code: row for row in found_in(record)}
    assert heads and all(heads[code] == whole_set[code] for code in heads)


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
