"""Keeps on the assessment what lists show of its results."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from assessments.engine.display import whole
from assessments.engine.shapes import BriefResults
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for


class NotADraft(Exception):
    """The assessment was submitted: its answers and settings stand."""


def touch(assessment: Assessment) -> None:
    """Raise the stamp of a draft, which locks its row until the transaction ends.

    Raises NotADraft where it has been submitted meanwhile.
    """
    drafts = Assessment.objects.of(assessment.organisation).filter(
        pk=assessment.pk, state=Assessment.State.DRAFT
    )
    if not drafts.update(stamp=F("stamp") + 1, changed_at=timezone.now()):
        raise NotADraft


def keep_summary(assessment: Assessment, answers: list[Answer]) -> BriefResults:
    """Evaluate briefly and store level, index, held back and counts; returns what was evaluated."""
    results = brief_results_for(assessment, answers)
    claimed = results.readings.claimed
    Assessment.objects.of(assessment.organisation).filter(pk=assessment.pk).update(
        level=claimed.level,
        index=whole(claimed.index),
        held_back=whole(claimed.held_back),
        replied=results.completeness.replied,
        asked=results.completeness.asked,
    )
    return results
