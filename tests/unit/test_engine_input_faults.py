"""Every fault of an evaluation's input with its place (Method, section 10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessments.engine.reading import read_input
from assessments.engine.shapes import Inputs, NotApplicable
from frameworks.document.checks import load_framework
from tests.engine_inputs import REASON, SPEC, document, faults_of

DATA = Path(__file__).parents[1] / "data"

# --- Members --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"framework": 1}, ["framework: a text expected, 1 found"]),
        ({"framework": "bami"}, ["framework: small expected, the text 'bami' found"]),
        ({"version": "1.10"}, ["version: 1.0 expected, the text '1.10' found"]),
        ({"version": 1.0}, ["version: a text expected, 1.0 found"]),
        ({"engine": "1"}, ["engine: not a key that is known here"]),
        ({"a\nb": 1}, ["'a\\nb': not a key that is known here"]),
        ({"replies": None}, ["replies: an object expected, null found"]),
        ({"replies": []}, ["replies: an object expected, a list found"]),
        # dpmm
        ({"dpmm": 3}, ["dpmm: an object expected, 3 found"]),
        ({"dpmm": {}}, ["dpmm.level: expected, not given", "dpmm.source: expected, not given"]),
        (
            {"dpmm": {"level": 0, "source": "derived", "on": "2026"}},
            [
                "dpmm.on: not a key that is known here",
                "dpmm.level: 1 to 5 expected, 0 found",
                "dpmm.source: assessed or estimated expected, the text 'derived' found",
            ],
        ),
        (
            {"dpmm": {"level": None, "source": None}},
            [
                "dpmm.level: 1 to 5 expected, null found",
                "dpmm.source: assessed or estimated expected, null found",
            ],
        ),
        # validated
        ({"validated": None}, ["validated: an object expected, null found"]),
        ({"validated": {"D9-A": 1}}, ["validated.D9-A: 'D9-A' is no question of small 1.0"]),
        (
            {"validated": {"D1-A": 6, "D1-B": 1}, "replies": {"D1-B": {"not_applicable": REASON}}},
            [
                "validated.D1-A: only a scored question has a reviewer's level",
                "validated.D1-A: 0 to 5 expected, 6 found",
                "validated.D1-B: only a scored question has a reviewer's level",
            ],
        ),
        # Whether D1-A is scored cannot be told, so nothing is said about it.
        (
            {"validated": {"D1-A": 1}, "replies": {"D1-A": {"level": 7}}},
            ["replies.D1-A.level: 0 to 5 expected, 7 found"],
        ),
        # use cases
        ({"use_cases": None}, ["use_cases: a list expected, null found"]),
        ({"use_cases": {"UC1": True}}, ["use_cases: a list expected, an object found"]),
        (
            {"use_cases": ["UC1", "UC9", "UC1", 3, None]},
            [
                "use_cases[1]: 'UC9' is no use case of small 1.0",
                "use_cases[2]: 'UC1' is given more than once",
                "use_cases[3]: a text expected, 3 found",
                "use_cases[4]: a text expected, null found",
            ],
        ),
        # targets
        ({"targets": None}, ["targets: an object expected, null found"]),
        (
            {"targets": {"D1": 6, "D6": 1, "D2": -1, "D3": None, "D4": "3"}},
            [
                "targets.D1: 0 to 5 expected, 6 found",
                "targets.D6: 'D6' is no dimension of small 1.0",
                "targets.D2: 0 to 5 expected, -1 found",
                "targets.D3: 0 to 5 expected, null found",
                "targets.D4: 0 to 5 expected, the text '3' found",
            ],
        ),
        # plan
        ({"plan": None}, ["plan: an object expected, null found"]),
        (
            {"plan": {"capacity": 0, "start": 1, "blackout_weeks": None}},
            [
                "plan.start: not a key that is known here",
                "plan.capacity: 1 or more expected, 0 found",
                "plan.blackout_weeks: a list expected, null found",
            ],
        ),
        (
            {"plan": {"capacity": True, "blackout_weeks": [3, -1, 3, 1.5, None]}},
            [
                "plan.capacity: 1 or more expected, true found",
                "plan.blackout_weeks[1]: 0 or more expected, -1 found",
                "plan.blackout_weeks[2]: week 3 is given more than once",
                "plan.blackout_weeks[3]: 0 or more expected, 1.5 found",
                "plan.blackout_weeks[4]: 0 or more expected, null found",
            ],
        ),
        ({"plan": {"capacity": None}}, ["plan.capacity: 1 or more expected, null found"]),
    ],
)
def test_faults_of_members(changes, faults):
    assert faults_of(document(**changes)) == faults


def test_missing_members():
    missing = [
        "framework: expected, not given",
        "version: expected, not given",
        "replies: expected, not given",
    ]
    assert faults_of("{}") == missing


# --- Replies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "faults"),
    [
        (None, ["replies.D1-A: an object expected, null found"]),
        (3, ["replies.D1-A: an object expected, 3 found"]),
        ({}, ["replies.D1-A: one of level, not_applicable and unknown expected, none found"]),
        (
            {"level": 3, "unknown": True},
            ["replies.D1-A: one of level, not_applicable and unknown expected, level and unknown found"],
        ),
        ({"level": 7}, ["replies.D1-A.level: 0 to 5 expected, 7 found"]),
        ({"level": True}, ["replies.D1-A.level: 0 to 5 expected, true found"]),
        ({"level": 3.0}, ["replies.D1-A.level: 0 to 5 expected, 3.0 found"]),
        ({"level": None}, ["replies.D1-A.level: 0 to 5 expected, null found"]),
        ({"level": "3"}, ["replies.D1-A.level: 0 to 5 expected, the text '3' found"]),
        ({"level": [3]}, ["replies.D1-A.level: 0 to 5 expected, a list found"]),
        (
            {"level": -1, "evidence": "E4"},
            [
                "replies.D1-A.level: 0 to 5 expected, -1 found",
                "replies.D1-A.evidence: E0, E1, E2 or E3 expected, the text 'E4' found",
            ],
        ),
        (
            {"level": 1, "evidence": None},
            ["replies.D1-A.evidence: E0, E1, E2 or E3 expected, null found"],
        ),
        (
            {"evidence": "E1"},
            [
                "replies.D1-A: one of level, not_applicable and unknown expected, none found",
                "replies.D1-A.evidence: only a level has an evidence grade",
            ],
        ),
        (
            {"unknown": True, "evidence": "E1"},
            ["replies.D1-A.evidence: only a level has an evidence grade"],
        ),
        ({"unknown": False}, ["replies.D1-A.unknown: true expected, false found"]),
        ({"unknown": 1}, ["replies.D1-A.unknown: true expected, 1 found"]),
        ({"level": 1, "comment": "…"}, ["replies.D1-A.comment: not a key that is known here"]),
        ({"not_applicable": True}, ["replies.D1-A.not_applicable: a text expected, true found"]),
        (
            {"not_applicable": "nine char"},
            ["replies.D1-A.not_applicable: a reason of at least 10 characters expected"],
        ),
        (
            {"not_applicable": " " * 20},
            ["replies.D1-A.not_applicable: a reason of at least 10 characters expected"],
        ),
        (
            {"not_applicable": "half of a pair: \ud83d"},
            ["replies.D1-A.not_applicable: half of a surrogate pair is no character"],
        ),
    ],
)
def test_faults_of_a_reply(reply, faults):
    assert faults_of(document(replies={"D1-A": reply})) == faults


def test_reason_of_ten_characters_is_enough():
    inputs = read_input(json.dumps(document(replies={"D1-A": {"not_applicable": "ten chars."}})), SPEC)
    assert inputs == Inputs({"D1-A": NotApplicable("ten chars.")})


def test_not_applicable_only_where_content_allows_it():
    tiny = load_framework((DATA / "tiny" / "tiny-1.0.yaml").read_bytes())
    text = json.dumps(
        {"framework": "tiny", "version": "1.0", "replies": {"D1-AAA": {"not_applicable": REASON}}}
    )
    assert faults_of(text, tiny) == ["replies.D1-AAA.not_applicable: not allowed for this question"]


def test_unknown_question_is_named_and_its_reply_still_read():
    assert faults_of(document(replies={"D1-Z": {"level": 9}, "a b": {"unknown": True}})) == [
        "replies.D1-Z: 'D1-Z' is no question of small 1.0",
        "replies.D1-Z.level: 0 to 5 expected, 9 found",
        "replies.'a b': 'a b' is no question of small 1.0",
    ]


def test_numbers_that_are_not_whole_or_too_long_are_shown_as_they_are_written():
    text = (
        '{"framework": "small", "version": "1.0", "replies":'
        ' {"D1-A": {"level": NaN}, "D1-B": {"level": 1e999}, "D2-A": {"level": -Infinity}, "D3-A": {"level": '
        + "9" * 5000
        + "}}}"
    )
    assert faults_of(text) == [
        "replies.D1-A.level: 0 to 5 expected, NaN found",
        "replies.D1-B.level: 0 to 5 expected, 1e999 found",
        "replies.D2-A.level: 0 to 5 expected, -Infinity found",
        f"replies.D3-A.level: 0 to 5 expected, {'9' * 40}… found",
    ]


def test_key_given_more_than_once_is_refused_at_every_depth():
    text = (
        '{"framework": "small", "version": "1.0", "version": "1.0", "plan": {"capacity": 1, "capacity": 2},'
        ' "replies": {"D1-A": {"level": 1}, "D1-A": {"level": 1}, "D1-A": {"level": 1},'
        ' "D1-B": {"level": 2, "level": 2}}, "targets": {"D1": 1, "D1": 1},'
        ' "validated": {"D1-A": 1, "D1-A": 1}}'
    )
    assert faults_of(text) == [
        "version: given more than once",
        "replies.D1-A: given more than once",
        "replies.D1-B.level: given more than once",
        "validated.D1-A: given more than once",
        "targets.D1: given more than once",
        "plan.capacity: given more than once",
    ]


def test_all_faults_are_told_at_once():
    broken = {
        "framework": "small",
        "version": 2,
        "replies": {"D1-A": {"level": 7}, "D2-A": {"unknown": None}},
        "targets": {"D1": 9},
        "extra": 1,
    }
    assert faults_of(broken) == [
        "extra: not a key that is known here",
        "version: a text expected, 2 found",
        "replies.D1-A.level: 0 to 5 expected, 7 found",
        "replies.D2-A.unknown: true expected, null found",
        "targets.D1: 0 to 5 expected, 9 found",
    ]
