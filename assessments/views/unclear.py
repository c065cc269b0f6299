"""Calling a question unclear: a note for content editors, without the answer or who wrote it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.forms.unclear import UnclearForm
from assessments.results import spec_of
from assessments.views.refusals import form_status, gives_words_back, refusals_on
from assessments.views.shared import find_assessment, find_question, frame
from frameworks.services.notes import note_unclear


@require_http_methods(["GET", "POST"])
@gives_words_back
def call_unclear(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Say what is unclear; everybody who reads the question may."""
    assessment = find_assessment(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
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
            return redirect("assessments:question", uuid, dimension, question)
    context = {
        **frame(assessment, "answers"),
        "form": form,
        "question": asked,
        "dimension": spec.dimension_by_code[dimension],
    }
    return render(request, "assessments/unclear.html", context, status=form_status(form))
