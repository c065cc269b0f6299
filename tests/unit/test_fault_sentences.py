"""Every fault that the parser finds in a document has a sentence of its own in the editor."""

from __future__ import annotations

import ast
import pathlib
import re

import pytest

from frameworks.document import fields
from frameworks.document.checks import parse_framework
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.mending import find_mend
from frameworks.forms.faults import SENTENCES, sentence_of
from tests.data.malformed_content import put, tiny_document
from tests.unit.test_document_checks import FARTHER, WRONG

DOCUMENT = pathlib.Path(fields.__file__).parent


def faults_of(document):
    with pytest.raises(DocumentFaults) as caught:
        parse_framework(document)
    return caught.value.faults


def codes_in_the_parser():
    """The codes that the modules which check a document give to their faults."""
    found = set()
    for path in DOCUMENT.glob("*.py"):
        text = path.read_text()
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("add", "stop"):
                found |= {part.value for part in call.args[2:3] if isinstance(part, ast.Constant)}
        found |= set(re.findall(r'^    fault = "([a-z_]+)"', text, re.MULTILINE))
        found |= set(re.findall(r'code = "([a-z_]+)" if', text))
    return found - {"not_such"}  # of no field: each kind of field has its own


def test_the_table_holds_every_code_of_the_parser_and_no_other():
    assert codes_in_the_parser() == set(SENTENCES)


@pytest.mark.parametrize("row", [*WRONG, *FARTHER], ids=lambda row: row[0])
def test_every_fault_is_told_in_a_sentence(row):
    place, value, _said = row
    document = put(tiny_document(), place, value)
    for fault in faults_of(document):
        said = sentence_of(find_mend(document, fault))
        assert fault.code in SENTENCES
        assert said != fault.message
        assert "%(" not in said
        assert said[0].isupper() or said[0].isdigit()


def test_a_fault_comes_with_the_name_of_the_thing_and_a_sentence_about_the_field():
    document = put(tiny_document(), "dimensions[0].questions[0].anchors[3]", "")
    (fault,) = faults_of(document)
    mend = find_mend(document, fault)
    title = document["dimensions"][0]["questions"][0]["title"]
    assert (mend.kind, mend.code, mend.name) == ("question", "D1-AAA", title)
    assert sentence_of(mend) == "Anchor 3 is still to be written."


def test_a_clash_names_the_thing_itself():
    document = put(tiny_document(), "use_cases[0].dpmm.site_wide", 1)
    said = [sentence_of(find_mend(document, fault)) for fault in faults_of(document)]
    assert any(line.startswith("Use case UC01 ") for line in said)


def test_what_has_no_code_keeps_the_words_of_the_parser():
    assert sentence_of(find_mend({}, Fault("line 3", "not valid YAML"))) == "not valid YAML"
