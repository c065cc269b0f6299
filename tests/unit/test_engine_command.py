"""The pure parts of the command `evaluate`: reading, evaluating and telling faults."""

from pathlib import Path

import pytest

from assessments.engine.strict_json import InputFaults
from assessments.management.commands.evaluate import evaluate_text, fault_lines, read_bytes
from frameworks.document.checks import load_framework
from frameworks.document.faults import DocumentFaults, Fault

TINY = Path(__file__).parents[1] / "data" / "tiny"
INPUT = (TINY / "input.json").read_bytes()
DOCUMENT = (TINY / "tiny-1.0.yaml").read_bytes()
OUTPUT = (TINY / "output.json").read_text(encoding="utf-8")


def nothing_installed(framework, version):
    return None


def test_document_given_goes_before_what_is_installed():
    assert evaluate_text(INPUT, DOCUMENT, nothing_installed) == OUTPUT


def test_installed_version_is_found_by_name():
    def find(framework, version):
        return load_framework(DOCUMENT) if (framework, version) == ("tiny", "1.0") else None

    assert evaluate_text(INPUT, None, find) == OUTPUT
    with pytest.raises(InputFaults) as caught:
        evaluate_text(INPUT.replace(b'"1.0"', b'"2.0"'), None, find)
    assert fault_lines(caught.value.faults) == [
        "version: '2.0' of the framework 'tiny' is not installed",
    ]


def test_faults_of_the_document_are_told_before_those_of_the_input():
    with pytest.raises(DocumentFaults):
        evaluate_text(b"{", b"[", nothing_installed)


def test_every_fault_is_one_printable_line():
    faults = [Fault("a\nb", "c\r\x1b[31m d"), Fault("é", "ü\u2028")]
    assert fault_lines(faults) == ["a\\nb: c\\r\\x1b[31m d", "é: ü\\u2028"]


def test_file_that_cannot_be_read_is_a_fault(tmp_path):
    for file, fault in (
        (str(tmp_path / "none.json"), "cannot be read: No such file or directory"),
        (str(tmp_path), "cannot be read: Is a directory"),
        ("a\x00b", "cannot be read: embedded null byte"),
    ):
        with pytest.raises(InputFaults) as caught:
            read_bytes(file)
        assert caught.value.faults == (Fault(file, fault),)


def test_file_is_read_only_as_far_as_shows_that_it_is_too_large():
    assert len(read_bytes("/dev/zero")) == 2 * 1024 * 1024 + 1
