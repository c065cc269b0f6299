"""The pages of answering: one question or a whole dimension at a time, and how this person likes it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.models import User
from accounts.services.people import set_answering
from assessments.forms.filters import Filter, read_filter
from assessments.live_state import Listed, live_state
from assessments.models import Assessment
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.leaving_out import may_be_left_out
from assessments.views.addresses import WayBack, page_address, read_way_back, within
from assessments.views.answering import answering, decision_on, question_target
from assessments.views.contents import Contents
from assessments.views.origin import origin_of
from assessments.views.rows import row_of, rows_of
from assessments.views.shared import find_assessment, find_dimension, find_question
from frameworks.document.shapes import FrameworkSpec


@require_GET
def go_on(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To where this person left off: the last question changed by them, else the first to confirm, else
    the first without a reply; of the part of the questions that they asked for last.

    With a filter in the address, to the first question that it shows and that has no reply.
    """
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = read_filter(request.GET, spec)
    chosen = asked if asked.query else part_of(request.user, spec)
    contents = Contents(assessment, live_state(assessment), chosen)
    shown = contents.shown or contents.rows
    row = next((row for row in shown if not row.answer.is_reply), shown[0])
    if not asked.query:
        waiting = [row for row in shown if row.answer.carried_from_id] if can_answer(assessment) else []
        if latest := _latest_of(request.user, shown):
            row = latest
        elif waiting:
            row, chosen = waiting[0], chosen.with_state("to-confirm")
    return redirect(_address(request, assessment, row.question.code, chosen))


@require_GET
def dimension(request: SignedInRequest, uuid: UUID, dimension: str) -> HttpResponse:
    """A whole dimension: every question as a compact row."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    chosen = find_dimension(spec, dimension)
    contents = Contents(assessment, live_state(assessment), read_filter(request.GET, spec))
    context = answering(request, contents, chosen)
    parts = {part.dimension.code: part for part in context["contents"]}
    shown = [code for code, part in parts.items() if part.rows or code == dimension]
    place = shown.index(dimension)
    listed, unanswered = parts[dimension].rows, contents.next_unanswered(dimension)
    first = listed[0] if listed else unanswered
    codes = {row.question.code for row in listed}
    context |= {
        "to_confirm": [row.question.code for row in listed if row.answer.carried_from_id],
        "confirm_id": uuid4(),
        "way_back": WayBack(assessment, contents.filter, dimension=dimension),
        "rows": [
            replace(row, compact=True)
            for row in rows_of(assessment, dimension=dimension)
            if row.question.code in codes
        ],
        "first_code": (first.question if first else chosen.questions[0]).code,
        "whole_dimension": True,
        "may_leave_out": context["may_answer"] and may_be_left_out(chosen),
        "here": parts[dimension].counts,
        **contents.tally(dimension),
        "next_unanswered": unanswered,
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
    contents = Contents(assessment, live_state(assessment), read_filter(request.GET, spec))
    row = row_of(assessment, asked)
    previous, following, unanswered = contents.beside(asked.code)
    back = WayBack(assessment, contents.filter, question=asked.code)
    context = {
        **answering(request, contents, spec.dimension_by_code[dimension]),
        **contents.tally(question=asked.code),
        "row": row,
        "way_back": back,
        "glossary": reverse("assessments:rules", args=[uuid]) + back.query,
        "against": contents.against(asked.code),
        "values": row.values,
        "number": [held.code for held in spec.dimension_by_code[dimension].questions].index(asked.code) + 1,
        "target": question_target(assessment, asked),
        "reviewed": decision_on(assessment, asked),
        "previous": previous,
        "next": following,
        "next_unanswered": unanswered,
        "references": [spec.reference_by_code[code] for code in asked.references],
        "whole_dimension": False,
        "take_back_id": uuid4(),
        "carried": origin_of(asked, row.answer, assessment.organisation),
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
    return redirect(_address(request, assessment, code, within(request, assessment)))


@require_POST
def show_part(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Which part of the questions this person works on: shown now, and where they go on another day."""
    assessment = find_assessment(request, uuid)
    back = read_way_back(request.POST, assessment)
    if "all" in request.POST:
        back = replace(back, filter=Filter())
    set_answering(user=request.user, shown_part=back.filter.part.query.removeprefix("?"))
    return redirect(back.address)


def part_of(user: User, spec: FrameworkSpec) -> Filter:
    """The part of the questions that this person asked for last; all where it meets none of this content."""
    part = read_filter(QueryDict(user.shown_part), spec)
    return part if any(part.covers(question) for question in spec.questions.values()) else Filter()


def _latest_of(user: User, rows: list[Listed]) -> Listed | None:
    """The question that this person changed last. A copy that waits to be confirmed is no place where they
    were: all copies carry one name and one moment."""
    mine = [
        (row.answer.updated_at, place)
        for place, row in enumerate(rows)
        if row.answer.updated_at and row.answer.updated_by_id == user.pk and not row.answer.carried_from_id
    ]
    return rows[max(mine)[1]] if mine else None


def _address(request: SignedInRequest, assessment: Assessment, code: str, chosen: Filter) -> str:
    """Where the question of this code is answered, the way this person likes it."""
    return page_address(assessment, code, chosen, whole_dimension=request.user.whole_dimension)
