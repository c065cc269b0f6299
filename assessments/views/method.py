"""Reading rules and glossary, one step from every question; and how scoring works."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from accounts.middleware import SignedInRequest
from assessments.views.addresses import read_way_back
from assessments.views.shared import find_assessment, frame
from frameworks.views.public import public_spec


@require_GET
def rules(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """How to read the questions, and the words with a fixed meaning."""
    assessment = find_assessment(request, uuid)
    context = {**frame(assessment, "answers"), "way_back": read_way_back(request.GET, assessment)}
    return render(request, "assessments/rules.html", context)


@require_GET
def scoring(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """How answers become levels, gaps, verdicts and a plan, in plain words."""
    assessment = find_assessment(request, uuid)
    return render(request, "assessments/method.html", frame(assessment, "results"))


@login_not_required
@require_safe
def public_scoring(request: HttpRequest) -> HttpResponse:
    """The same for anybody, by the newest published version."""
    return render(request, "assessments/method_public.html", {"spec": public_spec()})
