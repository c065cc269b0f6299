"""Recording answers: one answer, one row, one event; nobody's words are overwritten unseen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.engine.moves import Move, moves_between
from assessments.live_state import LiveState, answer_and_state, remember
from assessments.models import REASON_LEAST, Answer, Assessment
from assessments.results import brief_results_for, spec_of
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary
from frameworks.document.shapes import QuestionSpec
from records.events import Entry, record
from records.models import Event

# What one save may name: each is kept, merged and contested as a whole.
FIELDS: dict[str, tuple[str, ...]] = {
    "reply": ("state", "level", "reason"),
    "grade": ("grade",),
    "evidence_note": ("evidence_note",),
    "comment": ("comment",),
    "flagged": ("flagged",),
}
COUNTING = {"reply", "grade"}  # the fields that results follow from
Changes = Mapping[str, Mapping[str, Any]]  # field → the columns it sets
RECORDED = "answer.recorded"
SET_ASIDE = "answer.set_aside"  # of two answers the one not chosen: kept in the trail, changes nothing


class Conflict(Exception):
    """Somebody else changed the same fields meanwhile."""

    def __init__(self, question_code: str, fields: tuple[str, ...]) -> None:
        super().__init__(f"{question_code}: {', '.join(fields)}")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer as it stands, and how all of them stand with it.

    `moves`: what this save moved in the results; None where it could move nothing.
    """

    answer: Answer
    state: LiveState
    moves: tuple[Move, ...] | None = None


@transaction.atomic
def record_answer(
    *,
    actor: User,
    assessment: Assessment,
    question_code: str,
    changes: Changes,
    base_version: int,
    op_id: uuid.UUID,
    set_aside: Changes | None = None,
) -> Saved:
    """Save the named fields of one answer, seen at `base_version`, as one operation (trust page, 3.11).

    Other fields that changed meanwhile merge; the same field raises Conflict. A resent operation is
    the same operation: nothing is stored for it and the current answer is given back; the same id
    with other content, or for another answer, raises Conflict too. `set_aside` is what this person
    gave up for somebody else's value: the trail keeps it. Raises NotADraft once submitted,
    ValidationError for values that cannot be, KeyError for a question that is not asked.
    """
    if question_code not in spec_of(assessment).questions:
        raise KeyError(question_code)
    lock_draft(assessment)
    answer, state = answer_and_state(assessment, question_code)
    if set_aside:
        _keep_set_aside(actor, assessment, answer, set_aside, op_id)
    named = _columns(changes)
    if base_version != answer.version and _is_resent(actor, answer, assessment, changes, base_version, op_id):
        return Saved(answer, state)
    if all(getattr(answer, column) == value for column, value in named.items()):
        return Saved(answer, state)
    return write_answer(
        actor=actor,
        assessment=assessment,
        state=state,
        answer=answer,
        changes=changes,
        op_id=op_id,
    )


def write_answer(
    *,
    actor: User,
    assessment: Assessment,
    state: LiveState,
    answer: Answer,
    changes: Changes,
    op_id: uuid.UUID,
    reason_code: str = "",
    carried_from_id: int | None = None,
) -> Saved:
    """Write these fields of one answer of a locked draft in this state, its event and what follows from it.

    Another reply is the site's own and no longer waits to be confirmed; the event keeps the answer it
    was copied from. `carried_from_id`: the one that a reply waits for again, once its change is taken back.
    Raises ValidationError for values that cannot be, Conflict where the row or the operation id is
    not what the caller takes it for.
    """
    named = _columns(changes)
    before = {column: getattr(answer, column) for column in named}
    _apply(answer, named, spec_of(assessment).questions[answer.question_code])
    answer.version += 1
    answer.updated_by, answer.updated_at = actor, timezone.now()
    columns = {**named, "version": answer.version, "updated_by": actor, "updated_at": answer.updated_at}
    if "reply" in changes and answer.carried_from_id != carried_from_id:
        before["carried_from"] = answer.carried_from_id
        columns["carried_from_id"] = answer.carried_from_id = carried_from_id
    # The assessment's row is locked; that nothing slipped past the lock is checked all the same.
    seen = Answer.objects.of_assessment(assessment).filter(pk=answer.pk, version=answer.version - 1)
    if not seen.update(**columns):
        raise Conflict(answer.question_code, tuple(changes))
    entry = Entry(
        RECORDED,
        "answer",
        object_id(assessment, answer.question_code),
        before=before,
        after=named,
        object_version=answer.version,
        reason_code=reason_code,
        op_id=op_id,
    )
    try:
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    except IntegrityError as error:  # the operation id was used before, for something else
        raise Conflict(answer.question_code, tuple(changes)) from error
    after = state.with_answer(answer.brief)
    keep_summary(assessment, after.results)
    remember(assessment, after)
    counts = COUNTING & set(changes)
    return Saved(answer, after, moves_between(after.spec, state.results, after.results) if counts else None)


