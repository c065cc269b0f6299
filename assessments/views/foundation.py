"""The digital plant: its DPMM level, and the crosswalk that follows from it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.forms.settings import FoundationForm
from assessments.permissions import can_state_dpmm
from assessments.results import record_for, results_for, spec_of
from assessments.services.settings import state_dpmm
from assessments.views.refusals import form_status, refusals_on
from assessments.views.shared import find_assessment, frame


@require_http_methods(["GET", "POST"])
def foundation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    if request.method == "POST" and not can_state_dpmm(assessment):
        raise PermissionDenied
    stated = {
        "source": assessment.dpmm_source,
        "level": assessment.dpmm_level or "",
        "on": assessment.dpmm_on,
        "tool": assessment.dpmm_tool,
        "by": assessment.dpmm_by,
        "base_version": assessment.settings_version,
    }
    form = FoundationForm(request.POST or None, spec=spec, today=assessment.site.today(), initial=stated)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            state_dpmm(actor=request.user, assessment=assessment, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("The digital plant is stated. Ceilings follow it at once."))
            return redirect("assessments:foundation", uuid)
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    results = results_for(assessment)
    answers = {answer.question_code: answer for answer in assessment.answers.all()}
    context = {
        **frame(assessment, "foundation"),
        "form": form,
        "may_change": can_state_dpmm(assessment) and assessment.is_draft,
        "record": record_for(assessment).dpmm,
        "results": results,
        "dpmm": results.dpmm,
        "proxies": [
            (spec.questions[code], spec.dimension_of[code], answers[code]) for code in spec.dpmm.proxies
        ],
    }
    return render(request, "assessments/foundation.html", context, status=form_status(form))
