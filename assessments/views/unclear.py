"""Calling a question unclear: a note for content editors, without the answer or who wrote it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.forms.filters import read_filter
from assessments.forms.unclear import UnclearForm
from assessments.permissions import can_call_unclear
from assessments.results import spec_of
from assessments.views.addresses import page_address
from assessments.views.refusals import form_status, gives_words_back, refusals_on
from assessments.views.shared import find_assessment, find_question, frame
from frameworks.services.notes import note_unclear


@require_http_methods(["GET", "POST"])
@gives_words_back
def call_unclear(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Say what is unclear."""
    assessment = find_assessment(request, uuid)
    if not can_call_unclear(assessment):
        raise PermissionDenied
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    chosen = read_filter(request.GET, spec)
    form = UnclearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            note_unclear(
                actor=request.user,
                organisation=assessment.organisation,
                version=assessment.version,
                question=asked.code,
                text=form.cleaned_data["text"],
            )
        if not form.errors:
            messages.success(request, _("Your note is with the content editors, without your name."))
            return redirect(page_address(assessment, question, chosen, whole_dimension=False))
    context = {
        **frame(assessment, "answers"),
        "form": form,
        "keep": chosen.query,
        "question": asked,
        "dimension": spec.dimension_by_code[dimension],
    }
    return render(request, "assessments/unclear.html", context, status=form_status(form))
