"""The door between rows and engine: `record_for` and `results_for` serve pages, reports and exports alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache as once
from pathlib import Path

from django.core.cache import cache

from assessments.engine import shapes
from assessments.engine.evaluate import evaluate, evaluate_briefly
from assessments.engine.reading import read_results
from assessments.engine.record import (
    AnswerRecord,
    AssessmentRecord,
    DpmmRecord,
    PlanRecord,
    read_record,
    record_document,
    replies_of,
    statement_of,
)
from assessments.engine.review import DecisionRecord, InquiryRecord, ReviewRecord
from assessments.engine.shapes import ENGINE_VERSION, BriefResults, Inputs, PlanSettings, Results
from assessments.engine.writing import results_document
from assessments.models import Answer, Assessment, BriefAnswer, Decision, Inquiry, Review, Snapshot
from frameworks.document.digest import canonical_json
from frameworks.document.shapes import FrameworkSpec
from frameworks.queries import spec_for

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Frozen:
    """The texts of a snapshot and the digest of them all."""

    record: str
    results: str
    content_digest: str
    digest: str  # SHA-256, in hex


def spec_of(assessment: Assessment) -> FrameworkSpec:
    """The content that this assessment is judged by."""
    return spec_for(assessment.version)


def results_for(assessment: Assessment) -> Results:
    """All results of an assessment: live while it is a draft, from its latest snapshot once submitted.

    Kept under uuid, stamp and engine version, so that an unchanged assessment is not computed twice. What
    they are made of may change with a release, so its shapes are part of the key.
    """
    moment = f"{assessment.stamp}:{assessment.revision}:{assessment.state}:{ENGINE_VERSION}:{shapes_digest()}"
    key = f"evaluated:{assessment.uuid}:{moment}"
    kept: Results | None = cache.get(key)
    if kept is None:
        kept = _results(assessment)
        cache.set(key, kept, HOUR)
    return kept


def brief_results_for(assessment: Assessment, answers: Iterable[Answer]) -> BriefResults:
    """Readings and verdicts of a draft whose answers are at hand: what its summary shows."""
    return evaluate_briefly(spec_of(assessment), live_inputs(assessment, answers))


def live_inputs(assessment: Assessment, answers: Iterable[Answer | BriefAnswer]) -> Inputs:
    """What `evaluate` is told of a draft: the inputs of its record, straight from its rows."""
    return Inputs(
        replies=replies_of((answer.question_code, answer) for answer in answers),
        dpmm=statement_of(assessment.dpmm_source, assessment.dpmm_level),
        use_cases=tuple(assessment.use_cases),
        targets=assessment.targets,
        plan=PlanSettings(assessment.plan_capacity, tuple(assessment.plan_blackout_weeks)),
    )


def record_for(assessment: Assessment) -> AssessmentRecord:
    """The record of an assessment: its rows while it is a draft, its latest snapshot once submitted."""
    if assessment.is_draft:
        return live_record(assessment, list(assessment.answers.select_related("updated_by")))
    return record_in(current_snapshot(assessment))


def current_snapshot(assessment: Assessment) -> Snapshot:
    """The latest snapshot of the revision that stands: the reviewed one once its review is finished."""
    kind = Snapshot.Kind.REVIEWED if assessment.is_reviewed else Snapshot.Kind.SUBMITTED
    return assessment.snapshots.get(revision=assessment.revision, kind=kind)


def record_in(snapshot: Snapshot) -> AssessmentRecord:
    """The record that a snapshot keeps."""
    return read_record(json.loads(snapshot.record))


def results_in(snapshot: Snapshot) -> Results:
    """The results that a snapshot keeps."""
    return read_results(json.loads(snapshot.results))


def freeze(record: AssessmentRecord, spec: FrameworkSpec) -> Frozen:
    """The canonical texts that a snapshot keeps, and their digest."""
    record_text = canonical_json(record_document(record))
    results_text = canonical_json(results_document(evaluate(spec, record.inputs())))
    whole = "\n".join((record_text, results_text, ENGINE_VERSION, spec.content_digest))
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Frozen(record_text, results_text, spec.content_digest, digest)


def reviewed_record(assessment: Assessment, review: Review) -> AssessmentRecord:
    """The submitted record with the review that is about to be finished."""
    submitted = assessment.snapshots.get(revision=review.revision, kind=Snapshot.Kind.SUBMITTED)
    return replace(
        record_in(submitted),
        state=Assessment.State.REVIEWED.value,
        review=_review_record(review, tuple(spec_of(assessment).questions)),
    )


def live_record(assessment: Assessment, answers: list[Answer], **changes: object) -> AssessmentRecord:
    """The record of the rows as they stand; `changes` are fields that submission is about to set."""
    by_code = {answer.question_code: answer for answer in answers}
    spec = spec_of(assessment)
    values = {
        "uuid": str(assessment.uuid),
        "organisation": assessment.organisation.name,
        "organisation_uuid": str(assessment.organisation.uuid),
        "site": assessment.site.name,
        "place": assessment.site.place,
        "time_zone": assessment.site.time_zone,
        "title": assessment.title,
        "scope": assessment.scope,
        "framework": spec.framework,
        "version": spec.version,
        "content_digest": spec.content_digest,
        "state": assessment.state,
        "revision": assessment.revision,
        "created_at": assessment.created_at.isoformat(),
        "submitted_at": "",
        "submitted_by": "",
        "people": (),
        "answers": tuple(_answer_record(by_code[code]) for code in spec.questions),
        "dpmm": DpmmRecord(
            source=assessment.dpmm_source,
            level=assessment.dpmm_level,
            on=assessment.dpmm_on.isoformat() if assessment.dpmm_on else "",
            tool=assessment.dpmm_tool,
            by=assessment.dpmm_by,
        ),
        "use_cases": tuple(assessment.use_cases),
        "targets": dict(assessment.targets),
        "plan": PlanRecord(
            start_on=assessment.plan_start_on.isoformat() if assessment.plan_start_on else "",
            capacity=assessment.plan_capacity,
            blackout_weeks=tuple(assessment.plan_blackout_weeks),
        ),
    }
    return AssessmentRecord(**(values | changes))  # type: ignore[arg-type]  # values of the fields' own types


@once
def shapes_digest() -> str:
    """A digest of the shapes that this release's results are made of."""
    return hashlib.sha256(Path(shapes.__file__).read_bytes()).hexdigest()[:16]


