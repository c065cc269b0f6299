"""What every page of an assessment begins with: finding it, and what its frame shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.middleware import SignedInRequest
from accounts.permissions import sees_as_consultant
from assessments.models import Assessment
from assessments.permissions import (
    can_answer,
    can_answer_review,
    can_archive,
    can_ask_for_report,
    can_delete,
    can_rename,
    can_reopen,
    can_review,
    can_set_targets,
    can_state_dpmm,
    can_submit,
)
from assessments.queries import waiting_for
from assessments.results import spec_of
from frameworks.document.shapes import DimensionSpec, FrameworkSpec, QuestionSpec


def find_assessment(request: SignedInRequest, uuid: UUID) -> Assessment:
    """The assessment, if this person may see it; else 404, as if there were none."""
    found: Assessment = get_object_or_404(Assessment.objects.visible_to(request.user).for_page(), uuid=uuid)
    return found


def find_to_save(request: SignedInRequest, uuid: UUID) -> Assessment:
    """The same for a save, without what its lock reads anew."""
    found: Assessment = get_object_or_404(Assessment.objects.visible_to(request.user).for_saving(), uuid=uuid)
    return found


def find_dimension(spec: FrameworkSpec, code: str) -> DimensionSpec:
    """The dimension of that code, or 404."""
    if code not in spec.dimension_by_code:
        raise Http404
    return spec.dimension_by_code[code]


def find_question(spec: FrameworkSpec, dimension: str, code: str) -> QuestionSpec:
    """The question of that code in that dimension, or 404."""
    if spec.dimension_of.get(code) != dimension:
        raise Http404
    return spec.questions[code]


def frame(assessment: Assessment, tab: str) -> dict[str, Any]:
    """What assessments/_frame.html shows around every page: names, tabs and this person's rights."""
    return {
        "assessment": assessment,
        "spec": spec_of(assessment),
        "tab": tab,
        "is_client": sees_as_consultant(assessment),
        "waits": waiting_for([assessment]).get(assessment.pk),
        "rights": {
            "answer": can_answer(assessment),
            "rename": can_rename(assessment),
            "archive": can_archive(assessment),
            "delete": can_delete(assessment),
            "state_dpmm": can_state_dpmm(assessment),
            "set_targets": can_set_targets(assessment),
            "submit": can_submit(assessment),
            "reopen": can_reopen(assessment),
            "report": can_ask_for_report(assessment),
            "review": can_review(assessment),
            "answer_review": can_answer_review(assessment),
        },
    }
