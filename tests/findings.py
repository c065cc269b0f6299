"""What tests of the rules of findings share: a small framework, records of it, what is said of one."""

from __future__ import annotations

from typing import Any

from assessments.charts.rules import findings_of
from assessments.charts.rules.shapes import Finding
from assessments.engine.evaluate import evaluate
from assessments.engine.record import AssessmentRecord, DpmmRecord
from assessments.templatetags.sentences import follows_of, sentence_of
from frameworks.document.shapes import FrameworkSpec
from tests.builders import bami_spec
from tests.engine_builders import (
    DIMENSIONS,
    make_action,
    make_dimension,
    make_flag,
    make_framework,
    make_question,
    make_use_case,
)
from tests.records import answer_record, make_record, open_record

BAMI = bami_spec()
SMALL = make_framework(
    [
        make_dimension(code, [make_question(f"{code}-A", gate=True), make_question(f"{code}-B")])
        for code in DIMENSIONS
    ],
    use_cases=[
        make_use_case("UC1", 3, bounded=1, site_wide=3),
        make_use_case("UC2", 1),
        make_use_case("UC3", 5),
    ],
    actions=[
        make_action("A-1", ["D1-A"], (0, 3), (2, 2)),
        make_action("A-2", ["D1-A"], (3, 4), (4, 4), prerequisites=["A-1"]),
    ],
    flags=[make_flag("F1", ("D1-A", 4), {"D2-A": 1})],
)
PLANT = DpmmRecord("assessed", 3, "", "", "")
BEST_PLANT = DpmmRecord("assessed", 5, "", "", "")
NOT_HERE = {"level": None, "state": "not_applicable", "grade": "", "reason": "There is none here."}
UNKNOWN = {"level": None, "state": "unknown", "grade": ""}

# What the questions of the small framework are answered with, where it is not level 3.
ONE_LOW = {"D2-A": 1, "D2-B": 1}
TWO_LOW = ONE_LOW | {"D3-A": 1, "D3-B": 1}
THREE_LOW = TWO_LOW | {"D4-A": 1, "D4-B": 1}
OPEN = dict.fromkeys(SMALL.questions)
ALL_UNKNOWN = dict.fromkeys(SMALL.questions, UNKNOWN)
ALL_OUT = dict.fromkeys(SMALL.questions, NOT_HERE)
ONE_OUT = {"D1-A": NOT_HERE}
D5_OUT = {"D5-A": NOT_HERE, "D5-B": NOT_HERE}
HIGH = {"D1-A": 5, "D1-B": 5}
POINTS = {"D1-B": 4}  # the level stays at 3, the score is 3.5
ONE_EVIDENCE = {"D1-A": {"level": 3, "grade": "E0"}, "D1-B": {"level": 3, "grade": "E0"}}
TWO_EVIDENCE = ONE_EVIDENCE | {"D2-A": {"level": 3, "grade": "E0"}, "D2-B": {"level": 3, "grade": "E0"}}


def record_of(
    levels: int | None = 3, grade: str = "E3", changes: dict[str, Any] | None = None, **fields: Any
) -> AssessmentRecord:
    """Every question of the small framework at one level, but for the changes; None leaves one open."""
    changes = changes or {}
    graded: dict[str, Any] = {"grade": grade}
    answers = []
    for code in SMALL.questions:
        given = changes.get(code, levels)
        if given is None:
            answers.append(open_record(code))
        elif isinstance(given, dict):
            answers.append(answer_record(code, **(graded | given)))
        else:
            answers.append(answer_record(code, given, grade=grade))
    return make_record(SMALL, **({"dpmm": PLANT, "use_cases": (), "answers": tuple(answers)} | fields))


def found_in(record: AssessmentRecord, spec: FrameworkSpec = SMALL, disputed: int = 0) -> tuple[Finding, ...]:
    return findings_of(spec, record, evaluate(spec, record.inputs()), disputed)


def said(
    record: AssessmentRecord, code: str, spec: FrameworkSpec = SMALL, disputed: int = 0
) -> tuple[str, str] | None:
    """The sentence of a rule and what follows; None where the rule does not hold."""
    rows = [row for row in found_in(record, spec, disputed) if row.code == code]
    assert len(rows) <= 1
    return (spaced(sentence_of(spec, rows[0])), follows_of(spec, rows[0])) if rows else None


def spaced(text: str) -> str:
    """A text with plain spaces where it holds what belongs together on one line."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
