"""Records of assessments without a database: for the engine's and the report's tests."""

from __future__ import annotations

from typing import Any

from assessments.engine.record import AnswerRecord, AssessmentRecord, DpmmRecord, PlanRecord
from frameworks.document.shapes import FrameworkSpec
from tests.builders import bami_spec


def answer_record(code: str, level: int | None = 2, **fields: Any) -> AnswerRecord:
    """An answer by level 2 with an approved document, whatever is overridden."""
    values: dict[str, Any] = {
        "question": code,
        "state": "level",
        "level": level,
        "reason": "",
        "grade": "E1",
        "comment": "",
        "evidence_note": "",
        "flagged": False,
        "answered_by": "Ingrid",
        "answered_at": "2026-11-30T23:30:00+00:00",
    }
    return AnswerRecord(**(values | fields))


def open_record(code: str) -> AnswerRecord:
    """A question that nobody has answered."""
    return answer_record(code, None, state="unanswered", grade="", answered_by="", answered_at="")


def make_record(spec: FrameworkSpec | None = None, **fields: Any) -> AssessmentRecord:
    """A draft of BAMI 1.0, every question at level 2, two uses chosen and a plan; or of another version."""
    spec = spec or bami_spec()
    values: dict[str, Any] = {
        "uuid": "5f0c7b5e-0000-4000-8000-000000000001",
        "organisation": "Northmere",
        "organisation_uuid": "5f0c7b5e-0000-4000-8000-000000000002",
        "site": "Kelderhaven",
        "place": "",
        "time_zone": "Europe/Copenhagen",
        "title": "Baseline",
        "scope": "",
        "framework": spec.framework,
        "version": spec.version,
        "content_digest": spec.content_digest,
        "state": "draft",
        "revision": 1,
        "created_at": "2026-11-01T08:00:00+00:00",
        "submitted_at": "",
        "submitted_by": "",
        "people": (),
        "answers": tuple(answer_record(code) for code in spec.questions),
        "dpmm": DpmmRecord("assessed", 2, "2026-06-18", "DPMM 3.0", "Automation"),
        "use_cases": tuple(use_case.code for use_case in spec.use_cases[:2]),
        "targets": {},
        "plan": PlanRecord("2027-01-11", 4, (5, 6)),
    }
    return AssessmentRecord(**(values | fields))
