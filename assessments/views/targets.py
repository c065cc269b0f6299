"""AI uses, targets and the settings of the plan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.engine.gaps import find_targets
from assessments.engine.shapes import Results
from assessments.engine.use_cases import demands_of
from assessments.forms.settings import TargetsForm, weeks_in_words
from assessments.models import Assessment
from assessments.permissions import can_set_targets
from assessments.results import record_for, results_for, spec_of
from assessments.services.settings import set_targets
from assessments.views.refusals import form_status, refusals_on
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import ImpactClassSpec, UseCaseSpec


@require_http_methods(["GET", "POST"])
def targets(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    if request.method == "POST" and not can_set_targets(assessment):
        raise PermissionDenied
    form = TargetsForm(request.POST or None, spec=spec, initial=_initial(assessment))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            set_targets(
                actor=request.user,
                assessment=assessment,
                use_cases=form.cleaned_data["use_cases"],
                targets=form.targets,
                start_on=form.cleaned_data["start_on"],
                capacity=form.cleaned_data["capacity"],
                blackout_weeks=form.cleaned_data["blackout_weeks"],
                base_version=form.cleaned_data["base_version"],
            )
        if not form.errors:
            messages.success(request, _("Uses, targets and plan are set. Gaps and roadmap follow them."))
            return redirect("assessments:targets", uuid)
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    results = results_for(assessment)
    defaults = find_targets(demands_of(spec, assessment.use_cases), {})
    context = {
        **frame(assessment, "targets"),
        "form": form,
        "may_change": can_set_targets(assessment) and assessment.is_draft,
        "results": results,
        "start_on": record_for(assessment).plan.begins_on,
        "groups": _groups(assessment, results, set(form["use_cases"].value() or [])),
        "rows": [
            (
                dimension,
                form[f"target_{dimension.code}"],
                defaults.get(dimension.code),
                results.targets.get(dimension.code),
            )
            for dimension in spec.dimensions
        ],
    }
    return render(request, "assessments/targets.html", context, status=form_status(form))


def _groups(
    assessment: Assessment, results: Results, chosen: set[str]
) -> list[tuple[ImpactClassSpec, list[tuple[int, UseCaseSpec, str, bool]]]]:
    """The uses by impact class, each with its number on the page, its verdict and whether it is chosen."""
    spec = spec_of(assessment)
    return [
        (
            impact_class,
            [
                (place, use_case, results.use_cases[use_case.code].verdict, use_case.code in chosen)
                for place, use_case in enumerate(spec.use_cases)
                if use_case.impact_class == impact_class.code
            ],
        )
        for impact_class in spec.impact_classes
    ]


def _initial(assessment: Assessment) -> dict[str, object]:
    return {
        "use_cases": assessment.use_cases,
        "start_on": assessment.plan_start_on,
        "capacity": assessment.plan_capacity,
        "blackout_weeks": weeks_in_words(assessment.plan_blackout_weeks),
        "base_version": assessment.settings_version,
        **{f"target_{code}": level for code, level in assessment.targets.items()},
    }
