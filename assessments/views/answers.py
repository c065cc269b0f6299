"""The pages of answering: one question or a whole dimension at a time, and how this person likes it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.services.people import set_answering
from assessments.forms.filters import Filter, read_filter
from assessments.models import Assessment
from assessments.results import spec_of
from assessments.services.leaving_out import may_be_left_out
from assessments.views.answering import answering, decision_on, question_target
from assessments.views.contents import Contents
from assessments.views.origin import origin_of
from assessments.views.rows import Row, rows_of
from assessments.views.shared import find_assessment, find_dimension, find_question


@require_GET
def go_on(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To where this person left off: the last question changed by them, else the first without a reply.

    With a filter, to the first question that it shows and that has no reply.
    """
    assessment = find_assessment(request, uuid)
    rows = rows_of(assessment)
    chosen = read_filter(request.GET, spec_of(assessment))
    shown = Contents(assessment, rows, chosen).shown or rows
    mine = [
        (row.answer.updated_at, place)
        for place, row in enumerate(rows)
        if row.answer.updated_at and row.answer.updated_by_id == request.user.pk
    ]
    latest = rows[max(mine)[1]] if mine and not chosen.query else None
    row = latest or next((row for row in shown if not row.answer.is_reply), shown[0])
    return redirect(_address(request, assessment, row, chosen))


@require_GET
def dimension(request: SignedInRequest, uuid: UUID, dimension: str) -> HttpResponse:
    """A whole dimension: every question as a compact row."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    chosen = find_dimension(spec, dimension)
    contents = Contents(assessment, rows_of(assessment), read_filter(request.GET, spec))
    context = answering(request, contents, chosen)
    parts = {part.dimension.code: part for part in context["contents"]}
    shown = [code for code, part in parts.items() if part.rows or code == dimension]
    place = shown.index(dimension)
    context |= {
        "to_confirm": [
            row.question.code for row in parts[dimension].counts.rows if row.answer.carried_from_id
        ],
        "confirm_id": uuid4(),
        "rows": [replace(row, compact=True) for row in parts[dimension].rows],
        "whole_dimension": True,
        "may_leave_out": context["may_answer"] and may_be_left_out(chosen),
        "here": parts[dimension].counts,
        "next_unanswered": contents.next_unanswered(dimension),
        "previous": spec.dimension_by_code[shown[place - 1]] if place else None,
        "next": spec.dimension_by_code[shown[place + 1]] if place + 1 < len(shown) else None,
    }
    return render(request, "assessments/dimension.html", context)


@require_GET
def question(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """One question with its six anchors, evidence and comment."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    rows = rows_of(assessment)
    contents = Contents(assessment, rows, read_filter(request.GET, spec))
    row = next(row for row in rows if row.question.code == asked.code)
    previous, following, unanswered = contents.beside(asked.code)
    context = {
        **answering(request, contents, spec.dimension_by_code[dimension]),
        "row": row,
        "against": contents.against(asked.code),
        "values": row.values,
        "number": [row.question.code for row in rows if row.dimension == dimension].index(asked.code) + 1,
        "target": question_target(assessment, asked),
        "reviewed": decision_on(assessment, asked),
        "previous": previous,
        "next": following,
        "next_unanswered": unanswered,
        "references": [spec.reference_by_code[code] for code in asked.references],
        "whole_dimension": False,
        "take_back_id": uuid4(),
        "carried": origin_of(asked, row.answer),
        "confirm_id": uuid4(),
    }
    context["may_take_back"] = context["may_answer"]
    return render(request, "assessments/question.html", context)


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
    return redirect(_address(request, assessment, row, within(request, assessment)))


def within(request: SignedInRequest, assessment: Assessment) -> Filter:
    """The filter of the page that a form was sent from."""
    return read_filter(QueryDict(request.POST.get("within", "").lstrip("?")), spec_of(assessment))


def page_address(assessment: Assessment, code: str, chosen: Filter, *, whole_dimension: bool) -> str:
    """Where a question is answered, alone or in its dimension, with the filter kept."""
    dimension = spec_of(assessment).dimension_of[code]
    if whole_dimension:
        page = reverse("assessments:dimension", args=[assessment.uuid, dimension])
        return f"{page}{chosen.query}#q-{code}"
    return reverse("assessments:question", args=[assessment.uuid, dimension, code]) + chosen.query


def _address(request: SignedInRequest, assessment: Assessment, row: Row, chosen: Filter) -> str:
    """Where a question is answered, the way this person likes it."""
    whole = request.user.whole_dimension
    return page_address(assessment, row.question.code, chosen, whole_dimension=whole)
