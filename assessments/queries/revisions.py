"""How the revisions of an assessment came about."""

from __future__ import annotations

from datetime import datetime

from assessments.engine.record import RevisionRecord
from assessments.models import Assessment, Snapshot
from records.models import Event


def revisions_of(
    assessment: Assessment, revision: int, snapshot: Snapshot | None
) -> tuple[RevisionRecord, ...]:
    """What led to a state of an assessment, oldest first: to that snapshot, or to the draft of that revision.

    None of it can change any more. Two statements.
    """
    kept = assessment.snapshots.filter(revision__lte=revision).defer("record", "results")
    frozen = [
        RevisionRecord(row.revision, row.kind, row.created_at.isoformat(), row.created_by.shown_name, "")
        for row in kept.select_related("created_by")
        if row.revision < revision or (snapshot and row.pk <= snapshot.pk)
    ]
    reopened = Event.objects.of(assessment.organisation).filter(
        object_type="assessment", object_id=str(assessment.uuid), action="assessment.reopened"
    )
    begun = [_begun(row) for row in reopened.select_related("actor")]
    steps = [*frozen, *(step for step in begun if step.revision <= revision)]
    return tuple(sorted(steps, key=lambda step: datetime.fromisoformat(step.at)))


def _begun(row: Event) -> RevisionRecord:
    name = row.actor.shown_name if row.actor else ""
    return RevisionRecord(
        row.after_json["revision"], "reopened", row.at_utc.isoformat(), name, row.reason_text
    )
