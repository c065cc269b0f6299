"""The overview: one sentence with what is left, the next step, and the work list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.models import Answer, Assessment
from assessments.results import results_for, spec_of
from assessments.services.assessments import is_deletable
from assessments.views.shared import find_assessment, frame


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One count of the work list: where it lies by dimension, and the link to it."""

    key: str
    count: int
    spread: tuple[tuple[str, int], ...]  # (dimension, count)
    url: str


@require_GET
def overview(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The work list of one assessment; each count is a link to the questions it counts."""
    assessment = find_assessment(request, uuid)
    answers = list(assessment.answers.select_related("updated_by"))
    results = results_for(assessment)
    latest = max((row for row in answers if row.updated_at), key=lambda row: row.updated_at, default=None)
    context = {
        **frame(assessment, "overview"),
        "results": results,
        "work": work_list(assessment, answers),
        "dimensions": [
            (dimension, results.readings.claimed.dimensions[dimension.code])
            for dimension in spec_of(assessment).dimensions
        ],
        "open_count": results.completeness.asked - results.completeness.replied,
        "latest": latest,
        "is_deletable": is_deletable(assessment),
        "reports": assessment.reports.select_related("job")[:3],
    }
    return render(request, "assessments/overview.html", context)


def work_list(assessment: Assessment, answers: list[Answer]) -> list[WorkRow]:
    """Unanswered, don't know, without evidence, flagged, contradicting: how many, where, and the link."""
    spec = spec_of(assessment)
    rules = {flag.code: flag for flag in spec.flags}
    contradictions = [rules[flag.rule] for flag in results_for(assessment).flags]
    found = {
        "unanswered": [row.question_code for row in answers if not row.is_reply],
        "unknown": [row.question_code for row in answers if row.state == Answer.State.UNKNOWN],
        "without-evidence": [
            row.question_code for row in answers if (row.level or 0) > spec.support[row.grade or "E0"]
        ],
        "flagged": [row.question_code for row in answers if row.flagged],
        "contradicting": [rule.when.question for rule in contradictions],
    }
    return [
        WorkRow(
            key=key,
            count=len(codes),
            spread=tuple(
                (dimension.code, sum(spec.dimension_of[code] == dimension.code for code in codes))
                for dimension in spec.dimensions
            ),
            url=_first(assessment, key, codes),
        )
        for key, codes in found.items()
    ]


def _first(assessment: Assessment, key: str, codes: list[str]) -> str:
    """The first question of a count, with the contents filtered to it; contradictions are told on the results page."""
    spec = spec_of(assessment)
    if key == "contradicting":
        return reverse("assessments:results", args=[assessment.uuid]) + "#contradictions"
    code = next((code for code in spec.questions if code in codes), next(iter(spec.questions)))
    address = reverse("assessments:question", args=[assessment.uuid, spec.dimension_of[code], code])
    return f"{address}?show={key}"
