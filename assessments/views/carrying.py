"""Starting from the answers of an earlier assessment of the site, and confirming them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import SignedInRequest
from assessments.charts.comparison import is_reworded
from assessments.forms.carrying import CarryForm, ConfirmForm
from assessments.live_state import live_state
from assessments.models import Answer, Assessment
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.carrying import Carried, carry_answers, confirm_carried, fits
from assessments.services.lock import NotADraft
from assessments.views.addresses import page_address, within
from assessments.views.contents import Contents
from assessments.views.refusals import form_status, refusals_on
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import QuestionSpec


@dataclass(frozen=True, slots=True)
class Source:
    """An earlier assessment of the site, and what it would bring."""

    assessment: Assessment
    fitting: int  # answers that would be copied
    reworded: tuple[QuestionSpec, ...]  # of those, the questions that read otherwise since
    without: int  # open questions that it has no answer to


@require_http_methods(["GET", "POST"])
def carry(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Which submitted assessments of the site there are, what each would bring; then the copy."""
    assessment = find_assessment(request, uuid)
    if not can_answer(assessment):
        raise PermissionDenied
    if not assessment.is_draft and request.method == "GET":
        messages.info(request, _("This assessment is submitted: its answers stand."))
        return redirect("assessments:overview", uuid)
    earlier = earlier_of_site(request, assessment)
    form = CarryForm(earlier, request.POST or None, initial={"op_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            carried = carry_answers(actor=request.user, assessment=assessment, **form.cleaned_data)
        if not form.errors:
            messages.success(request, in_words(carried))
            return redirect("assessments:overview", uuid)
        assessment = find_assessment(request, uuid)  # as it stands now
    context = {
        **frame(assessment, "answers"),
        "form": form,
        "sources": sources_for(assessment, earlier),
        "open_count": sum(not answer.is_reply for answer in assessment.answers.all()),
    }
    return render(request, "assessments/carry.html", context, status=form_status(form))


@require_POST
def confirm(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Confirm one answer that was carried over and go on to the next, or those of a dimension and stay."""
    assessment = find_assessment(request, uuid)
    if not can_answer(assessment):
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("This page was incomplete when it was sent. Nothing was changed; try again.")
        )
        return redirect("assessments:answers", uuid)
    try:
        confirmed = confirm_carried(actor=request.user, assessment=assessment, **form.cleaned_data)
    except NotADraft:
        messages.error(request, _("This assessment was submitted meanwhile: its answers stand."))
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    else:
        messages.success(request, confirmed_in_words(assessment, confirmed))
    code = next((code for code in form.cleaned_data["codes"] if code in spec_of(assessment).questions), "")
    if not code:
        return redirect("assessments:answers", uuid)
    chosen, whole = within(request, assessment), request.POST.get("page") == "dimension"
    if not whole:
        following = Contents(assessment, live_state(assessment), chosen).next_to_confirm(code)
        code = following.question.code if following else code
    return redirect(page_address(assessment, code, chosen, whole_dimension=whole))


def earlier_of_site(request: SignedInRequest, assessment: Assessment) -> list[Assessment]:
    """What this person may see of the site's submitted assessments by this framework, newest first."""
    visible = Assessment.objects.visible_to(request.user).for_page().beside(assessment)
    return list(visible.exclude(state=Assessment.State.DRAFT).order_by("-submitted_at"))


def sources_for(assessment: Assessment, earlier: list[Assessment]) -> list[Source]:
    """What each would bring to the questions that are open here; one statement."""
    questions = spec_of(assessment).questions
    open_codes = [answer.question_code for answer in assessment.answers.all() if not answer.is_reply]
    answers: dict[int, dict[str, Answer]] = {source.pk: {} for source in earlier}
    for answer in Answer.objects.of(assessment.organisation).filter(assessment__in=earlier):
        answers[answer.assessment_id][answer.question_code] = answer
    found = []
    for source in earlier:
        fitting = [code for code in open_codes if fits(questions[code], answers[source.pk].get(code))]
        asked_then = spec_of(source).questions
        reworded = tuple(
            questions[code] for code in fitting if is_reworded(asked_then[code], questions[code])
        )
        found.append(Source(source, len(fitting), reworded, len(open_codes) - len(fitting)))
    return found


def in_words(carried: Carried) -> str:
    """What was copied, as the page says it."""
    said = ngettext(
        "%(count)s answer is carried over. Confirm it before you submit.",
        "%(count)s answers are carried over. Confirm them before you submit.",
        carried.copied,
    )
    return str(said % {"count": carried.copied}) if carried.copied else _("Nothing was carried over.")


def confirmed_in_words(assessment: Assessment, codes: list[str]) -> str:
    """What was confirmed, as the page says it: one answer by its title, for the page is another by then."""
    if len(codes) == 1:
        return _("Confirmed: %(title)s") % {"title": spec_of(assessment).questions[codes[0]].title}
    said = ngettext("%(count)s answer is confirmed.", "%(count)s answers are confirmed.", len(codes))
    return str(said % {"count": len(codes)})
