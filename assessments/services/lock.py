"""The lock that every change of an assessment and of its review takes first."""

from __future__ import annotations

from django.utils import timezone

from assessments.models import Assessment

# The assessment's own columns: what it belongs to never changes, and stays loaded.
COLUMNS = [
    field.name
    for field in Assessment._meta.concrete_fields
    if not field.is_relation and not field.primary_key
]


class NotADraft(Exception):
    """The assessment was submitted: its answers and settings stand."""


class NotUnderReview(Exception):
    """Nothing can be decided here now: it was reopened, its review is finished, or has ended."""


def lock_draft(assessment: Assessment) -> None:
    """Lock the row of a draft until the transaction ends, and read anew all that others may have changed.

    Raises NotADraft where it has been submitted or deleted meanwhile.
    """
    if not _lock(assessment) or not assessment.is_draft:
        raise NotADraft


def lock_submitted(assessment: Assessment, revision: int) -> None:
    """The same for a submitted revision that is not reviewed yet. Raises NotUnderReview for any other."""
    if (
        not _lock(assessment)
        or assessment.state != Assessment.State.SUBMITTED
        or assessment.revision != revision
    ):
        raise NotUnderReview


def lock_standing(assessment: Assessment) -> bool:
    """The same for one that is submitted or reviewed; whether it is."""
    return _lock(assessment) and not assessment.is_draft


def note_activity(assessment: Assessment) -> None:
    """That something happened now: what lists show as the last change, of words that move no number."""
    assessment.changed_at = timezone.now()
    assessment.save(update_fields=["changed_at"])


def _lock(assessment: Assessment) -> bool:
    """Lock, and read anew what was read before where it was written to since; whether the row is still there.

    Every write of what is locked for raises the stamp.
    """
    rows = Assessment.objects.again(assessment).select_for_update()
    stamp = next(iter(rows.values_list("stamp", flat=True)), None)
    if stamp is not None and stamp != assessment.stamp:
        later = assessment.get_deferred_fields()
        assessment.refresh_from_db(fields=[name for name in COLUMNS if name not in later], from_queryset=rows)
    return stamp is not None
