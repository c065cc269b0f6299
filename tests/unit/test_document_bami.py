"""The shipped framework document, BAMI 1.0, is sound and complete."""

from __future__ import annotations

from pathlib import Path

import frameworks
from frameworks.document.checks import load_framework
from frameworks.document.dump import dump_document, write_yaml

BAMI = Path(frameworks.__file__).parent / "fixtures" / "bami-1.0.yaml"


def test_bami_has_no_faults_and_all_its_parts():
    spec = load_framework(BAMI.read_bytes())
    questions = spec.questions.values()
    assert (spec.framework, spec.version) == ("bami", "1.0")
    assert {
        "questions": len(questions),
        "anchors": sum(len(question.anchors) for question in questions),
        "gates": sum(question.gate for question in questions),
        "references": len(spec.references),
        "ceilings": len(spec.ceilings),
        "use cases": len(spec.use_cases),
        "actions": len(spec.actions),
        "flags": len(spec.flags),
    } == {
        "questions": 50,
        "anchors": 300,
        "gates": 19,
        "references": 92,
        "ceilings": 25,
        "use cases": 19,
        "actions": 93,
        "flags": 26,
    }
    assert spec.dpmm.proxies == ("D1-CAP", "D1-INT", "D4-MES", "D4-LIM", "D4-HIS")


def test_bami_exported_and_imported_is_the_same():
    spec = load_framework(BAMI.read_bytes())
    exported = write_yaml(dump_document(spec))
    assert load_framework(exported) == spec
    assert write_yaml(dump_document(load_framework(exported))) == exported
