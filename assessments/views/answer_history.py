"""The history of one answer, and taking back one's own last change of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from assessments.forms.answers import AnswerForm
from assessments.forms.filters import read_filter
from assessments.forms.taking_back import TakeBackForm
from assessments.models import Assessment
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.answers import FIELDS, SET_ASIDE, object_id
from assessments.services.carrying import CARRIED, CONFIRMED
from assessments.services.lock import NotADraft
from assessments.services.taking_back import (
    TAKEN_BACK,
    ChangedSince,
    NothingToTakeBack,
    fields_in,
    take_back,
)
from assessments.views.addresses import page_address, within
from assessments.views.said import said
from assessments.views.shared import find_assessment, find_question, frame
from frameworks.document.shapes import FrameworkSpec
from records.models import Event

PAGE = 50
FOLDED = 5  # shown on the page of the question itself


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of an answer: who, when, and each field from what to what."""

    event: Event
    fields: tuple[tuple[str, str, str], ...]  # label, before, after
    is_set_aside: bool  # not chosen of two answers: kept here, and nowhere else
    is_taken_back: bool
    is_carried: bool
    is_confirmed: bool


@require_GET
def answer_history(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Every change of one answer, latest first; for a script the latest few alone."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    page = Paginator(_events(assessment, question), FOLDED if request.htmx else PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "assessment": assessment,
        "question": asked,
        "keep": read_filter(request.GET, spec).query,
        "dimension": spec.dimension_by_code[dimension],
        "changes": list(_happened(spec, page.object_list)),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    mine = any(change.event.actor_id == request.user.pk for change in context["changes"])
    context["may_take_back"] = mine and can_answer(assessment) and assessment.is_draft
    context["take_back_id"] = uuid4()
    if request.htmx:
        return render(request, "assessments/_answer_history.html", context)
    return render(request, "assessments/answer_history.html", frame(assessment, "answers") | context)


@require_POST
def take_back_change(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Take back one's last change of an answer, and say what came of it."""
    assessment = find_assessment(request, uuid)
    asked = find_question(spec_of(assessment), dimension, question)
    if not can_answer(assessment):
        raise PermissionDenied
    form = TakeBackForm(request.POST)
    back = page_address(assessment, question, within(request, assessment), whole_dimension=False)
    if not form.is_valid():
        messages.error(
            request, _("This page was incomplete when it was sent. Nothing was changed; try again.")
        )
        return redirect(back)
    try:
        take_back(
            actor=request.user,
            assessment=assessment,
            question_code=asked.code,
            op_id=form.cleaned_data["op_id"],
        )
    except NothingToTakeBack:
        messages.info(request, _("You have changed nothing here, so there is nothing to take back."))
    except ChangedSince as later:
        fields = ", ".join(str(AnswerForm.base_fields[field].label) for field in later.fields)
        words = {"name": later.by or _("The system"), "fields": fields}
        messages.warning(
            request,
            _("Not taken back: %(name)s changed the same after you (%(fields)s). Nothing was overwritten.")
            % words,
        )
    except NotADraft:
        messages.error(request, _("This assessment was submitted meanwhile: its answers stand."))
    else:
        messages.success(request, _("Your last change is taken back. The history keeps both."))
    return redirect(back)


def _events(assessment: Assessment, code: str) -> QuerySet[Event]:
    every = Event.objects.of(assessment.organisation).filter(
        object_type="answer", object_id=object_id(assessment, code)
    )
    latest: QuerySet[Event] = every.select_related("actor").order_by("-seq")
    return latest


def _happened(spec: FrameworkSpec, events: Iterable[Event]) -> Iterator[Happened]:
    for event in events:
        is_set_aside = event.action == SET_ASIDE
        yield Happened(
            event=event,
            fields=tuple(
                (
                    str(AnswerForm.base_fields[field].label),
                    "" if is_set_aside else said(spec, _of(event.before_json, field)),
                    said(spec, _of(event.after_json, field)),
                )
                for field in fields_in(event)
            ),
            is_set_aside=is_set_aside,
            is_taken_back=event.reason_code == TAKEN_BACK,
            is_carried=event.reason_code == CARRIED,
            is_confirmed=event.action == CONFIRMED,
        )


def _of(columns: dict[str, object], field: str) -> dict[str, object]:
    return {column: columns[column] for column in FIELDS[field]}