def _results(assessment: Assessment) -> Results:
    if assessment.is_draft:
        _stamp, answers = Answer.objects.brief_of(assessment)
        return evaluate(spec_of(assessment), live_inputs(assessment, answers))
    return results_in(current_snapshot(assessment))


def _review_record(review: Review, questions: tuple[str, ...]) -> ReviewRecord:
    mine = review.assessment.organisation
    decisions = Decision.objects.of(mine).decided().filter(review=review).select_related("author")
    by_code = {row.question_code: row for row in decisions}
    authors = [row.author for row in sorted(by_code.values(), key=lambda row: (row.decided_at, row.pk))]
    assert review.finished_at and review.finished_by  # set just before
    return ReviewRecord(
        consultancy=review.consultancy.name,
        reviewers=tuple(dict.fromkeys(person.shown_name for person in [*authors, review.finished_by])),
        started_at=review.started_at.isoformat(),
        finished_at=review.finished_at.isoformat(),
        finished_by=review.finished_by.shown_name,
        statement=review.statement,
        decisions=tuple(decision_record(by_code[code]) for code in questions),
        inquiries=tuple(
            inquiry_record(row)
            for row in Inquiry.objects.of(mine).filter(review=review).select_related("asked_by", "replied_by")
        ),
    )


def decision_record(row: Decision) -> DecisionRecord:
    """What was decided, as records and pages show it; the author is loaded."""
    return DecisionRecord(
        question=row.question_code,
        kind=row.kind,
        level=row.level,
        reason=row.reason,
        pointer=row.pointer,
        decided_by=row.author.shown_name,
        decided_at=row.decided_at.isoformat(),
    )


def inquiry_record(row: Inquiry) -> InquiryRecord:
    """What was asked and replied, as records and pages show it; who asked and replied are loaded."""
    return InquiryRecord(
        question=row.question_code,
        text=row.text,
        asked_by=row.asked_by.shown_name,
        asked_at=row.asked_at.isoformat(),
        reply=row.reply,
        replied_by=row.replied_by.shown_name if row.replied_by else "",
        replied_at=row.replied_at.isoformat() if row.replied_at else "",
    )


def _answer_record(answer: Answer) -> AnswerRecord:
    return AnswerRecord(
        question=answer.question_code,
        state=answer.state,
        level=answer.level,
        reason=answer.reason,
        grade=answer.grade,
        comment=answer.comment,
        evidence_note=answer.evidence_note,
        flagged=answer.flagged,
        answered_by=answer.updated_by.shown_name if answer.updated_by else "",
        answered_at=answer.updated_at.isoformat() if answer.updated_at else "",
    )
