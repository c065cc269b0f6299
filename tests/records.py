"""Records of assessments without a database: for the engine's and the report's tests."""

from __future__ import annotations

from typing import Any

from assessments.engine.record import AnswerRecord, AssessmentRecord, DpmmRecord, PlanRecord
from assessments.engine.review import DecisionRecord, InquiryRecord, ReviewRecord
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


def make_review(levels: dict[str, int] | None = None, **fields: Any) -> ReviewRecord:
    """A finished review of BAMI 1.0: these levels set, all else accepted, one thing asked."""
    levels = levels or {}
    at = "2026-12-08T09:40:00+00:00"
    words = {"reason": "Seen otherwise on site.", "pointer": "SOP 4"}
    decisions = tuple(
        DecisionRecord(code, "set", levels[code], **words, decided_by="Anna Brandt", decided_at=at)
        if code in levels
        else DecisionRecord(code, "accepted", None, "", "", "Ben Okafor", at)
        for code in bami_spec().questions
    )
    values: dict[str, Any] = {
        "consultancy": "Tessaly Advisory",
        "reviewers": ("Anna Brandt", "Ben Okafor"),
        "started_at": "2026-12-04T08:00:00+00:00",
        "finished_at": "2026-12-09T23:30:00+00:00",
        "finished_by": "Anna Brandt",
        "statement": "Two days on site.",
        "decisions": decisions,
        "inquiries": (InquiryRecord("D1-CTX", "Which lines?", "Anna Brandt", at, "Suite 1.", "Ingrid", at),),
    }
    return ReviewRecord(**(values | fields))
