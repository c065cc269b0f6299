"""Copying answers from an earlier assessment of the site, and confirming what was carried over."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for, spec_of
from assessments.services.answers import FIELDS, RECORDED, object_id
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary, raise_stamp
from frameworks.document.shapes import QuestionSpec
from records.events import Entry, record
from records.models import Event

CARRIED = "carried over"
CONFIRMED = "answer.confirmed"
WORDS = ("comment", "evidence_note")
COLUMNS = (*FIELDS["reply"], "grade", *WORDS)


@dataclass(frozen=True, slots=True)
class Carried:
    """How many answers were copied, and how many questions stay as they were."""

    copied: int
    answered: int  # here already: an answer of this assessment is never replaced
    without: int  # the earlier assessment has no answer that fits


@transaction.atomic
def carry_answers(*, actor: User, assessment: Assessment, source: Assessment, op_id: uuid.UUID) -> Carried:
    """Copy the answers of an earlier, submitted assessment of the same site, by code, as "to confirm".

    Reply, grade, comment and evidence note go where the draft has no reply and no words of its own;
    flags stay behind. Each copy is an answer with its own event. A request sent again copies nothing.
    Raises ValidationError for an assessment of another site or by another framework, whose codes mean
    something else, or one that is a draft; NotADraft once this one is submitted.
    """
    others = Assessment.objects.of(assessment.organisation).beside(assessment)
    if source.is_draft or not others.filter(pk=source.pk).exists():
        raise ValidationError(_("Choose a submitted assessment of the same site by the same framework."))
    lock_draft(assessment)
    answers = list(assessment.answers.all())
    operations = {answer.question_code: uuid.uuid5(op_id, answer.question_code) for answer in answers}
    trail = Event.objects.of(assessment.organisation)
    if trail.filter(actor=actor, op_id__in=operations.values()).exists():
        return Carried(0, sum(answer.is_reply for answer in answers), 0)
    earlier = {answer.question_code: answer for answer in source.answers.all()}
    questions = spec_of(assessment).questions
    open_ones = [answer for answer in answers if not answer.is_reply]
    fitting = [
        (answer, earlier[answer.question_code])
        for answer in open_ones
        if fits(questions[answer.question_code], earlier.get(answer.question_code))
    ]
    now = timezone.now()
    for answer, old in fitting:
        after = columns_of(answer, old)
        before = {column: getattr(answer, column) for column in after}
        for column, value in after.items():
            setattr(answer, column, value)
        answer.carried_from = old
        answer.version += 1
        answer.updated_by, answer.updated_at = actor, now
        entry = Entry(
            RECORDED,
            "answer",
            object_id(assessment, answer.question_code),
            before=before,
            after=after,
            object_version=answer.version,
            reason_code=CARRIED,
            reason_text=source.title,
            op_id=operations[answer.question_code],
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    rows = Answer.objects.of(assessment.organisation)
    written = [*COLUMNS, "carried_from", "version", "updated_by", "updated_at"]
    rows.bulk_update([answer for answer, _old in fitting], written)
    keep_summary(assessment, brief_results_for(assessment, answers))
    return Carried(len(fitting), len(answers) - len(open_ones), len(open_ones) - len(fitting))


def fits(question: QuestionSpec, earlier: Answer | None) -> bool:
    """Whether an earlier answer is a reply that this question allows."""
    if earlier is None or not earlier.is_reply:
        return False
    return earlier.state != Answer.State.NOT_APPLICABLE or question.not_applicable is not None


def columns_of(answer: Answer, earlier: Answer) -> dict[str, Any]:
    """What a copy sets: the earlier answer, but for words that somebody has written here already.

    Whole fields alone, as the history tells of them.
    """
    kept = {name for name in ("grade", *WORDS) if getattr(answer, name)}
    return {column: getattr(earlier, column) for column in COLUMNS if column not in kept}


@transaction.atomic
def confirm_carried(
    *, actor: User, assessment: Assessment, codes: Collection[str], op_id: uuid.UUID
) -> list[str]:
    """Confirm what was carried over to these questions; the codes of those that still waited for it.

    Values stay as they are; each confirmation is an event. Raises NotADraft once submitted.
    """
    lock_draft(assessment)
    carried = assessment.answers.filter(carried_from__isnull=False).order_by("pk")
    confirmed = confirm_each(
        actor, assessment, [answer for answer in carried if answer.question_code in codes], op_id
    )
    if confirmed:
        raise_stamp(assessment)
    return confirmed


def confirm_each(
    actor: User, assessment: Assessment, waiting: Collection[Answer], op_id: uuid.UUID
) -> list[str]:
    """Confirm these answers of a locked draft, each with its event; their codes."""
    for answer in waiting:
        entry = Entry(
            CONFIRMED,
            "answer",
            object_id(assessment, answer.question_code),
            before={},
            after={},
            object_version=answer.version,
            op_id=uuid.uuid5(op_id, f"{CONFIRMED}/{answer.question_code}"),
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    confirmed = [answer.question_code for answer in waiting]
    assessment.answers.filter(question_code__in=confirmed).update(carried_from=None)
    return confirmed
