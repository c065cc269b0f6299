"""Reading the YAML of a framework document: what values become; hostile files are refused cheaply."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from frameworks.document.checks import load_framework
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.reading import MAX_DEPTH, MAX_ENTRIES, read_document
from tests.data.malformed import Malformed, malformed
from tests.data.malformed_content import TINY

CORPUS = list(malformed())
ROOT = Path(__file__).parents[2]


def faults_of(text: str | bytes) -> list[str]:
    """The faults of a text that must be refused."""
    with pytest.raises(DocumentFaults) as caught:
        read_document(text)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("off", "off"),
        ("y", "y"),
        ("12:34:56", "12:34:56"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        (".nan", ".nan"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("007", "007"),
        ("+1", "+1"),
        ("=", "="),
        ("2026-02-31", "2026-02-31"),
        ("2026-09-30 10:00:00", "2026-09-30 10:00:00"),
        ("3/4", "3/4"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("'2026-09-30'", "2026-09-30"),
        ("''", ""),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-09-30", date(2026, 9, 30)),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        (">-\n  one\n  two\n", "one two"),
        ('"tab\\there"', "tab\there"),
        ("e\u0301", "é"),
    ],
)
def test_a_value_is_only_what_it_says(written, value):
    read = read_document(f"key: {written}")
    assert (read, type(read["key"])) == ({"key": value}, type(value))


def test_keys_are_text_whatever_they_look_like():
    assert read_document("1: a\nno: b\nnull: c\n2026-09-30: d\n") == {
        "1": "a",
        "no": "b",
        "null": "c",
        "2026-09-30": "d",
    }


def test_bytes_text_byte_order_mark_and_line_ends_read_the_same():
    text = TINY.read_text(encoding="utf-8")
    expected = read_document(text)
    assert read_document(text.encode()) == expected
    assert read_document("\ufeff" + text) == expected
    assert read_document(text.encode("utf-8-sig")) == expected
    assert read_document(text.replace("\n", "\r\n")) == expected


def test_the_limits_themselves_are_allowed():
    brackets = MAX_DEPTH - 1
    assert read_document(f"a: {'[' * brackets}{']' * brackets}")
    assert len(read_document(f"a: [{'0,' * (MAX_ENTRIES - 1)}]")["a"]) == MAX_ENTRIES - 1
    assert len(read_document("a: " + "x" * 8_000)["a"]) == 8_000
    assert read_document("a: 1\n" + "#" * (2 * 1024 * 1024 - 5)) == {"a": 1}


def test_one_beyond_a_limit_is_refused():
    brackets = MAX_DEPTH
    assert faults_of(f"a: {'[' * brackets}{']' * brackets}") == [
        "line 1, column 15: 12 levels of nesting at most expected, more found"
    ]
    assert faults_of(f"a: [{'0,' * MAX_ENTRIES}]") == [
        "line 1, column 40003: 20,000 list entries and keys at most expected, more found"
    ]
    assert faults_of("é" * (1024 * 1024 + 1)) == ["document: 2,097,152 bytes at most expected, more found"]


def test_all_faults_are_reported_at_once_up_to_where_reading_ends():
    text = 'a: !x 1\na: &b "\\u202e"\nc: [*b, 99999999999999999999]\nd: "\n'
    hidden = "is not allowed: no control, invisible or direction-changing characters"
    assert faults_of(text) == [
        "a: line 1: no tags: remove '!x'",
        "a: line 2: this key is given twice, first on line 1",
        "a: line 2: no anchors: remove 'b'",
        f"a: line 2: the character U+202E {hidden}",
        "c[0]: line 3: no aliases: write the value out instead of 'b'",
        "c[1]: line 3: a whole number of at most 64 bits expected, a larger one found",
        "line 5, column 1: not valid YAML: while scanning a quoted scalar, found unexpected end of stream",
    ]


def test_a_lone_surrogate_in_text_is_refused():
    assert faults_of("a: 1\nb: \ud800") == [
        "line 2, column 4: the character U+D800 is not allowed: "
        "no control, invisible or direction-changing characters"
    ]


def test_faults_are_values_with_place_and_message():
    with pytest.raises(DocumentFaults) as caught:
        read_document("a: *b")
    assert caught.value.faults == (Fault("a", "line 1: no aliases: write the value out instead of 'b'"),)
    assert isinstance(caught.value, ValueError)


def test_the_corpus_is_large_enough_and_its_names_are_unique():
    assert len(CORPUS) >= 36
    assert len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_a_malformed_file_is_refused_with_its_place_and_reason(case: Malformed):
    with pytest.raises(DocumentFaults) as caught:
        load_framework(case.content)
    faults = [str(fault) for fault in caught.value.faults]
    assert case.fault in faults
    assert all(fault.place and fault.message for fault in caught.value.faults)
    assert str(caught.value).replace("\n", "").isprintable()


def test_malformed_files_take_little_time_and_memory():
    """In a process of its own: a crash of the YAML library would be seen, and peak memory is its alone."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.data.malformed"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    assert [name for name, _, _ in rows] == [case.name for case in CORPUS]
    assert [row for row in rows if float(row[1]) > 2] == []
    assert [row for row in rows if float(row[2]) > 100] == []
