"""Canonical JSON, digest, dump, YAML and version order of framework documents."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from fractions import Fraction

import pytest

from frameworks.document import version_key
from frameworks.document.checks import load_framework, parse_framework
from frameworks.document.digest import canonical_json, content_digest
from frameworks.document.dump import dump_document, write_yaml
from frameworks.document.reading import read_document
from tests.data.malformed_content import TINY, at, put, tiny_document

TINY_DIGEST = "sha256:53e30d86378d26c26dc62dccc7dd93914f2f6b93d7570bb8caa8aa939aa4f0a0"


def test_canonical_json_has_one_spelling():
    document = {"b": [1, True, None], "a": {'é/\u2028"': "e\u0301"}, "day": date(2026, 9, 30)}
    assert canonical_json(document) == ('{"a":{"é/\u2028\\"":"é"},"b":[1,true,null],"day":"2026-09-30"}')


def test_the_tiny_document_has_its_digest():
    document = tiny_document()
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "sha256:" + hashlib.sha256(plain.encode()).hexdigest() == TINY_DIGEST
    assert content_digest(document) == TINY_DIGEST
    assert parse_framework(document).content_digest == TINY_DIGEST
    assert load_framework(TINY.read_bytes()).content_digest == TINY_DIGEST


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_is_no_json_has_no_digest(value):
    with pytest.raises((TypeError, ValueError)):
        content_digest({"a": value})


def test_a_date_and_its_text_have_one_digest():
    document = put(tiny_document(), "status_as_of", date(2026, 9, 30))
    assert parse_framework(document) == parse_framework(tiny_document())


def test_a_critical_level_left_out_stays_out():
    document = tiny_document()
    critical = [{"question": "D2-AAA", "level": 3}, {"question": "D4-BBB"}]
    assert at(document, "use_cases[0].critical") == critical
    spec = parse_framework(document)
    assert [item.level for item in spec.use_cases[0].critical] == [3, None]
    assert dump_document(spec)["use_cases"][0]["critical"] == critical


def test_the_dump_is_the_document_in_the_order_of_the_format():
    document = tiny_document()
    dumped = dump_document(parse_framework(document))
    assert json.dumps(dumped) == json.dumps(document)


def test_thresholds_of_one_meaning_have_one_digest():
    written: dict[str | int, str | int] = {"1": 1, "1/1": 1, 1: 1, "6/8": "3/4", "2/3": "2/3"}
    for threshold, dumped in written.items():
        spec = parse_framework(put(tiny_document(), "policy.threshold", threshold))
        assert spec.policy.threshold == Fraction(dumped)
        assert dump_document(spec)["policy"]["threshold"] == dumped
        assert spec.content_digest == content_digest(put(tiny_document(), "policy.threshold", dumped))


def test_yaml_is_readable_and_read_back_the_same():
    document = {
        "actions": [{"weeks": [4, 6], "code": "A-1", "from": 0, "raises": [], "zeal": "NO"}],
        "title": "Two: parts",
        "framework": "x",
        "version": "1.10",
        "status_as_of": date(2026, 9, 30),
        "reading_rules": ["Choose the highest level.", "Then:\n\n- one\n- two\n"],
    }
    assert write_yaml(document) == (
        "framework: x\n"
        "title: 'Two: parts'\n"
        "version: '1.10'\n"
        "status_as_of: 2026-09-30\n"
        "reading_rules:\n"
        "- Choose the highest level.\n"
        "- |\n"
        "  Then:\n"
        "\n"
        "  - one\n"
        "  - two\n"
        "actions:\n"
        "- code: A-1\n"
        "  from: 0\n"
        "  weeks: [4, 6]\n"
        "  raises: []\n"
        "  zeal: 'NO'\n"
    )
    assert read_document(write_yaml(document)) == document


def test_export_import_export_is_byte_equal():
    first = write_yaml(dump_document(load_framework(TINY.read_bytes())))
    second = write_yaml(dump_document(load_framework(first)))
    assert first.encode() == second.encode()
    assert read_document(first) == tiny_document()


def test_one_list_in_two_places_is_written_out_twice():
    shared = [{"a": "b c"}]
    assert write_yaml({"x": shared, "y": shared}) == "x:\n- a: b c\ny:\n- a: b c\n"


def test_versions_are_ordered_part_by_part():
    versions = ["1.10", "2", "1.9", "1.9.1", "1.2", "0.11"]
    assert sorted(versions, key=version_key) == ["0.11", "1.2", "1.9", "1.9.1", "1.10", "2"]


@pytest.mark.parametrize("text", ["", "1.", ".1", "v1", "1.01", "1..2", "-1", "1.0\n", "١", "1" * 21])
def test_what_is_no_version_has_no_key(text):
    with pytest.raises(ValueError, match="not a version number"):
        version_key(text)
