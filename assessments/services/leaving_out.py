"""Leaving a whole dimension out: every question not applicable, with one reason, in one deed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for, spec_of
from assessments.services.answers import FIELDS, RECORDED, object_id
from assessments.services.carrying import confirm_each
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary
from assessments.services.words import reason_fault, refuse
from frameworks.document.shapes import DimensionSpec
from records.events import Entry, record
from records.models import Event

REPLY = FIELDS["reply"]


class ChangedMeanwhile(Exception):
    """Some of the answers are not as the page showed them: nothing was written."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(", ".join(answer.question_code for answer in answers))
        self.answers = answers


def may_be_left_out(dimension: DimensionSpec) -> bool:
    """Whether every question of a dimension may be not applicable."""
    return all(question.not_applicable is not None for question in dimension.questions)


@transaction.atomic
def leave_out_dimension(
    *,
    actor: User,
    assessment: Assessment,
    dimension: str,
    reason: str,
    seen: Mapping[str, int],
    op_id: uuid.UUID,
) -> int:
    """Answer every question of a dimension with "not applicable" and this reason; how many did not say so.

    `seen`: the version of each answer as the page showed it; where one is another by now, nothing is
    written and ChangedMeanwhile is raised. Each answer has its own event, the assessment one of them all;
    comments and evidence stay, and what was carried over no longer waits to be confirmed: where it says
    just this already, that is its confirmation. A request sent again writes nothing. Raises
    ValidationError for a reason that is none or where a question applies to every site, NotADraft once
    submitted.
    """
    chosen = spec_of(assessment).dimension_by_code[dimension]
    refuse(reason=reason_fault(reason))
    if not may_be_left_out(chosen):
        raise ValidationError(_("This dimension has questions that apply to every site."))
    lock_draft(assessment)
    answers = list(assessment.answers.all())
    by_code = {answer.question_code: answer for answer in answers}
    concerned = [by_code[question.code] for question in chosen.questions]
    operations = {answer.question_code: uuid.uuid5(op_id, answer.question_code) for answer in concerned}
    trail = Event.objects.of(assessment.organisation)
    if trail.filter(actor=actor, op_id__in=operations.values()).exists():
        return 0
    if others := [answer for answer in concerned if seen.get(answer.question_code) != answer.version]:
        raise ChangedMeanwhile(others)
    after = {"state": Answer.State.NOT_APPLICABLE.value, "level": None, "reason": reason}
    changed = [answer for answer in concerned if any(getattr(answer, name) != after[name] for name in REPLY)]
    for answer in changed:
        before = {name: getattr(answer, name) for name in REPLY}
        if answer.carried_from_id:  # another reply is the site's own; taking it back needs to know
            before["carried_from"] = answer.carried_from_id
            answer.carried_from = None
        for name, value in after.items():
            setattr(answer, name, value)
        answer.version += 1
        answer.updated_by, answer.updated_at = actor, timezone.now()
        entry = Entry(
            RECORDED,
            "answer",
            object_id(assessment, answer.question_code),
            before=before,
            after=after,
            object_version=answer.version,
            op_id=operations[answer.question_code],
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    rows = Answer.objects.of(assessment.organisation)
    rows.bulk_update(changed, [*REPLY, "carried_from", "version", "updated_by", "updated_at"])
    carried = [answer for answer in concerned if answer.carried_from_id and answer not in changed]
    count = len(changed) + len(confirm_each(actor, assessment, carried, op_id))
    keep_summary(assessment, brief_results_for(assessment, answers))
    if count:
        entry = Entry(
            "dimension.left_out",
            "assessment",
            str(assessment.uuid),
            before={},
            after={"dimension": dimension, "count": count},
            reason_text=reason,
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    return count
