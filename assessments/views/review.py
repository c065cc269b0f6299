"""Reviewing: the page of a review, and one answer at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from assessments.forms.review import ASK, DecisionForm
from assessments.models import OWN_WORDS, Assessment, Decision, Review
from assessments.permissions import can_review
from assessments.queries import standing_review
from assessments.results import record_for, results_for, spec_of
from assessments.services.lock import NotUnderReview
from assessments.services.reviews import (
    DecisionConflict,
    NotEngaged,
    ReviewTaken,
    Ruling,
    ask_site,
    record_decision,
)
from assessments.views.refusals import gives_words_back
from assessments.views.review_answers import for_the_client
from assessments.views.reviewing import (
    Case,
    beside,
    cases_of,
    effects,
    may_decide,
    progress,
    refused,
    shown,
    wanted_filter,
)
from assessments.views.shared import find_assessment, frame


@require_GET
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """For who may review now: the list and what is left. For everybody else: how far the review is."""
    assessment = find_assessment(request, uuid)
    standing = standing_review(assessment)
    if not may_decide(request, assessment, standing):
        return for_the_client(request, assessment, standing)
    cases = cases_of(assessment, standing)
    wanted = wanted_filter(request.GET.get("show"))
    order = shown(cases, wanted)
    context = {
        **frame(assessment, "review"),
        "review": standing,
        "counts": progress(cases),
        "filter": wanted,
        "cases": order,
        **_go_on(cases, wanted),
        "waiting_cases": [case for case in cases if case.waits_for_site],
        "replied_cases": [case for case in cases if case.state == "replied"],
    }
    return render(request, "assessments/review.html", context)


def _go_on(cases: list[Case], wanted: str) -> dict[str, Any]:
    """The next answer to decide and the filter that shows it: this one, else what matters first, else all."""
    for name in (wanted, "matters", "undecided"):
        for case in shown(cases, name):
            if not case.is_decided:
                return {"go_on": case, "go_on_show": name}
    return {"go_on": None, "go_on_show": wanted}


@require_GET
def review_question(request: SignedInRequest, uuid: UUID, question: str) -> HttpResponse:
    """One answer: what the site says, the decision, and what it would change."""
    assessment = find_assessment(request, uuid)
    if question not in spec_of(assessment).questions:
        raise Http404
    if not can_review(assessment):
        raise PermissionDenied
    standing = standing_review(assessment)
    if not may_decide(request, assessment, standing):
        return redirect("assessments:review", uuid)
    return _question(request, assessment, standing, question)


@require_POST
@gives_words_back
def decide(request: SignedInRequest, uuid: UUID, question: str) -> HttpResponse:
    """Record one decision, or ask the site first, and go on to the next undecided answer.

    422 for what cannot be, 409 where another reviewer decided the same meanwhile or the review is over;
    nothing is recorded then, and what was typed is given back.
    """
    assessment = find_assessment(request, uuid)
    if question not in spec_of(assessment).questions:
        raise Http404
    if not can_review(assessment):
        raise PermissionDenied
    form = DecisionForm(request.POST, auto_id="%s")
    if form.is_valid():
        try:
            _record(request, assessment, question, form)
        except ValidationError as error:
            form.take(error)
        except DecisionConflict as conflict:
            return _conflict(request, assessment, question, form, conflict)
        except (NotUnderReview, ReviewTaken) as refusal:
            return refused(request, uuid, refusal)
        except NotEngaged as error:
            raise Http404 from error
        else:
            return redirect(_onward(request, assessment, question))
    standing = standing_review(assessment)
    if not may_decide(request, assessment, standing):
        return refused(request, uuid, NotUnderReview())
    return _question(request, assessment, standing, question, form)


def _record(request: SignedInRequest, assessment: Assessment, question: str, form: DecisionForm) -> None:
    values = form.cleaned_data
    seen = {"revision": values["revision"], "base_version": values["base_version"]}
    if values["decision"] == ASK:
        ask_site(
            actor=request.user, assessment=assessment, question_code=question, text=values["text"], **seen
        )
        messages.success(
            request, _("The site is asked. Its owners see your question now and are told by mail.")
        )
        return
    ruling = Ruling(values["decision"], values["level"], values["reason"], values["pointer"])
    record_decision(actor=request.user, assessment=assessment, question_code=question, ruling=ruling, **seen)
    title = spec_of(assessment).questions[question].title
    messages.success(request, _("Recorded: %(title)s") % {"title": title})


def _question(
    request: SignedInRequest,
    assessment: Assessment,
    standing: Review | None,
    code: str,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """The page of one answer, as it stands or with what was refused."""
    spec, record = spec_of(assessment), record_for(assessment)
    cases = cases_of(assessment, standing)
    case = next(case for case in cases if case.code == code)
    wanted = wanted_filter(request.POST.get("show") or request.GET.get("show"))
    dimension = spec.dimension_by_code[case.dimension]
    dpmm = results_for(assessment).dpmm
    context = {
        **frame(assessment, "review"),
        **beside(cases, code, wanted),
        **effects(assessment, record, cases, case),
        "review": standing,
        "case": case,
        "form": form,
        "values": form.typed() if form else _values(assessment, case),
        "dimension": dimension,
        "counts": progress(cases),
        "filter": wanted,
        "cases": shown(cases, wanted),
        "own_words": OWN_WORDS,
        "dpmm": dpmm,
        "ceiling": spec.ceilings.get((dpmm.level, case.dimension)) if dpmm else None,
    }
    return render(request, "assessments/review_question.html", context, status=422 if form else 200)


def _values(assessment: Assessment, case: Case) -> dict[str, Any]:
    """What the form of an answer begins with: the decision that stands, if one does."""
    decision = case.decision
    values: dict[str, Any] = {
        "revision": assessment.revision,
        "base_version": case.version,
        "decision": "",
        "level": "",
        "reason": "",
        "pointer": "",
        "text": "",
    }
    if decision is None or not decision.is_decided:
        return values
    level = "" if decision.level is None else str(decision.level)
    return values | {
        "decision": "set" if decision.kind == Decision.Kind.SET else "accepted",
        "level": level,
        "reason": decision.reason,
        "pointer": decision.pointer,
    }


def _conflict(
    request: SignedInRequest,
    assessment: Assessment,
    question: str,
    form: DecisionForm,
    conflict: DecisionConflict,
) -> HttpResponse:
    """Both decisions, and the two ways to go on; nothing is overwritten until one is chosen."""
    spec = spec_of(assessment)
    context = {
        **frame(assessment, "review"),
        "question": spec.questions[question],
        "theirs": conflict.decision,
        "mine": form.cleaned_data,
        "again": form.typed() | {"base_version": conflict.decision.version},
        "filter": wanted_filter(request.POST.get("show")),
    }
    return render(request, "assessments/review_conflict.html", context, status=409)


def _onward(request: SignedInRequest, assessment: Assessment, question: str) -> str:
    """The next undecided answer in the order of the list; the page of the review when there is none."""
    wanted = wanted_filter(request.POST.get("show"))
    following = beside(cases_of(assessment, standing_review(assessment)), question, wanted)["next_undecided"]
    keep = f"?show={wanted}"
    if following is None or following.code == question:
        return reverse("assessments:review", args=[assessment.uuid]) + keep
    return reverse("assessments:review_question", args=[assessment.uuid, following.code]) + keep
