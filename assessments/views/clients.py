"""A consultant's clients: what each lets this person see, and what waits for them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import Consultant, Engagement
from assessments.models import Assessment
from assessments.results import spec_of


@require_GET
def clients(request: SignedInRequest) -> HttpResponse:
    """The assessments of clients that engaged this consultant, and the engagements that are over."""
    engagements = Engagement.objects.held_by(request.user).select_related("organisation", "consultancy")
    shown = Assessment.objects.visible_to(request.user).of_clients().current().for_page()
    rows = [(assessment, spec_of(assessment)) for assessment in shown.order_by("-changed_at")]
    seen = {assessment.organisation_id for assessment, _spec in rows}
    held = list(engagements.order_by("organisation__name"))
    over = Consultant.objects.held_by(request.user).exclude(engagement__in=[row.pk for row in held])
    context = {
        "rows": rows,
        "engagements": held,
        "idle": [row for row in held if row.organisation_id not in seen],
        "over": over.select_related("engagement__organisation").order_by("-engagement__until_on"),
    }
    return render(request, "assessments/clients.html", context)
