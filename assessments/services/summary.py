"""Keeps on the assessment what lists show of its results, and raises its stamp."""

from __future__ import annotations

from django.utils import timezone

from assessments.engine.display import whole
from assessments.engine.shapes import BriefResults
from assessments.models import Assessment


def keep_summary(assessment: Assessment, results: BriefResults) -> None:
    """Store level, index, held back and counts.

    Raises the stamp as well, under which results are kept: call it after every change, on a locked row.
    """
    claimed = results.readings.claimed
    assessment.stamp += 1
    Assessment.objects.again(assessment).update(
        stamp=assessment.stamp,
        changed_at=timezone.now(),
        level=claimed.level,
        evidenced_level=results.readings.evidenced.level,
        index=whole(claimed.index),
        held_back=whole(claimed.held_back),
        replied=results.completeness.replied,
        asked=results.completeness.asked,
    )


def raise_stamp(assessment: Assessment) -> None:
    """After a change that moves no result: what is known of the assessment at its stamp is read anew."""
    assessment.stamp += 1
    assessment.save(update_fields=["stamp"])
