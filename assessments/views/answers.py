"""Answering: one question or a whole dimension at a time, and the save of one answer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.services.people import set_answering
from assessments.forms.answers import AnswerForm
from assessments.models import Assessment
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.answers import Conflict, record_answer
from assessments.services.lock import NotADraft
from assessments.views.answering import (
    Row,
    answering,
    counts,
    decision_on,
    live,
    question_target,
    refused,
    rows_from,
    rows_of,
)
from assessments.views.shared import find_assessment, find_dimension, find_question
from frameworks.document.shapes import QuestionSpec


@require_GET
def go_on(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To where this person left off: the last question changed by them, else the first without a reply."""
    assessment = find_assessment(request, uuid)
    rows = rows_of(assessment)
    mine = [
        (row.answer.updated_at, place)
        for place, row in enumerate(rows)
        if row.answer.updated_at and row.answer.updated_by_id == request.user.pk
    ]
    latest = rows[max(mine)[1]] if mine else None
    row = latest or next((row for row in rows if not row.answer.is_reply), rows[0])
    return redirect(_address(request, assessment, row))


@require_GET
def dimension(request: SignedInRequest, uuid: UUID, dimension: str) -> HttpResponse:
    """A whole dimension: every question as a compact row."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    chosen = find_dimension(spec, dimension)
    rows = rows_of(assessment)
    context = answering(request, assessment, rows, chosen)
    shown = next(part["rows"] for part in context["contents"] if part["dimension"] is chosen)
    place = spec.dimensions.index(chosen)
    context |= {
        "rows": [replace(row, compact=True) for row in shown],
        "whole_dimension": True,
        "replied_here": sum(row.answer.is_reply for row in rows if row.dimension == dimension),
        "previous": spec.dimensions[place - 1] if place else None,
        "next": spec.dimensions[place + 1] if place + 1 < len(spec.dimensions) else None,
    }
    return render(request, "assessments/dimension.html", context)


@require_GET
def question(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """One question with its six anchors, evidence and comment."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    rows = rows_of(assessment)
    place = next(place for place, row in enumerate(rows) if row.question.code == asked.code)
    context = {
        **answering(request, assessment, rows, spec.dimension_by_code[dimension]),
        "row": rows[place],
        "values": rows[place].values,
        "number": [row.question.code for row in rows if row.dimension == dimension].index(asked.code) + 1,
        "target": question_target(assessment, asked),
        "reviewed": decision_on(assessment, asked),
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

    422 for values that cannot be, 428 without the version that was seen, 409 where somebody changed
    the same field meanwhile or the assessment is submitted; nothing is stored then, and what was
    typed is given back.
    """
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    if not can_answer(assessment) or not _is_from(request):
        raise PermissionDenied
    form = AnswerForm(request.POST, auto_id=f"{asked.code}_%s")
    if not form.is_valid():
        # Without the version that was seen, nobody can tell what the save would overwrite.
        status = 422 if request.POST.get("base_version") else 428
        return refused(request, assessment, asked, form, status=status)
    try:
        saved = record_answer(
            actor=request.user,
            assessment=assessment,
            question_code=asked.code,
            changes=form.changes(),
            base_version=form.cleaned_data["base_version"],
            op_id=form.cleaned_data["op_id"],
            set_aside=form.cleaned_data["aside"],
        )
    except ValidationError as error:
        _add_errors(form, error)
        return refused(request, assessment, asked, form, status=422)
    except Conflict as conflict:
        return refused(request, assessment, asked, form, status=409, conflict=conflict)
    except NotADraft:
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
        form.add_error(
            None, _("This assessment was submitted meanwhile: its answers stand. Yours was not saved.")
        )
        return refused(request, assessment, asked, form, status=409)
    if not request.htmx:
        messages.success(request, _("Saved: %(title)s") % {"title": asked.title})
        return redirect(_back(request, assessment, asked))
    context = {
        **live(assessment, saved.results, dimension),
        **counts(rows_from(spec, saved.answers)),
        "assessment": assessment,
        "spec": spec,
        "row": Row(asked, saved.answer, dimension, spec, request.POST.get("page") == "dimension"),
        "merged": form.merged(saved.answer),
        "was": request.POST.get("was", ""),
        "replied_here": saved.results.readings.claimed.dimensions[dimension].replied,
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
    row = next(row for row in rows_of(assessment) if row.question.code == code)
    return redirect(_address(request, assessment, row))


def _is_from(request: SignedInRequest) -> bool:
    """Whether a script that names whose answer it sends names who is signed in."""
    return request.headers.get("X-Answer-Of", str(request.user.uuid)) == str(request.user.uuid)


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
    spec = spec_of(assessment)
    codes = list(spec.questions)
    place = codes.index(asked.code)
    if request.POST.get("then") == "next" and place + 1 < len(codes):
        place += 1
    return _page(assessment, codes[place], whole_dimension=request.POST.get("page") == "dimension")


def _address(request: SignedInRequest, assessment: Assessment, row: Row) -> str:
    """Where a question is answered, the way this person likes it."""
    return _page(assessment, row.question.code, whole_dimension=request.user.whole_dimension)


def _page(assessment: Assessment, code: str, *, whole_dimension: bool) -> str:
    dimension = spec_of(assessment).dimension_of[code]
    if whole_dimension:
        return reverse("assessments:dimension", args=[assessment.uuid, dimension]) + f"#q-{code}"
    return reverse("assessments:question", args=[assessment.uuid, dimension, code])
