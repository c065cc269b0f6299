"""Framework documents that can be read but are not sound, and the means to damage the tiny one."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

from frameworks.document.reading import read_document

TINY = Path(__file__).parent / "tiny" / "tiny-1.0.yaml"


def tiny_document() -> dict[str, Any]:
    """A fresh copy of the tiny document as read."""
    return copy.deepcopy(_tiny())


@cache
def _tiny() -> dict[str, Any]:
    return read_document(TINY.read_bytes())


def put(document: Any, place: str, value: object) -> Any:
    """The document with the value at a place such as `dimensions[0].weight`; a new key or entry is added."""
    held, last = _holder(document, place)
    if isinstance(held, list) and last == len(held):
        held.append(value)
    else:
        held[last] = value
    return document


def drop(document: Any, place: str) -> Any:
    """The document without the key or entry at a place."""
    held, last = _holder(document, place)
    del held[last]
    return document


def at(document: Any, place: str) -> Any:
    """What stands at a place."""
    held, last = _holder(document, place)
    return held[last]


def _holder(document: Any, place: str) -> tuple[Any, Any]:
    steps = [int(index) if index else key for key, index in re.findall(r"([A-Za-z_]+)|\[(\d+)\]", place)]
    for step in steps[:-1]:
        document = document[step]
    return document, steps[-1]


def unsound() -> list[tuple[str, str, str, str]]:
    """One change of the tiny text each: name, old, new, fault."""
    code = "a code (at most 40 letters, digits, - _ .)"
    return [
        ("a missing key", "notice: For tests only.\n", "", "notice: text expected, but the key is missing"),
        (
            "a blank text",
            "notice: For tests only.",
            "notice: '  '",
            "notice: text expected, an empty text found",
        ),
        ("NaN", "  weight: 1", "  weight: .nan", _weight("the text '.nan'")),
        ("1e999999", "  weight: 1", "  weight: 1e999999", _weight("the text '1e999999'")),
        ("half a weight", "  weight: 1", "  weight: 1.5", _weight("the text '1.5'")),
        ("no weight", "  weight: 1", "  weight: 0", _weight("0")),
        ("a weight of true", "  weight: 1", "  weight: true", _weight("true")),
        (
            "NO",
            "gate: true",
            "gate: NO",
            "dimensions[0].questions[0].gate: true or false expected, the text 'NO' found",
        ),
        (
            "a time as weeks",
            "  - 8\n",
            "  - 12:34:56\n",
            "actions[0].weeks[0]: a whole number from 1 to 520 expected, the text '12:34:56' found",
        ),
        (
            "a version without quotes",
            "version: '1.0'",
            "version: 1",
            'version: a version number in quotes, such as "1.10", '
            "expected, 1 found (text that looks like this needs quotes)",
        ),
        (
            "a version of words",
            "version: '1.0'",
            "version: one",
            "version: a version number in quotes, such as \"1.10\", expected, the text 'one' found",
        ),
        (
            "no such day",
            "'2026-09-30'",
            "2026-02-31",
            "status_as_of: a date such as 2026-09-30 expected, the text '2026-02-31' found",
        ),
        (
            "a share by nought",
            "3/4",
            "1/0",
            "policy.threshold: a fraction above 0 and at most 1, such as 3/4, expected, the text '1/0' found",
        ),
        (
            "a share above 1",
            "3/4",
            "5/4",
            "policy.threshold: a fraction above 0 and at most 1, such as 3/4, expected, the text '5/4' found",
        ),
        (
            "a level of 6",
            "level: 5",
            "level: 6",
            "levels[5].level: a whole number from 0 to 5 expected, 6 found",
        ),
        (
            "five anchors",
            "    - 'Recipe: absent.'\n",
            "",
            "dimensions[2].questions[0].anchors: 6 expected, 5 found",
        ),
        (
            "a code with a slash",
            "code: D1-AAA",
            "code: D1/AAA",
            f"dimensions[0].questions[0].code: {code} expected, the text 'D1/AAA' found",
        ),
        (
            "a code twice",
            "code: D1-BBB",
            "code: D1-AAA",
            "dimensions[0].questions[1].code: the question 'D1-AAA' is given "
            "twice, first at dimensions[0].questions[0].code",
        ),
        (
            "an unknown reference",
            "    - REF-1",
            "    - REF-2",
            "dimensions[0].questions[0].references[0]: the code of a reference expected, 'REF-2' is none",
        ),
        (
            "a name twice in a list",
            "    - partnerships\n    - data",
            "    - data\n    - data",
            "dimensions[0].questions[1].areas[1]: 'data' is named twice in this list, first at "
            "dimensions[0].questions[1].areas[0]",
        ),
        (
            "one quick question",
            "quick: true",
            "quick: false",
            "dimensions[0].questions: 2 quick questions expected, 1 found",
        ),
        ("an even number of proxies", "  - D4-BBB\n", "", "dpmm.proxies: an odd number expected, 2 found"),
        (
            "a ceiling row twice",
            "  - dpmm: 2\n    dimension: D1",
            "  - dpmm: 1\n    dimension: D1",
            "dpmm.ceilings[5]: a second row for DPMM level 1 and D1, first at dpmm.ceilings[0]",
        ),
        (
            "a minimum too high",
            "level: 2\n    because: Needed.",
            "level: 5\n    because: Needed.",
            "use_cases[0].minima[0].level: at most 3 expected, "
            "all that DPMM level 2 (bounded) carries ring-fenced, 5 found",
        ),
        (
            "weeks turned round",
            "  - 8\n  - 13",
            "  - 13\n  - 8",
            "actions[0].weeks: the low figure first expected, 13 before 8 found",
        ),
        (
            "a prerequisite of itself",
            "prerequisites: []",
            "prerequisites: [A-D1-01]",
            "actions[0].prerequisites[0]: prerequisites form a cycle: A-D1-01 needs A-D1-01",
        ),
        (
            "an unknown impact class",
            "- code: B\n  name: Noticed\n  meaning: Noticed if wrong.\n  view: Judged by people.\n",
            "",
            "use_cases[0].impact_class: the code of an impact class expected, 'B' is none",
        ),
    ]


def _weight(found: str) -> str:
    return f"dimensions[0].weight: a whole number of at least 1 expected, {found} found"
