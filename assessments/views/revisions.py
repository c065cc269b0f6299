"""What was submitted and what was reviewed, revision by revision: read-only, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import Engagement, User
from accounts.permissions import sees_as_consultant
from assessments.charts.levels import carried
from assessments.engine.record import AnswerRecord, AssessmentRecord
from assessments.engine.review import DecisionRecord, InquiryRecord, StanceRecord
from assessments.models import Assessment, Decision, Inquiry, Snapshot
from assessments.queries import stances_of
from assessments.results import decision_record, inquiry_record, record_in, results_in, spec_of
from assessments.views.results import findings, reading_asked
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer as a snapshot keeps it, with what a review said of it."""

    question: QuestionSpec
    answer: AnswerRecord
    evidenced: int | None
    decision: DecisionRecord | None
    stance: StanceRecord | None
    inquiries: tuple[InquiryRecord, ...]


@require_GET
def revision(request: SignedInRequest, uuid: UUID, revision: int, kind: str) -> HttpResponse:
    """Results and answers of one revision, as it was submitted or as it was reviewed.

    `reading` is that of the heat map.
    """
    assessment = find_assessment(request, uuid)
    kept: Snapshot = get_object_or_404(assessment.snapshots, revision=revision, kind=kind)
    spec, record, found = spec_of(assessment), record_in(kept), results_in(kept)
    reading = reading_asked(request, found)
    stances = stances_of(assessment, revision) if record.review else ()
    own = () if record.review else _own_decisions(request.user, assessment, revision)
    context = {
        **frame(assessment, "history"),
        **findings(spec, found, record, is_short=False, reading=reading, stances=stances),
        "snapshot": kept,
        "record": record,
        "is_present": revision == assessment.revision and not assessment.is_draft,
        "other": assessment.snapshots.filter(revision=revision).exclude(pk=kept.pk).first(),
        "ended_unfinished": bool(own),
        "parts": _answers(
            spec,
            record,
            record.review.decisions if record.review else own,
            stances,
            _asked(assessment, record),
        ),
        "reports": assessment.reports.filter(snapshot=kept).select_related("job", "job__requested_by"),
    }
    return render(request, "assessments/revision.html", context)


def _answers(
    spec: FrameworkSpec,
    record: AssessmentRecord,
    decided: tuple[DecisionRecord, ...],
    stances: tuple[StanceRecord, ...],
    inquiries: tuple[InquiryRecord, ...],
) -> list[tuple[DimensionSpec, list[KeptAnswer]]]:
    """Every answer by dimension, in document order."""
    answers = {row.question: row for row in record.answers}
    decisions = {row.question: row for row in decided}
    said = {row.question: row for row in stances}
    return [
        (
            dimension,
            [
                KeptAnswer(
                    question=question,
                    answer=answers[question.code],
                    evidenced=carried(spec, answers[question.code]),
                    decision=decisions.get(question.code),
                    stance=said.get(question.code),
                    inquiries=tuple(row for row in inquiries if row.question == question.code),
                )
                for question in dimension.questions
            ],
        )
        for dimension in spec.dimensions
    ]


def _own_decisions(user: User, assessment: Assessment, revision: int) -> tuple[DecisionRecord, ...]:
    """What this person's fellow reviewers decided in a review that ended without being finished.

    Nobody else ever sees it.
    """
    held = Engagement.objects.held_by(user).filter(kind=Engagement.Kind.REVIEW)
    rows = (
        Decision.objects.of(assessment.organisation)
        .decided()
        .filter(
            review__assessment=assessment,
            review__revision=revision,
            review__finished_at=None,
            review__ended_at__isnull=False,
            review__engagement__in=held,
        )
    )
    return tuple(decision_record(row) for row in rows.select_related("author").order_by("review", "pk"))


def _asked(assessment: Assessment, record: AssessmentRecord) -> tuple[InquiryRecord, ...]:
    """What reviewers asked: of a finished review from its record; of one that ended without being
    finished from its rows, for the client's own people alone."""
    if record.review is not None:
        return record.review.inquiries
    if sees_as_consultant(assessment):
        return ()
    rows = Inquiry.objects.of(assessment.organisation).filter(
        review__assessment=assessment, review__revision=record.revision, review__finished_at=None
    )
    return tuple(inquiry_record(row) for row in rows.select_related("asked_by", "replied_by"))
