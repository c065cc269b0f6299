"""The record of an assessment in plain shapes: what submission freezes and the report prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from assessments.engine.review import ReviewRecord, read_review
from assessments.engine.shapes import (
    DpmmStatement,
    Inputs,
    LevelReply,
    NotApplicable,
    PlanSettings,
    Reply,
    Unknown,
)

UNANSWERED, LEVEL, UNKNOWN, NOT_APPLICABLE = "unanswered", "level", "unknown", "not_applicable"


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer as typed; times are ISO texts in UTC."""

    question: str
    state: str  # unanswered, level, unknown or not_applicable
    level: int | None  # 0 to 5
    reason: str
    grade: str  # E0 to E3, or empty
    comment: str
    evidence_note: str
    flagged: bool
    answered_by: str  # as others see the person; empty while unanswered
    answered_at: str


class Answered(Protocol):
    """What a reply follows from: a record of an answer, or its row."""

    @property
    def state(self) -> str: ...
    @property
    def level(self) -> int | None: ...
    @property
    def grade(self) -> str: ...
    @property
    def reason(self) -> str: ...


def replies_of(answers: Iterable[tuple[str, Answered]]) -> dict[str, Reply]:
    """Of (question, answer): what the engine is told of those that are answered."""
    replies = {code: reply_of(answer) for code, answer in answers}
    return {code: reply for code, reply in replies.items() if reply is not None}


def reply_of(answer: Answered) -> Reply | None:
    """What the engine is told of an answer (Method, section 1); None where nothing is answered yet."""
    if answer.state == LEVEL and answer.level is not None:
        return LevelReply(answer.level, answer.grade or "E0")
    if answer.state == UNKNOWN:
        return Unknown()
    if answer.state == NOT_APPLICABLE:
        return NotApplicable(answer.reason)
    return None


def statement_of(source: str, level: int | None) -> DpmmStatement | None:
    """What the engine is told of the digital plant; None where the site does not know its level."""
    return DpmmStatement(level, source) if level and source in ("assessed", "estimated") else None


@dataclass(frozen=True, slots=True)
class DpmmRecord:
    """What the site states about its digital plant; the source is empty until it says something."""

    source: str  # assessed, estimated, not_known or empty
    level: int | None  # 1 to 5
    on: str  # ISO date or empty
    tool: str
    by: str


@dataclass(frozen=True, slots=True)
class PlanRecord:
    start_on: str  # ISO date of the first day of week 0, or empty
    capacity: int
    blackout_weeks: tuple[int, ...]  # from 0

    @property
    def begins_on(self) -> date | None:
        """The first day of the plan, once there is one."""
        return date.fromisoformat(self.start_on) if self.start_on else None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """One deed that made a revision what it is; no record of an assessment holds it."""

    revision: int
    deed: str  # reopened: the revision began with it; submitted; or reviewed
    at: str
    by: str  # as others see the person; empty for the system
    reason: str  # why it was reopened


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """All that is known about one assessment at one moment."""

    uuid: str
    organisation: str
    organisation_uuid: str
    site: str
    place: str
    time_zone: str
    title: str
    scope: str
    framework: str
    version: str
    content_digest: str
    state: str
    revision: int
    created_at: str
    submitted_at: str  # empty while a draft
    submitted_by: str
    people: tuple[tuple[str, str], ...]  # (name, role)
    answers: tuple[AnswerRecord, ...]  # every question, in document order
    dpmm: DpmmRecord
    use_cases: tuple[str, ...]
    targets: Mapping[str, int]
    plan: PlanRecord
    review: ReviewRecord | None = None  # once it is finished

    def inputs(self) -> Inputs:
        """What `evaluate` is told about this assessment (Method, section 10)."""
        return Inputs(
            replies=replies_of((answer.question, answer) for answer in self.answers),
            dpmm=statement_of(self.dpmm.source, self.dpmm.level),
            validated=self.review.validated if self.review else None,
            use_cases=self.use_cases,
            targets=self.targets,
            plan=PlanSettings(self.plan.capacity, self.plan.blackout_weeks),
        )


def record_document(record: AssessmentRecord) -> dict[str, Any]:
    """The record as a JSON-like mapping; `read_record` is its inverse.

    Without a review there is no key for one, as in records of before there were reviews.
    """
    document = {**asdict(record), "targets": dict(record.targets)}
    if record.review is None:
        del document["review"]
    return document


def read_record(document: Mapping[str, Any]) -> AssessmentRecord:
    """The record that a snapshot keeps."""
    return AssessmentRecord(
        **{
            **document,
            "people": tuple((name, role) for name, role in document["people"]),
            "answers": tuple(AnswerRecord(**answer) for answer in document["answers"]),
            "dpmm": DpmmRecord(**document["dpmm"]),
            "use_cases": tuple(document["use_cases"]),
            "plan": PlanRecord(
                **{**document["plan"], "blackout_weeks": tuple(document["plan"]["blackout_weeks"])}
            ),
            "review": read_review(document.get("review")),
        }
    )
