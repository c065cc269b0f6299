"""Inputs of an evaluation of a small framework as text, and the faults of one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessments.engine.reading import read_input
from assessments.engine.strict_json import InputFaults
from tests.engine_builders import make_dimension, make_framework, make_question, make_use_case

SPEC = make_framework(
    [make_dimension("D1", [make_question("D1-A"), make_question("D1-B")])],
    use_cases=[make_use_case("UC1", 3), make_use_case("UC2", 3)],
)
REASON = "There is no partner."


def document(**changes: Any) -> dict[str, Any]:
    """The least input, but for the changes."""
    return {"framework": "small", "version": "1.0", "replies": {}, **changes}


def faults_of(text: Any, spec: Any = SPEC) -> list[str]:
    if not isinstance(text, str | bytes):
        text = json.dumps(text)
    with pytest.raises(InputFaults) as caught:
        read_input(text, spec)
    return [str(fault) for fault in caught.value.faults]
