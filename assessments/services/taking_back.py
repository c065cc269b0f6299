"""Taking back one's last change of an answer, as a new change: nothing leaves the history."""

from __future__ import annotations

import uuid

from django.db import transaction

from accounts.models import User
from assessments.live_state import answer_and_state
from assessments.models import Assessment
from assessments.results import spec_of
from assessments.services.answers import FIELDS, RECORDED, Changes, Saved, object_id, write_answer
from assessments.services.lock import lock_draft
from records.models import Event

TAKEN_BACK = "taken back"


class NothingToTakeBack(Exception):
    """This person has changed nothing of this answer."""


class ChangedSince(Exception):
    """Somebody changed the same fields after this person's last change: it stays, nothing was written."""

    def __init__(self, by: str, fields: tuple[str, ...]) -> None:
        super().__init__(f"{by}: {', '.join(fields)}")
        self.by = by  # their name
        self.fields = fields


@transaction.atomic
def take_back(
    *, actor: User, assessment: Assessment, question_code: str, op_id: uuid.UUID
) -> tuple[Saved | None, Event]:
    """Write what stood before this person's last change of one answer; a second time brings it back.

    What was carried over and waited to be confirmed before that change waits for it again.
    Gives what was saved and the change that was taken back; None for a request that is sent again.
    Raises NothingToTakeBack, ChangedSince where somebody else's later change touches the same fields,
    NotADraft once submitted, and KeyError for a question that is not asked.
    """
    lock_draft(assessment)
    if question_code not in spec_of(assessment).questions:
        raise KeyError(question_code)
    answer, state = answer_and_state(assessment, question_code)
    trail = Event.objects.of(assessment.organisation).select_related("actor")
    changes = trail.filter(
        object_type="answer", object_id=object_id(assessment, question_code), action=RECORDED
    ).order_by("-object_version")
    mine = changes.filter(actor=actor).first()
    if mine is None:
        raise NothingToTakeBack
    if mine.op_id == op_id:
        return None, mine
    named = fields_in(mine)
    for later in changes.filter(object_version__gt=mine.object_version):
        touched = tuple(field for field in fields_in(later) if field in named)
        if touched:
            raise ChangedSince(later.actor.shown_name if later.actor else "", touched)
    earlier: Changes = {
        field: {column: mine.before_json[column] for column in FIELDS[field]} for field in named
    }
    saved = write_answer(
        actor=actor,
        assessment=assessment,
        state=state,
        answer=answer,
        changes=earlier,
        op_id=op_id,
        reason_code=TAKEN_BACK,
        carried_from_id=mine.before_json.get("carried_from"),
    )
    return saved, mine


def fields_in(event: Event) -> tuple[str, ...]:
    """The fields of an answer that an event names."""
    return tuple(field for field, columns in FIELDS.items() if set(columns) <= set(event.after_json))
