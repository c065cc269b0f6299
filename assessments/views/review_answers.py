"""The client's side of a review: how far it is, what is asked, every change, and the owner's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest, typed_in
from accounts.permissions import can_engage, role_in, sees_as_consultant
from assessments.charts.findings import headline
from assessments.charts.levels import carried
from assessments.engine.record import AnswerRecord, AssessmentRecord
from assessments.engine.review import DecisionRecord, StanceRecord
from assessments.forms.review import ReplyForm, StanceForm, WordsForm
from assessments.models import OWN_WORDS, Assessment, Decision, Inquiry, Review
from assessments.permissions import can_answer_review
from assessments.queries import stances_of, standing_review
from assessments.results import record_for, results_for, spec_of
from assessments.services.lock import NotUnderReview
from assessments.services.review_answers import AnsweredAlready, answer_change, answer_inquiry
from assessments.views.refusals import gives_words_back
from assessments.views.reviewing import inquiries_of
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec, QuestionSpec


@dataclass(frozen=True, slots=True)
class Change:
    """One level that the reviewers set: the three readings of the answer, why, and what the owner says."""

    question: QuestionSpec
    answer: AnswerRecord
    evidenced: int | None
    decision: DecisionRecord
    stance: StanceRecord | None


@require_POST
@gives_words_back
def reply(request: SignedInRequest, uuid: UUID, inquiry: UUID) -> HttpResponse:
    """An owner's reply to a question from the reviewer."""
    assessment = find_assessment(request, uuid)
    rows = Inquiry.objects.of(assessment.organisation).filter(review__assessment=assessment)
    asked: Inquiry = get_object_or_404(rows.select_related("asked_by"), uuid=inquiry)
    if not can_answer_review(assessment):
        raise PermissionDenied
    form = ReplyForm(request.POST, auto_id=f"{asked.uuid}_%s")
    if form.is_valid():
        try:
            answer_inquiry(actor=request.user, assessment=assessment, inquiry=asked, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        except (AnsweredAlready, NotUnderReview) as refusal:
            return _too_late(request, uuid, refusal)
        else:
            messages.success(request, _("The reply is sent. The reviewer is told by mail."))
            return redirect(reverse("assessments:review", args=[uuid]) + f"#i-{asked.uuid}")
    return for_the_client(request, assessment, standing_review(assessment), {str(asked.uuid): form})


@require_POST
@gives_words_back
def answer(request: SignedInRequest, uuid: UUID, question: str) -> HttpResponse:
    """An owner's answer to a level that the reviewers set: agree, or disagree with a text."""
    assessment = find_assessment(request, uuid)
    if question not in spec_of(assessment).questions:
        raise Http404
    if not can_answer_review(assessment):
        raise PermissionDenied
    form = StanceForm(request.POST, auto_id=f"{question}_%s")
    if form.is_valid():
        try:
            answer_change(
                actor=request.user,
                assessment=assessment,
                question_code=question,
                agrees=form.cleaned_data["stance"] == "agree",
                text=form.cleaned_data["text"],
            )
        except ValidationError as error:
            form.take(error)
        except Decision.DoesNotExist as error:
            raise Http404 from error
        except (AnsweredAlready, NotUnderReview) as refusal:
            return _too_late(request, uuid, refusal)
        else:
            messages.success(
                request, _("Your answer stands beside the change, on this page and in the report.")
            )
            return redirect(reverse("assessments:review", args=[uuid]) + f"#c-{question}")
    return for_the_client(request, assessment, standing_review(assessment), {question: form})


def for_the_client(
    request: SignedInRequest,
    assessment: Assessment,
    standing: Review | None,
    refused: dict[str, WordsForm] | None = None,
) -> HttpResponse:
    """The page of a review as it is shown to who does not decide: before, while and after it runs."""
    context = {
        **frame(assessment, "review"),
        "review": standing,
        "may_answer": can_answer_review(assessment),
        "may_engage": can_engage(role_in(assessment)),
        "own_words": OWN_WORDS,
        "form": next(iter(refused.values())) if refused else None,
        "form_of": next(iter(refused)) if refused else "",
    }
    status = 422 if refused else 200
    if standing is not None and standing.is_finished:
        context |= finished(assessment, record_for(assessment))
        return render(request, "assessments/review_finished.html", context, status=status)
    if standing is not None and not sees_as_consultant(assessment):
        spec = spec_of(assessment)
        context["inquiries"] = [
            (row, spec.questions[row.question_code]) for row in inquiries_of(assessment, standing)
        ]
    return render(request, "assessments/review_running.html", context, status=status)


def finished(assessment: Assessment, record: AssessmentRecord) -> dict[str, Any]:
    """What a finished review says, from its record; the owner's answers come from their rows."""
    assert record.review is not None  # it is finished
    spec, found = spec_of(assessment), results_for(assessment)
    stances = stances_of(assessment, record.revision)
    states = {row.question: row.state for row in record.answers}
    return {
        **headline(spec, found),
        "said": record.review,
        "changes": changes_in(spec, record, stances),
        "accepted": [
            (spec.questions[row.question], row.kind, states[row.question])
            for row in record.review.decisions
            if row.level is None
        ],
        "open_changes": len(record.review.changes) - len(stances),
        "asked": [(row, spec.questions[row.question]) for row in record.review.inquiries],
    }


def changes_in(
    spec: FrameworkSpec, record: AssessmentRecord, stances: tuple[StanceRecord, ...]
) -> list[Change]:
    """The levels that a finished review set, in document order."""
    assert record.review is not None  # it is finished
    answers = {row.question: row for row in record.answers}
    said = {row.question: row for row in stances}
    return [
        Change(
            question=spec.questions[row.question],
            answer=answers[row.question],
            evidenced=carried(spec, answers[row.question]),
            decision=row,
            stance=said.get(row.question),
        )
        for row in record.review.changes
    ]


def _too_late(request: SignedInRequest, uuid: UUID, refusal: Exception) -> HttpResponse:
    """Another owner answered first, or the review is over: what was typed is given back."""
    assessment = find_assessment(request, uuid)  # as it stands now
    context = {
        **frame(assessment, "review"),
        "answered": isinstance(refusal, AnsweredAlready),
        "typed": typed_in(request),
    }
    return render(request, "assessments/review_refused.html", context, status=409)
