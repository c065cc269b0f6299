"""The rules of findings as a table of cases: when each holds, and its sentence for none, one and many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.charts.planning import gap_rows
from assessments.charts.rules import decisions_of, heads_of, limits_of, strengths_of
from assessments.charts.rules.all import RULES
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord
from assessments.templatetags.sentences import FOLLOWS, SENTENCES
from tests.engine_builders import make_action, make_dimension, make_framework, make_question
from tests.findings import (
    ALL_OUT,
    ALL_UNKNOWN,
    BAMI,
    BEST_PLANT,
    D5_OUT,
    HIGH,
    NOT_HERE,
    ONE_EVIDENCE,
    ONE_LOW,
    ONE_OUT,
    OPEN,
    PLANT,
    POINTS,
    SMALL,
    THREE_LOW,
    TWO_EVIDENCE,
    TWO_LOW,
    UNKNOWN,
    found_in,
    record_of,
    said,
)
from tests.records import answer_record, make_record, make_review

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
    ("index", {}, "Index 60.0 of 100, nothing held back by the digital plant"),
    ("index", {"changes": HIGH}, "Index 60.0 of 100, 8.0 held back by the digital plant"),
    (
        "index",
        {"changes": {"D2-A": None, "D2-B": None}},
        "Index 60.0 of 100, nothing held back by the digital plant, provisional",
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
    (
        "plant_carries",
        {"changes": POINTS},
        "The digital plant lowers no level but holds back 2 points of the index",
    ),
    ("plant_carries", {"changes": ALL_UNKNOWN}, "No dimension claims more than level 0 Level 0"),
    ("plant_carries", {"levels": 4}, None),
    ("plant_carries", {"changes": OPEN}, None),
    ("plant_step", {"levels": 4}, "DPMM 4 Plant 4 lifts D1, D2, D3 and 2 more"),
    ("plant_step", {"changes": HIGH}, "DPMM 4 Plant 4 lifts D1"),
    ("plant_step", {}, None),
    ("foundation", {"targets": {"D1": 4}}, "Raise the digital plant from DPMM 3 to DPMM 4 Plant 4"),
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
    ("largest_step", {"targets": {"D1": 4}, "changes": {"D1-A": 0}}, None),  # the chain names it
    ("largest_step", {"targets": {"D2": 4}}, None),
    (
        "plan_reaches",
        {"targets": {"D1": 4}, "changes": {"D1-A": 0}, "use_cases": ("UC1",)},
        "The plan reaches level 3 Level 3 at the end of week 2 (24 January 2027);"
        " the chosen AI use is ready by the end of week 2 (24 January 2027)",
    ),
    ("plan_reaches", {"targets": {"D1": 4}}, None),
    ("answer_rest", {"changes": {"D1-A": None}}, "Answer the question that has no reply"),
    ("answer_rest", {"changes": {"D1-A": None, "D2-A": None}}, "Answer the 2 questions that have no reply"),
    ("answer_rest", {"changes": {"D1-A": None}, "submitted_at": "2026-12-02T10:00:00+00:00"}, None),
    ("answer_rest", {}, None),
    (
        "state_plant",
        {"dpmm": DpmmRecord("not_known", None, "", "", ""), "changes": {"D1-A": None}},
        "State the DPMM level of the site",
    ),
    (
        "state_plant",
        {
            "dpmm": DpmmRecord("not_known", None, "", "", ""),
            "changes": {"D1-A": NOT_HERE},
            "submitted_at": "2026-12-02T10:00:00+00:00",
        },
        None,
    ),
    ("state_plant", {}, None),
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


def test_the_largest_step_is_a_decision_of_its_own_where_it_is_no_part_of_the_longest_chain():
    """Two actions that nothing follows: the shorter one brings more."""
    spec = make_framework(
        [make_dimension("D1", [make_question("D1-A"), make_question("D1-B", 9)])],
        actions=[make_action("A-1", ["D1-A"], (0, 5), (9, 9)), make_action("A-2", ["D1-B"], (0, 5), (2, 2))],
    )
    answers = tuple(answer_record(code, 1, grade="E3") for code in spec.questions)
    record = make_record(spec, dpmm=BEST_PLANT, use_cases=(), answers=answers, targets={"D1": 5})
    record = replace(record, plan=replace(record.plan, start_on="2027-01-11"))
    assert said(record, "largest_step", spec) == (
        "Commit to “A-2”",
        "The largest step of the index, 14 points, comes at the end of week 2."
        " It starts in week 1 (11 January 2027).",
    )
    assert said(record, "longest_chain", spec) == (
        "Begin “A-1” in week 1: no chain of actions is longer",
        "9 weeks of work, until week 9.",
    )
    codes = [row.code for row in decisions_of(found_in(record, spec))]
    assert codes.index("longest_chain") < codes.index("largest_step")


def test_a_draft_is_answered_before_anything_else_is_decided():
    record = record_of(
        changes={"D1-A": None}, dpmm=DpmmRecord("not_known", None, "", "", ""), targets={"D1": 4}
    )
    codes = [row.code for row in decisions_of(found_in(record))]
    assert codes[:2] == ["answer_rest", "state_plant"]


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


def test_every_rule_has_words_and_a_case():
    tried = {code for code, _, expected in CASES if expected} | {
        "reviewed", "validated_apart", "firm", "load_bearing", "largest_step",
        "review_below", "review_undone", "by_claims",
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


def test_where_no_level_stands_above_0_there_is_nothing_to_praise():
    found = found_in(record_of(changes=ALL_UNKNOWN))
    assert not strengths_of(found)
    assert limits_of(found)[0].code == "rests_on_unknown"


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
