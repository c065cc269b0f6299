"""Answering: one question or a whole dimension at a time, and the save of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.services import set_answering
from assessments.engine.shapes import BriefResults, DimensionScore
from assessments.forms.answers import AnswerForm, page_values
from assessments.models import OWN_WORDS, Answer, Assessment
from assessments.permissions import can_answer
from assessments.results import brief_results_for, results_for, spec_of
from assessments.services.answers import Conflict, record_answer
from assessments.services.summary import NotADraft
from assessments.views.shared import find_assessment, find_dimension, find_question, frame
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec

FILTERS = ("all", "unanswered", "flagged", "gates", "unknown", "without-evidence", "contradicting")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its answer, as contents and pages show them."""

    question: QuestionSpec
    answer: Answer
    dimension: str

    @property
    def values(self) -> dict[str, Any]:
        return page_values(self.answer)


@require_GET
def go_on(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To where this person left off: the last question changed by them, else the first without a reply."""
    assessment = find_assessment(request, uuid)
    rows = _rows(assessment)
    mine = [row for row in rows if row.answer.updated_by_id == request.user.pk and row.answer.updated_at]
    latest = max(mine, key=lambda row: row.answer.updated_at, default=None)
    row = latest or next((row for row in rows if not row.answer.is_reply), rows[0])
    return redirect(_address(request, assessment, row))


@require_GET
def dimension(request: SignedInRequest, uuid: UUID, dimension: str) -> HttpResponse:
    """A whole dimension: every question as a compact row."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    chosen = find_dimension(spec, dimension)
    rows = _rows(assessment)
    context = {
        **_answering(request, assessment, rows, chosen),
        "rows": [row for row in rows if row.dimension == chosen.code],
        "whole_dimension": True,
    }
    return render(request, "assessments/dimension.html", context)


@require_GET
def question(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """One question with its six anchors, evidence and comment."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    rows = _rows(assessment)
    place = next(place for place, row in enumerate(rows) if row.question.code == asked.code)
    context = {
        **_answering(request, assessment, rows, spec.dimension_by_code[dimension]),
        "row": rows[place],
        "number": [row.question.code for row in rows if row.dimension == dimension].index(asked.code) + 1,
        "previous": rows[place - 1] if place else None,
        "next": rows[place + 1] if place + 1 < len(rows) else None,
        "next_unanswered": _next_unanswered(rows, place),
        "references": [spec.reference_by_code[code] for code in asked.references],
        "whole_dimension": False,
    }
    return render(request, "assessments/question.html", context)


@require_POST
def save(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Save one answer: a fragment with the new numbers for a script, a redirect back without one.

    422 for values that cannot be, 409 where somebody changed the same field meanwhile or the
    assessment is submitted; nothing is stored then, and what was typed is given back.
    """
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    if not can_answer(assessment):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, assessment, asked, form, status=422)
    try:
        saved = record_answer(
            actor=request.user,
            assessment=assessment,
            question_code=asked.code,
            changes=form.changes(),
            base_version=form.cleaned_data["base_version"],
            op_id=form.cleaned_data["op_id"],
        )
    except ValidationError as error:
        _add_errors(form, error)
        return _refused(request, assessment, asked, form, status=422)
    except Conflict as conflict:
        return _refused(request, assessment, asked, form, status=409, conflict=conflict)
    except NotADraft:
        form.add_error(
            None, _("This assessment was submitted meanwhile: its answers stand. Yours was not saved.")
        )
        return _refused(request, assessment, asked, form, status=409)
    if not request.htmx:
        messages.success(request, _("Saved: %(title)s") % {"title": asked.title})
        return redirect(_back(request, assessment, asked))
    context = {
        **_live(assessment, spec, saved.results, dimension),
        "assessment": assessment,
        "row": Row(asked, saved.answer, dimension),
        "single": request.POST.get("page") == "question",
    }
    response = render(request, "assessments/_saved.html", context)
    response["X-Operation"] = str(form.cleaned_data["op_id"])
    return response


@require_POST
def prefer(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """How this person likes to answer: one question or a whole dimension; single keys on or off."""
    assessment = find_assessment(request, uuid)
    set_answering(
        user=request.user,
        single_keys=request.POST["single_keys"] == "on" if "single_keys" in request.POST else None,
        whole_dimension=request.POST["view"] == "dimension" if "view" in request.POST else None,
    )
    spec = spec_of(assessment)
    code = request.POST.get("question", "")
    if code not in spec.questions:
        return redirect("assessments:answers", uuid)
    row = next(row for row in _rows(assessment) if row.question.code == code)
    return redirect(_address(request, assessment, row))


def _rows(assessment: Assessment) -> list[Row]:
    """Every question with its answer, in document order; one statement."""
    spec = spec_of(assessment)
    answers = {answer.question_code: answer for answer in assessment.answers.select_related("updated_by")}
    return [
        Row(question, answers[code], spec.dimension_of[code]) for code, question in spec.questions.items()
    ]


def _answering(
    request: SignedInRequest, assessment: Assessment, rows: list[Row], chosen: DimensionSpec
) -> dict[str, Any]:
    """What both ways of answering show around the questions."""
    spec = spec_of(assessment)
    wanted = request.GET.get("show", "all")
    results = brief_results_for(assessment, [row.answer for row in rows])
    return {
        **frame(assessment, "answers"),
        **_live(assessment, spec, results, chosen.code),
        "dimension": chosen,
        "contents": _contents(assessment, rows, wanted if wanted in FILTERS else "all"),
        "filter": wanted if wanted in FILTERS else "all",
        "counts": {
            "unanswered": sum(not row.answer.is_reply for row in rows),
            "flagged": sum(row.answer.flagged for row in rows),
            "gates": sum(row.question.gate for row in rows),
            "gates_replied": sum(row.question.gate and row.answer.is_reply for row in rows),
        },
        "may_answer": can_answer(assessment) and assessment.is_draft,
        "own_words": OWN_WORDS,
    }


def _live(
    assessment: Assessment, spec: FrameworkSpec, results: BriefResults, dimension: str
) -> dict[str, Any]:
    """The live panel: the dimension's readings, what holds it back, and the whole so far."""
    claimed: DimensionScore = results.readings.claimed.dimensions[dimension]
    return {
        "results": results,
        "dimension_spec": spec.dimension_by_code[dimension],
        "claimed": claimed,
        "evidenced": results.readings.evidenced.dimensions[dimension],
        "needs": [(spec.questions[need.question], need) for need in claimed.why],
        "ceiling": spec.ceilings.get((results.dpmm.level, dimension)) if results.dpmm else None,
        "ready_uses": sum(
            verdict.verdict in ("ready", "ready_bounded") for verdict in results.use_cases.values()
        ),
    }


def _contents(assessment: Assessment, rows: list[Row], wanted: str) -> list[dict[str, Any]]:
    """The side list: each dimension with its counts and the questions that the filter lets through."""
    spec = spec_of(assessment)
    support = spec.support
    contradicting = _contradicting(assessment) if wanted == "contradicting" else frozenset()
    passes = {
        "all": lambda row: True,
        "unanswered": lambda row: not row.answer.is_reply,
        "flagged": lambda row: row.answer.flagged,
        "gates": lambda row: row.question.gate,
        "unknown": lambda row: row.answer.state == Answer.State.UNKNOWN,
        "without-evidence": lambda row: (row.answer.level or 0) > support[row.answer.grade or "E0"],
        "contradicting": lambda row: row.question.code in contradicting,
    }[wanted]
    return [
        {
            "dimension": dimension,
            "replied": sum(row.answer.is_reply for row in rows if row.dimension == dimension.code),
            "asked": len(dimension.questions),
            "rows": [row for row in rows if row.dimension == dimension.code and passes(row)],
        }
        for dimension in spec.dimensions
    ]


def _contradicting(assessment: Assessment) -> frozenset[str]:
    """The questions that a consistency flag names."""
    rules = {flag.code: flag for flag in spec_of(assessment).flags}
    met = [rules[flag.rule] for flag in results_for(assessment).flags]
    return frozenset(
        code for rule in met for code in (rule.when.question, *(part.question for part in rule.any_of))
    )


def _refused(
    request: SignedInRequest,
    assessment: Assessment,
    asked: QuestionSpec,
    form: AnswerForm,
    *,
    status: int,
    conflict: Conflict | None = None,
) -> HttpResponse:
    """Nothing was stored: say why, keep what was typed; in a conflict show both and let this person choose."""
    spec = spec_of(assessment)
    answer = assessment.answers.select_related("updated_by").get(question_code=asked.code)
    context = {
        "assessment": assessment,
        "spec": spec,
        "row": Row(asked, answer, spec.dimension_of[asked.code]),
        "form": form,
        "conflict": conflict,
        "submitted": not assessment.is_draft,
    }
    if request.htmx:
        return render(request, "assessments/_refused.html", context, status=status)
    context |= {
        **frame(assessment, "answers"),
        "dimension": spec.dimension_by_code[spec.dimension_of[asked.code]],
    }
    return render(request, "assessments/refused.html", context, status=status)


def _add_errors(form: AnswerForm, error: ValidationError) -> None:
    """The service speaks of columns, the page of fields."""
    fields = {"state": "reply", "level": "reply", "reason": "reason"}
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for column, errors in error.error_dict.items():
        form.add_error(fields.get(column, column if column in form.fields else None), errors)


def _next_unanswered(rows: list[Row], place: int) -> Row | None:
    """The next question without a reply after this place, going round once."""
    return next((row for row in rows[place + 1 :] + rows[:place] if not row.answer.is_reply), None)


def _back(request: SignedInRequest, assessment: Assessment, asked: QuestionSpec) -> str:
    """Without a script: where the button pressed leads, back to the page or on to the next question."""
    rows = _rows(assessment)
    place = next(place for place, row in enumerate(rows) if row.question.code == asked.code)
    if request.POST.get("then") == "next" and place + 1 < len(rows):
        place += 1
    row = rows[place]
    if request.POST.get("page") == "dimension":
        address = reverse("assessments:dimension", args=[assessment.uuid, row.dimension])
        return f"{address}#q-{row.question.code}"
    return reverse("assessments:question", args=[assessment.uuid, row.dimension, row.question.code])


def _address(request: SignedInRequest, assessment: Assessment, row: Row) -> str:
    """Where a question is answered, the way this person likes it."""
    if request.user.whole_dimension:
        address = reverse("assessments:dimension", args=[assessment.uuid, row.dimension])
        return f"{address}#q-{row.question.code}"
    return reverse("assessments:question", args=[assessment.uuid, row.dimension, row.question.code])
