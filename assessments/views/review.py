"""Reviewing: the page of a review, one answer at a time, the rest at once, and finishing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import SignedInRequest, typed_in
from assessments.forms.review import ASK, DecisionForm, StatementForm
from assessments.models import OWN_WORDS, Assessment, Review
from assessments.permissions import can_review
from assessments.queries import engagement_for, standing_review
from assessments.results import record_for, results_for, spec_of
from assessments.services.lock import NotUnderReview
from assessments.services.reviews import (
    DecisionConflict,
    NotEngaged,
    ReviewTaken,
    Ruling,
    accept_rest,
    ask_site,
    finish_review,
    record_decision,
)
from assessments.views.refusals import gives_words_back
from assessments.views.review_answers import for_the_client
from assessments.views.reviewing import Case, beside, cases_of, effects, progress, shown, wanted_filter
from assessments.views.shared import find_assessment, frame


@require_GET
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """For who may review now: the list and what is left. For everybody else: how far the review is."""
    assessment = find_assessment(request, uuid)
    standing = standing_review(assessment)
    if not _may_decide(request, assessment, standing):
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
        "go_on": next((case for case in order if not case.is_decided), None)
        or next((case for case in cases if not case.is_decided), None),
        "waiting_cases": [case for case in cases if case.waits_for_site],
        "replied_cases": [case for case in cases if case.state == "replied"],
    }
    return render(request, "assessments/review.html", context)


@require_GET
def review_question(request: SignedInRequest, uuid: UUID, question: str) -> HttpResponse:
    """One answer: what the site says, the decision, and what it would change."""
    assessment = find_assessment(request, uuid)
    if question not in spec_of(assessment).questions:
        raise Http404
    if not can_review(assessment):
        raise PermissionDenied
    standing = standing_review(assessment)
    if not _may_decide(request, assessment, standing):
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
            return _refused(request, uuid, refusal)
        except NotEngaged as error:
            raise Http404 from error
        else:
            return redirect(_onward(request, assessment, question))
    standing = standing_review(assessment)
    if not _may_decide(request, assessment, standing):
        return _refused(request, uuid, NotUnderReview())
    return _question(request, assessment, standing, question, form)


@require_POST
def accept_others(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Accept all that is undecided, but for what waits for the site."""
    assessment = find_assessment(request, uuid)
    if not can_review(assessment):
        raise PermissionDenied
    try:
        accepted = accept_rest(actor=request.user, assessment=assessment, revision=_revision(request))
    except (NotUnderReview, ReviewTaken) as refusal:
        return _refused(request, uuid, refusal)
    except NotEngaged as error:
        raise Http404 from error
    said = ngettext(
        "%(count)s answer is accepted as evidenced.", "%(count)s answers are accepted as evidenced.",
        accepted.count,
    ) % {"count": accepted.count}  # fmt: skip
    if accepted.waiting:
        left = ngettext(
            "%(count)s waits for the site’s reply and stays undecided.",
            "%(count)s wait for the site’s reply and stay undecided.",
            accepted.waiting,
        )
        said = f"{said} {left % {'count': accepted.waiting}}"
    messages.success(request, said)
    return redirect("assessments:review", uuid)


@require_http_methods(["GET", "POST"])
@gives_words_back
def finish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What the review says so far, what remains, and the closing statement that finishes it."""
    assessment = find_assessment(request, uuid)
    if not can_review(assessment):
        raise PermissionDenied
    standing = standing_review(assessment)
    form = StatementForm(request.POST or None, initial={"revision": assessment.revision})
    if request.method == "POST" and form.is_valid():
        try:
            finish_review(actor=request.user, assessment=assessment, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        except (NotUnderReview, ReviewTaken) as refusal:
            return _refused(request, uuid, refusal)
        except NotEngaged as error:
            raise Http404 from error
        else:
            messages.success(
                request, _("The review is finished. The client sees every change with its reason.")
            )
            return redirect("assessments:review", uuid)
    if not _may_decide(request, assessment, standing):
        refused = request.method == "POST"
        return _refused(request, uuid, NotUnderReview()) if refused else redirect("assessments:review", uuid)
    cases = cases_of(assessment, standing)
    context = {
        **frame(assessment, "review"),
        "review": standing,
        "form": form,
        "own_words": OWN_WORDS,
        "counts": progress(cases),
        "undecided": [case for case in cases if not case.is_decided],
        "changes": [case for case in cases if case.state == "set"],
        "waiting_cases": [case for case in cases if case.waits_for_site],
    }
    return render(request, "assessments/review_finish.html", context, status=422 if form.errors else 200)


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


def _may_decide(request: SignedInRequest, assessment: Assessment, standing: Review | None) -> bool:
    """Whether this person can take part in the review of the revision that stands, now."""
    return (
        can_review(assessment)
        and assessment.state == Assessment.State.SUBMITTED
        and engagement_for(request.user, assessment, standing) is not None
    )


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
        "decision": decision.kind,
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


def _refused(request: SignedInRequest, uuid: UUID, refusal: Exception) -> HttpResponse:
    """The review is over or somebody else's: say so, and give back what was typed."""
    assessment = find_assessment(request, uuid)  # as it stands now
    context = {
        **frame(assessment, "review"),
        "taken": refusal.review if isinstance(refusal, ReviewTaken) else None,
        "typed": typed_in(request),
    }
    return render(request, "assessments/review_refused.html", context, status=409)


def _onward(request: SignedInRequest, assessment: Assessment, question: str) -> str:
    """The next undecided answer in the order of the list; the page of the review when there is none."""
    wanted = wanted_filter(request.POST.get("show"))
    following = beside(cases_of(assessment, standing_review(assessment)), question, wanted)["next_undecided"]
    keep = f"?show={wanted}"
    if following is None or following.code == question:
        return reverse("assessments:review", args=[assessment.uuid]) + keep
    return reverse("assessments:review_question", args=[assessment.uuid, following.code]) + keep


def _revision(request: SignedInRequest) -> int:
    """The revision that the page showed; 0, which there is none of, where it named none."""
    named = request.POST.get("revision", "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 6 else 0
