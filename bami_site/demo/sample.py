"""The sample report's record: the demo's submitted assessment, with marks and moments that never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Organisation, User
from assessments.engine.record import AssessmentRecord
from assessments.models import Assessment
from assessments.results import record_for
from assessments.services.submission import monday_after

BEGUN = datetime(2026, 9, 14, 7, 30, tzinfo=UTC)
BETWEEN = timedelta(minutes=25)  # one answer and the next
SUBMITTED = datetime(2026, 10, 2, 12, 5, tzinfo=UTC)


def sample_of_demo(owner: User) -> AssessmentRecord:
    """What `assessments/sample/record.json` holds, made anew from the loaded demo that this owner sees."""
    organisation = Organisation.objects.visible_to(owner).get()
    submitted = Assessment.objects.visible_to(owner).of(organisation).for_page().exclude(submitted_at=None)
    return as_sample(record_for(submitted.order_by("pk")[0]))


def as_sample(record: AssessmentRecord) -> AssessmentRecord:
    """The record with fixed UUIDs and fixed moments, one answer after the other."""
    answers = [
        replace(answer, answered_at=(BEGUN + place * BETWEEN).isoformat() if answer.answered_at else "")
        for place, answer in enumerate(record.answers, 1)
    ]
    return replace(
        record,
        uuid=str(uuid5(NAMESPACE_URL, "bami:sample")),
        organisation_uuid=str(uuid5(NAMESPACE_URL, "bami:sample:organisation")),
        created_at=BEGUN.isoformat(),
        submitted_at=SUBMITTED.isoformat(),
        plan=replace(record.plan, start_on=monday_after(SUBMITTED.date()).isoformat()),
        answers=tuple(answers),
    )
