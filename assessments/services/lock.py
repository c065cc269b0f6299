"""The lock that every change of a draft takes first."""

from __future__ import annotations

from assessments.models import Assessment

# The assessment's own columns: what it belongs to never changes, and stays loaded.
COLUMNS = [
    field.name
    for field in Assessment._meta.concrete_fields
    if not field.is_relation and not field.primary_key
]


class NotADraft(Exception):
    """The assessment was submitted: its answers and settings stand."""


def lock_draft(assessment: Assessment) -> None:
    """Lock the row of a draft until the transaction ends, and read anew all that others may have changed.

    Raises NotADraft where it has been submitted or deleted meanwhile.
    """
    rows = Assessment.objects.of(assessment.organisation).select_for_update()
    try:
        assessment.refresh_from_db(fields=COLUMNS, from_queryset=rows)
    except Assessment.DoesNotExist as error:
        raise NotADraft from error
    if not assessment.is_draft:
        raise NotADraft
