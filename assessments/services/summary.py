"""The lock that every change of a draft takes, and the summary that lists show of its results."""

from __future__ import annotations

from django.utils import timezone

from assessments.engine.display import whole
from assessments.engine.shapes import BriefResults
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for

# All that may change after the start; the site, the version and who started it never do.
CHANGING = [
    "title",
    "scope",
    "state",
    "revision",
    "submitted_at",
    "archived_at",
    "dpmm_source",
    "dpmm_level",
    "dpmm_on",
    "dpmm_tool",
    "dpmm_by",
    "use_cases",
    "targets",
    "plan_start_on",
    "plan_capacity",
    "plan_blackout_weeks",
    "settings_version",
    "stamp",
]


class NotADraft(Exception):
    """The assessment was submitted: its answers and settings stand."""


def lock_draft(assessment: Assessment) -> None:
    """Lock the row of a draft until the transaction ends, and read anew all that others may have changed.

    Raises NotADraft where it has been submitted or deleted meanwhile.
    """
    rows = Assessment.objects.of(assessment.organisation).select_for_update()
    try:
        assessment.refresh_from_db(fields=CHANGING, from_queryset=rows)
    except Assessment.DoesNotExist as error:
        raise NotADraft from error
    if not assessment.is_draft:
        raise NotADraft


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
        index=whole(claimed.index),
        held_back=whole(claimed.held_back),
        replied=results.completeness.replied,
        asked=results.completeness.asked,
    )
    return results
