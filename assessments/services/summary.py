"""Keeps on the assessment what lists show of its results."""

from __future__ import annotations

from django.utils import timezone

from assessments.engine.display import whole
from assessments.engine.shapes import BriefResults
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for


def keep_summary(assessment: Assessment, answers: list[Answer]) -> BriefResults:
    """Evaluate briefly and store level, index, held back and counts; returns what was evaluated.

    Raises the stamp as well, under which results are kept: call it after every change, on a locked row.
    """
    results = brief_results_for(assessment, answers)
    claimed = results.readings.claimed
    assessment.stamp += 1
    Assessment.objects.of(assessment.organisation).filter(pk=assessment.pk).update(
        stamp=assessment.stamp,
        changed_at=timezone.now(),
        level=claimed.level,
        evidenced_level=results.readings.evidenced.level,
        index=whole(claimed.index),
        held_back=whole(claimed.held_back),
        replied=results.completeness.replied,
        asked=results.completeness.asked,
    )
    return results
