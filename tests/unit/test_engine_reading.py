"""The input of an evaluation: what is read, and every fault with its place (Method, section 10)."""

import json
import pickle
from pathlib import Path

import pytest

from assessments.engine.reading import read_input, read_request
from assessments.engine.shapes import (
    DpmmStatement,
    Inputs,
    LevelReply,
    NotApplicable,
    PlanSettings,
    Reply,
    Unknown,
)
from assessments.engine.strict_json import InputFaults
from assessments.engine.writing import input_document, write_input
from frameworks.document.checks import load_framework
from tests.engine_builders import make_dimension, make_framework, make_question, make_use_case

DATA = Path(__file__).parents[1] / "data"
SPEC = make_framework(
    [make_dimension("D1", [make_question("D1-A"), make_question("D1-B")])],
    use_cases=[make_use_case("UC1", 3), make_use_case("UC2", 3)],
)
REASON = "There is no partner."


def document(**changes):
    return {"framework": "small", "version": "1.0", "replies": {}, **changes}


def faults_of(text, spec=SPEC):
    if not isinstance(text, str | bytes):
        text = json.dumps(text)
    with pytest.raises(InputFaults) as caught:
        read_input(text, spec)
    return [str(fault) for fault in caught.value.faults]


# --- What is read ---


def test_least_input():
    assert read_input(json.dumps(document()), SPEC) == Inputs()


def test_whole_input():
    whole = document(
        dpmm={"level": 3, "source": "estimated"},
        replies={
            "D1-A": {"level": 3, "evidence": "E2"},
            "D1-B": {"level": 0},
            "D2-A": {"not_applicable": REASON},
            "D3-A": {"unknown": True},
        },
        validated={"D1-A": 5, "D3-A": 0},
        use_cases=["UC2", "UC1"],
        targets={"D1": 0, "D5": 5},
        plan={"capacity": 1, "blackout_weeks": [53, 0]},
    )
    expected = Inputs(
        replies={
            "D1-A": LevelReply(3, "E2"),
            "D1-B": LevelReply(0, "E0"),
            "D2-A": NotApplicable(REASON),
            "D3-A": Unknown(),
        },
        dpmm=DpmmStatement(3, "estimated"),
        validated={"D1-A": 5, "D3-A": 0},
        use_cases=("UC2", "UC1"),
        targets={"D1": 0, "D5": 5},
        plan=PlanSettings(1, (53, 0)),
    )
    for text in (json.dumps(whole), json.dumps(whole).encode(), b"\xef\xbb\xbf" + json.dumps(whole).encode()):
        assert read_input(text, SPEC) == expected
    assert read_input(write_input("small", "1.0", expected), SPEC) == expected
    whole["replies"]["D1-B"]["evidence"] = "E0"
    assert input_document("small", "1.0", expected) == whole


@pytest.mark.parametrize("part", [{"dpmm": None}, {"validated": {}}, {"plan": {}}, {"plan": {"capacity": 4}}])
def test_what_is_left_out_or_empty_has_its_default(part):
    inputs = read_input(json.dumps(document(**part)), SPEC)
    assert inputs == Inputs(validated={} if "validated" in part else None)
    assert (inputs.validated is None) == ("validated" not in part)


def test_input_is_read_only_comparable_and_can_be_pickled():
    replies: dict[str, Reply] = {"D1-A": LevelReply(3)}
    inputs = Inputs(replies)
    replies["D1-B"] = Unknown()
    assert inputs == Inputs({"D1-A": LevelReply(3)})
    assert hash(inputs) == hash(Inputs({"D1-A": LevelReply(3)}))
    assert pickle.loads(pickle.dumps(inputs)) == inputs
    with pytest.raises(TypeError):
        inputs.replies["D1-A"] = Unknown()  # type: ignore[index]  # what is tested


def test_version_comes_from_the_look_up():
    asked = []

    def find(framework, version):
        asked.append((framework, version))
        return SPEC

    assert read_request(json.dumps(document()), find) == (SPEC, Inputs())
    assert asked == [("small", "1.0")]


# --- Faults of the text ---


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1, column 1: not valid JSON: expecting value"),
        ("{a: 1}", "line 1, column 2: not valid JSON: expecting property name enclosed in double quotes"),
        ('{\n "a" 1}', "line 2, column 6: not valid JSON: expecting ':' delimiter"),
        ('{"a": 1} {}', "line 1, column 10: not valid JSON: extra data"),
        ('{"a": "b', "line 1, column 7: not valid JSON: unterminated string"),
        ('{"a": "\n"}', "line 1, column 8: not valid JSON: invalid control character"),
        (b'{\n"\xc3\xa9\xff": 1}', "line 2, column 3: not UTF-8: byte 0xff"),
        (b"\x80", "line 1, column 1: not UTF-8: byte 0x80"),
        ("[" * 100_000, "line 1, column 9: 8 levels at most expected, more found"),
        ('{"a":\n' * 100_000, "line 9, column 1: 8 levels at most expected, more found"),
        ('"' + "[" * 100, "line 1, column 1: not valid JSON: unterminated string"),
        (" " * (2 * 1024 * 1024 + 1), "document: 2,097,152 bytes at most expected, more found"),
        ("é" * (1024 * 1024 + 1), "document: 2,097,152 bytes at most expected, more found"),
        (b" " * (2 * 1024 * 1024 + 1), "document: 2,097,152 bytes at most expected, more found"),
        ("[]", "document: an object expected, a list found"),
        ("null", "document: an object expected, null found"),
        ("NaN", "document: an object expected, NaN found"),
        ("1e999", "document: an object expected, 1e999 found"),
    ],
)
def test_text_that_cannot_be_read(text, fault):
    assert faults_of(text) == [fault]


def test_brackets_inside_text_are_no_depth():
    reason = '\\"[[[[[[[[[[ {{{{{{{{{{'
    text = json.dumps(document(replies={"D1-A": {"not_applicable": reason}}))
    assert read_input(text, SPEC) == Inputs({"D1-A": NotApplicable(reason)})


# --- Faults of the members ---


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


# --- Faults of replies ---


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


# --- The look-up ---


def test_version_that_is_not_installed_is_a_fault_beside_those_that_need_no_content():
    broken = document(replies={"D9-Z": {"level": 7}}, use_cases=["UC9", "UC9"])
    assert faults_of(broken, lambda framework, version: None) == [
        "version: '1.0' of the framework 'small' is not installed",
        "replies.D9-Z.level: 0 to 5 expected, 7 found",
        "use_cases[1]: 'UC9' is given more than once",
    ]


@pytest.mark.parametrize("name", ["", "a\x00b", "\ud800", "a" * 100, "1.0\n"])
def test_name_that_no_version_can_have_does_not_reach_the_look_up(name):
    def find(framework, version):
        raise AssertionError

    assert len(faults_of(document(version=name), find)) == 1


def test_without_a_name_nothing_is_looked_up():
    def find(framework, version):
        raise AssertionError

    assert faults_of({"framework": "small", "replies": {}}, find) == ["version: expected, not given"]
