"""The input of an evaluation: what is read of which text and for which version (Method, section 10)."""

from __future__ import annotations

import json
import pickle

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
from assessments.engine.writing import input_document, write_input
from tests.engine_inputs import REASON, SPEC, document, faults_of

# --- What is read ---------------------------------------------------------------------------------------


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


# --- Faults of the text ---------------------------------------------------------------------------------


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


# --- The look-up ----------------------------------------------------------------------------------------


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
