"""Leaving a whole dimension out, with one reason for all its questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from assessments.forms.filters import read_filter
from assessments.forms.leaving_out import LeaveOutForm, seen_in
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.leaving_out import ChangedMeanwhile, leave_out_dimension, may_be_left_out
from assessments.views.addresses import dimension_address
from assessments.views.refusals import form_status, gives_words_back, refusals_on
from assessments.views.rows import rows_of
from assessments.views.shared import find_assessment, find_dimension, frame
from frameworks.document.shapes import DimensionSpec


@require_http_methods(["GET", "POST"])
@gives_words_back
def leave_out(request: SignedInRequest, uuid: UUID, dimension: str) -> HttpResponse:
    """Which answers it would replace, and one reason for all. 409 where some were changed meanwhile."""
    assessment = find_assessment(request, uuid)
    chosen = find_dimension(spec_of(assessment), dimension)
    keep = read_filter(request.GET, spec_of(assessment))
    back = dimension_address(assessment, dimension, keep)
    if not can_answer(assessment):
        raise PermissionDenied
    if request.method == "GET" and not (may_be_left_out(chosen) and assessment.is_draft):
        if assessment.is_draft:
            said = _(
                "This dimension cannot be left out as a whole: it has questions that apply to every site."
            )
            messages.info(request, said)
        else:
            messages.info(request, _("The answers are submitted: no dimension can be left out now."))
        return redirect(back)
    form = LeaveOutForm(request.POST or None)
    changed: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                count = leave_out_dimension(
                    actor=request.user, assessment=assessment, dimension=dimension, **form.cleaned_data
                )
        except ChangedMeanwhile as others:
            changed = [answer.question_code for answer in others.answers]
        if not form.errors and not changed:
            messages.success(request, in_words(chosen, count))
            return redirect(back)
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    rows = rows_of(assessment, dimension=dimension)
    context: dict[str, Any] = {
        **frame(assessment, "answers"),
        "form": form,
        "keep": keep.query,
        "dimension": chosen,
        "rows": rows,
        "replaced": [row for row in rows if row.answer.is_reply],
        "changed": changed,
        "seen": seen_in([row.answer for row in rows]),
        "op_id": uuid4(),
    }
    status = 409 if changed else form_status(form)
    return render(request, "assessments/leave_out.html", context, status=status)


def in_words(dimension: DimensionSpec, count: int) -> str:
    """What was left out, as the page says it."""
    said = ngettext(
        "%(count)s question of %(name)s is not applicable now.",
        "%(count)s questions of %(name)s are not applicable now.",
        count,
    )
    if not count:
        said = _("%(name)s is left out with this reason already. Nothing was changed.")
    return said % {"count": count, "name": dimension.short_name}