@transaction.atomic
def mark_rest_unknown(*, actor: User, assessment: Assessment, op_id: uuid.UUID) -> int:
    """Answer every question without a reply with "don't know"; returns how many there were.

    Each answer has its own event, and the assessment one of them all.
    """
    lock_draft(assessment)
    answers = list(assessment.answers.all())
    rest = [answer for answer in answers if not answer.is_reply]
    for answer in rest:
        answer.state = Answer.State.UNKNOWN
        answer.version += 1
        answer.updated_by, answer.updated_at = actor, timezone.now()
        entry = Entry(
            RECORDED,
            "answer",
            object_id(assessment, answer.question_code),
            before={"state": Answer.State.UNANSWERED, "level": None, "reason": answer.reason},
            after={"state": Answer.State.UNKNOWN, "level": None, "reason": answer.reason},
            object_version=answer.version,
            op_id=uuid.uuid5(op_id, answer.question_code),
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    Answer.objects.of(assessment.organisation).bulk_update(
        rest, ["state", "version", "updated_by", "updated_at"]
    )
    keep_summary(assessment, brief_results_for(assessment, answers))
    if rest:
        entry = Entry(
            "rest.unknown", "assessment", str(assessment.uuid), before={}, after={"count": len(rest)}
        )
        record(actor=actor, organisation=assessment.organisation, entry=entry)
    return len(rest)


def _apply(answer: Answer, named: Mapping[str, Any], question: QuestionSpec) -> None:
    """Set the columns and check the answer as a whole, without a query."""
    for column, value in named.items():
        setattr(answer, column, value)
    unchecked = {field.name for field in Answer._meta.fields} - set(named)
    answer.clean_fields(exclude=unchecked)
    if answer.state == Answer.State.LEVEL and answer.level not in range(6):
        raise ValidationError({"level": _("Choose a level from 0 to 5.")})
    if answer.state != Answer.State.LEVEL and answer.level is not None:
        raise ValidationError({"level": _("A level goes with an answer by level only.")})
    if answer.state == Answer.State.NOT_APPLICABLE:
        if question.not_applicable is None:
            raise ValidationError(
                {"state": _("This question applies to every site: choose a level or don’t know.")}
            )
        if len(answer.reason.strip()) < REASON_LEAST:
            raise ValidationError({"reason": _("Give the reason in at least ten characters.")})


def _keep_set_aside(
    actor: User, assessment: Assessment, answer: Answer, given_up: Changes, op_id: uuid.UUID
) -> None:
    """One event with what was not chosen; none where the operation is sent again, or nothing differs."""
    columns = _columns(given_up)
    own_id = uuid.uuid5(op_id, SET_ASIDE)
    known = Event.objects.of(assessment.organisation).filter(actor=actor, op_id=own_id)
    if all(getattr(answer, column) == value for column, value in columns.items()) or known.exists():
        return
    entry = Entry(
        SET_ASIDE,
        "answer",
        object_id(assessment, answer.question_code),
        before={},
        after=columns,
        object_version=answer.version,
        op_id=own_id,
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)


def _is_resent(
    actor: User,
    answer: Answer,
    assessment: Assessment,
    changes: Changes,
    base_version: int,
    op_id: uuid.UUID,
) -> bool:
    """Whether this very operation is recorded already; raises Conflict where its fields changed since."""
    since = Event.objects.of(assessment.organisation).filter(
        object_type="answer",
        object_id=object_id(assessment, answer.question_code),
        object_version__gt=base_version,
    )
    since = since.exclude(action=SET_ASIDE)
    changed: set[str] = set()
    for event in since:
        if event.op_id == op_id and event.actor_id == actor.pk:
            if _columns(changes) != event.after_json:
                raise Conflict(answer.question_code, tuple(changes))
            return True
        changed |= {field for field, columns in FIELDS.items() if set(columns) & set(event.after_json)}
    contested = tuple(
        field
        for field in changes
        if field in changed
        and any(getattr(answer, column) != value for column, value in changes[field].items())
    )
    if contested or base_version > answer.version:
        raise Conflict(answer.question_code, contested or tuple(changes))
    return False


def _columns(changes: Changes) -> dict[str, Any]:
    return {column: value for columns in changes.values() for column, value in columns.items()}


def object_id(assessment: Assessment, question_code: str) -> str:
    """How the trail calls an answer."""
    return f"{assessment.uuid}/{question_code}"
