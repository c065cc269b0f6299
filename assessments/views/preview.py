"""A question of a draft as a respondent will see it: by the very templates, and nothing is saved."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.permissions import can_edit_content
from assessments.forms.answers import AnswerForm
from assessments.models import OWN_WORDS, Answer
from assessments.views.rows import Row
from frameworks.document.lenient import read_leniently
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of


@require_GET
def question_preview(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    """The question with empty answers; what the draft lacks is shown as it would be, empty."""
    if not can_edit_content(request.user):
        raise PermissionDenied
    draft = get_object_or_404(FrameworkDraft.objects.for_page(), uuid=uuid)
    spec = read_leniently(document_of(draft))
    # The first of that code, as on every page of the editor: given twice is a fault, not a reason to fail.
    found = ((part, held) for part in spec.dimensions for held in part.questions if held.code == code)
    dimension, question = next(found, (None, None))
    if dimension is None or question is None:
        raise Http404
    row = Row(question, Answer(question_code=code), dimension.code, spec)
    asked = [held.code for held in dimension.questions]
    context = {
        "draft": draft,
        "spec": spec,
        "row": row,
        "values": row.values,
        "form": AnswerForm(auto_id=f"{code}_%s"),
        "dimension": dimension,
        "number": asked.index(code) + 1,
        "may_answer": True,
        "own_words": OWN_WORDS,
        "as_of": parse_date(spec.status_as_of),
        "references": [
            spec.reference_by_code[held] for held in question.references if held in spec.reference_by_code
        ],
    }
    return render(request, "assessments/preview.html", context)
