"""Submitting freezes a revision; reopening starts the next one."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from assessments.engine.record import PlanRecord
from assessments.models import Answer, Assessment, Snapshot
from assessments.results import brief_results_for, freeze, live_record, spec_of
from assessments.services.lock import lock_draft, lock_standing
from assessments.services.notices import tell_reviewers
from assessments.services.reviews import end_unfinished_review
from assessments.services.snapshots import keep_snapshot
from assessments.services.summary import keep_summary
from assessments.services.words import reason_fault, refuse
from records.events import Entry, record


@transaction.atomic
def submit_assessment(*, actor: User, assessment: Assessment) -> Snapshot:
    """Freeze the record and its results as the snapshot of this revision.

    Every question needs a reply (don't know is one), and what was carried over is confirmed: else
    ValidationError. Raises NotADraft where it
    is submitted already. Where no start was set, the plan of this revision starts on the Monday after
    the day it is at the site; the row stays open, so that a later revision starts after its own submission.
    Reviewers who are engaged now are told by mail.
    """
    lock_draft(assessment)
    answers = list(assessment.answers.select_related("updated_by"))
    missing = sum(not answer.is_reply for answer in answers)
    if missing:
        raise ValidationError(
            ngettext(
                "%(count)s question has no reply yet. Answer it, or mark it as don’t know.",
                "%(count)s questions have no reply yet. Answer them, or mark them as don’t know.",
                missing,
            )
            % {"count": missing}
        )
    refuse_unconfirmed(answers)
    now = timezone.now()
    start_on = assessment.plan_start_on or monday_after(assessment.site.today())
    spec = spec_of(assessment)
    frozen = freeze(
        live_record(
            assessment,
            answers,
            state=Assessment.State.SUBMITTED.value,
            submitted_at=now.isoformat(),
            submitted_by=actor.shown_name,
            people=_people(assessment),
            plan=PlanRecord(
                start_on.isoformat(), assessment.plan_capacity, tuple(assessment.plan_blackout_weeks)
            ),
        ),
        spec,
    )
    snapshot = keep_snapshot(actor, assessment, Snapshot.Kind.SUBMITTED, frozen)
    keep_summary(assessment, brief_results_for(assessment, answers))
    assessment.state, assessment.submitted_at = Assessment.State.SUBMITTED, now
    assessment.save(update_fields=["state", "submitted_at"])
    after = {"state": assessment.state, "revision": assessment.revision, "digest": frozen.digest}
    entry = Entry(
        "assessment.submitted", "assessment", str(assessment.uuid), before={"state": "draft"}, after=after
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)
    tell_reviewers(assessment)
    return snapshot


@transaction.atomic
def reopen_assessment(*, actor: User, assessment: Assessment, reason: str) -> None:
    """Make a submitted or reviewed assessment a draft of its next revision, and end an unfinished review.

    Earlier snapshots, reviews and reports stay. Needs a reason of at least ten characters. Raises
    ValidationError.
    """
    refuse(reason=reason_fault(reason))
    if not lock_standing(assessment):
        raise ValidationError(_("This assessment is a draft already."))
    end_unfinished_review(actor=actor, assessment=assessment)
    before = {"state": assessment.state, "revision": assessment.revision}
    assessment.state = Assessment.State.DRAFT
    assessment.revision += 1
    assessment.stamp += 1
    assessment.submitted_at = assessment.reviewed_at = None
    assessment.validated_level = assessment.validated_index = None
    assessment.changed_at = timezone.now()
    fields = ["state", "revision", "stamp", "submitted_at", "reviewed_at", "changed_at"]
    fields += ["validated_level", "validated_index"]
    assessment.save(update_fields=fields)
    entry = Entry(
        "assessment.reopened",
        "assessment",
        str(assessment.uuid),
        before=before,
        after={"state": assessment.state, "revision": assessment.revision},
        reason_code="other",
        reason_text=reason.strip(),
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)


def refuse_unconfirmed(answers: list[Answer]) -> None:
    """Raise ValidationError where answers that were carried over wait to be confirmed."""
    waiting = sum(answer.carried_from_id is not None for answer in answers)
    if waiting:
        raise ValidationError(
            ngettext(
                "%(count)s answer is carried over and not confirmed yet.",
                "%(count)s answers are carried over and not confirmed yet.",
                waiting,
            )
            % {"count": waiting}
        )


def monday_after(day: date) -> date:
    """The first Monday later than `day`."""
    return day + timedelta(days=7 - day.weekday())


def _people(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    members = (
        Membership.objects.of(assessment.organisation).select_related("user").order_by("created_at", "pk")
    )
    return tuple((member.user.shown_name, member.role) for member in members)
