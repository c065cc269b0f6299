"""The overview: one sentence with what is left, the next step, and the work list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.charts.findings import is_without_evidence
from assessments.engine.display import whole
from assessments.engine.shapes import Results
from assessments.forms.filters import Filter
from assessments.models import Answer, Assessment
from assessments.permissions import can_answer
from assessments.results import results_for, spec_of
from assessments.services.assessments import is_deletable
from assessments.views.shared import find_assessment, frame
from frameworks.queries import newer_version


def has_earlier(assessment: Assessment) -> bool:
    """Whether there is a submitted assessment to copy answers from, and questions are open here."""
    if assessment.replied == assessment.asked:
        return False
    others = Assessment.objects.of(assessment.organisation).beside(assessment)
    return bool(others.exclude(state=Assessment.State.DRAFT).exists())


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One count of the work list: where it lies by dimension, and the link to it."""

    key: str
    count: int
    spread: tuple[tuple[str, str, int], ...]  # (dimension, its short name, count)
    url: str

    @property
    def spread_in_words(self) -> str:
        return ", ".join(f"{name} {count}" for _code, name, count in self.spread)


@require_GET
def overview(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The work list of one assessment; each count is a link to the questions it counts."""
    assessment = find_assessment(request, uuid)
    answers = list(assessment.answers.select_related("updated_by"))
    results = results_for(assessment)
    changed = [(row.updated_at, row.pk, row) for row in answers if row.updated_at]
    latest = max(changed)[2] if changed else None
    to_confirm = sum(row.carried_from_id is not None for row in answers)
    context = {
        **frame(assessment, "overview"),
        "results": results,
        "work": work_list(assessment, answers),
        "may_act": assessment.is_draft and can_answer(assessment),
        "dimensions": [
            (dimension, score, 100 * score.replied // score.asked)
            for dimension in spec_of(assessment).dimensions
            for score in [results.readings.claimed.dimensions[dimension.code]]
        ],
        "open_count": results.completeness.asked - results.completeness.replied,
        "to_confirm": to_confirm,
        "steps": _steps(assessment, results, to_confirm),
        "index": whole(results.readings.claimed.index),
        "held_back": whole(results.readings.claimed.held_back),
        "gates": _gates(assessment, answers),
        "latest": latest,
        "is_deletable": is_deletable(assessment),
        "earlier": assessment.is_draft and can_answer(assessment) and has_earlier(assessment),
        "newer": newer_version(assessment.version) if assessment.is_draft else None,
        "reports": assessment.reports.select_related("job")[:3],
    }
    return render(request, "assessments/overview.html", context)


def _steps(assessment: Assessment, results: Results, to_confirm: int) -> list[tuple[str, str]]:
    """(step, done, now or open): the way to the report; the first that is not done is now."""
    done = {
        "foundation": bool(assessment.dpmm_source),
        "targets": bool(results.targets),
        "answers": results.completeness.replied == results.completeness.asked and not to_confirm,
        "submitted": not assessment.is_draft,
    }
    if assessment.state_today in (Assessment.State.IN_REVIEW, Assessment.State.REVIEWED):
        done["reviewed"] = assessment.is_reviewed
    # What a draft left open stands once it is submitted; only a review goes on then.
    open_still = [step for step, is_done in done.items() if not is_done]
    now = next((step for step in open_still if assessment.is_draft or step == "reviewed"), None)
    return [(step, "done" if is_done else "now" if step == now else "open") for step, is_done in done.items()]


def _gates(assessment: Assessment, answers: list[Answer]) -> tuple[int, int, str]:
    """Gate questions replied to, their number, and the link to them."""
    spec = spec_of(assessment)
    gates = [row for row in answers if spec.questions[row.question_code].gate]
    codes = [row.question_code for row in gates if not row.is_reply] or [row.question_code for row in gates]
    return sum(row.is_reply for row in gates), len(gates), _first(assessment, codes, Filter(gates=True))


def work_list(assessment: Assessment, answers: list[Answer]) -> list[WorkRow]:
    """Unanswered, don't know, without evidence, flagged, contradicting: how many, where, and the link."""
    spec = spec_of(assessment)
    rules = {flag.code: flag for flag in spec.flags}
    contradictions = [rules[flag.rule] for flag in results_for(assessment).flags]
    found = {
        "unanswered": [row.question_code for row in answers if not row.is_reply],
        "unknown": [row.question_code for row in answers if row.state == Answer.State.UNKNOWN],
        "without-evidence": [
            row.question_code for row in answers if is_without_evidence(spec, row.level, row.grade)
        ],
        "flagged": [row.question_code for row in answers if row.flagged],
        "contradicting": [rule.when.question for rule in contradictions],
    }
    carried = [row.question_code for row in answers if row.carried_from_id]
    if carried:
        found = {"to-confirm": carried, **found}
    return [
        WorkRow(
            key=key,
            count=len(codes),
            spread=tuple(
                (
                    dimension.code,
                    dimension.short_name,
                    sum(spec.dimension_of[code] == dimension.code for code in codes),
                )
                for dimension in spec.dimensions
            ),
            url=_results(assessment)
            if key == "contradicting"
            else _first(assessment, codes, Filter(state=key)),
        )
        for key, codes in found.items()
    ]


def _results(assessment: Assessment) -> str:
    """Contradictions stand with the results."""
    return reverse("assessments:results", args=[assessment.uuid]) + "#contradictions"


def _first(assessment: Assessment, codes: list[str], shown: Filter) -> str:
    """The first question of a count, the contents filtered to it."""
    spec = spec_of(assessment)
    code = next((code for code in spec.questions if code in codes), next(iter(spec.questions)))
    address = reverse("assessments:question", args=[assessment.uuid, spec.dimension_of[code], code])
    return address + shown.query
