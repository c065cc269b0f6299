"""What ends a review: accepting the rest at once, and the closing statement that finishes it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.forms.review import StatementForm
from assessments.models import OWN_WORDS
from assessments.permissions import can_review
from assessments.queries import standing_review
from assessments.services.lock import NotUnderReview
from assessments.services.reviews import Accepted, NotEngaged, ReviewTaken, accept_rest, finish_review
from assessments.views.refusals import gives_words_back
from assessments.views.reviewing import before_and_after, cases_of, may_decide, progress, refused
from assessments.views.shared import find_assessment, frame


@require_http_methods(["GET", "POST"])
def accept_others(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What would be accepted together, and what is left out because the site was asked; then accepting it."""
    assessment = find_assessment(request, uuid)
    if not can_review(assessment):
        raise PermissionDenied
    if request.method == "POST":
        try:
            accepted = accept_rest(actor=request.user, assessment=assessment, revision=_revision(request))
        except (NotUnderReview, ReviewTaken) as refusal:
            return refused(request, uuid, refusal)
        except NotEngaged as error:
            raise Http404 from error
        messages.success(request, _told(accepted))
        return redirect("assessments:review", uuid)
    standing = standing_review(assessment)
    if not may_decide(request, assessment, standing):
        return redirect("assessments:review", uuid)
    cases = cases_of(assessment, standing)
    context = {
        **frame(assessment, "review"),
        "accepting": [case for case in cases if not case.is_decided and not case.is_left_out],
        "left_out": [case for case in cases if case.is_left_out],
    }
    return render(request, "assessments/review_rest.html", context)


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
            return refused(request, uuid, refusal)
        except NotEngaged as error:
            raise Http404 from error
        else:
            messages.success(
                request, _("The review is finished. The client sees every change with its reason.")
            )
            return redirect("assessments:review", uuid)
    if not may_decide(request, assessment, standing):
        if request.method == "POST":
            return refused(request, uuid, NotUnderReview())
        return redirect("assessments:review", uuid)
    cases = cases_of(assessment, standing)
    context = {
        **frame(assessment, "review"),
        "review": standing,
        "form": form,
        "own_words": OWN_WORDS,
        "counts": progress(cases),
        **before_and_after(assessment, cases),
        "undecided": [case for case in cases if not case.is_decided],
        "changes": [case for case in cases if case.state == "set"],
        "waiting_cases": [case for case in cases if case.waits_for_site],
    }
    return render(request, "assessments/review_finish.html", context, status=422 if form.errors else 200)


def _told(accepted: Accepted) -> str:
    said = ngettext(
        "%(count)s answer is accepted with the rest.", "%(count)s answers are accepted with the rest.",
        accepted.count,
    ) % {"count": accepted.count}  # fmt: skip
    if not accepted.left:
        return said
    left = ngettext(
        "%(count)s about which the site was asked stays undecided.",
        "%(count)s about which the site was asked stay undecided.",
        accepted.left,
    )
    return f"{said} {left % {'count': accepted.left}}"


def _revision(request: SignedInRequest) -> int:
    """The revision that the page showed; 0, which there is none of, where it named none."""
    named = request.POST.get("revision", "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 6 else 0
