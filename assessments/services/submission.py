"""Submitting freezes a revision; reopening starts the next one."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from assessments.engine.record import PlanRecord
from assessments.engine.shapes import ENGINE_VERSION
from assessments.models import OWN_WORDS, REASON_LEAST, Assessment, Snapshot
from assessments.results import freeze, live_record, spec_of
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary
from records.events import Entry, record


@transaction.atomic
def submit_assessment(*, actor: User, assessment: Assessment) -> Snapshot:
    """Freeze the record and its results as the snapshot of this revision.

    Every question needs a reply (don't know is one): else ValidationError. Raises NotADraft where it
    is submitted already. Where no start was set, the plan of this revision starts on the Monday after
    the day it is at the site; the row stays open, so that a later revision starts after its own submission.
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
    snapshot: Snapshot = Snapshot.objects.create(
        assessment=assessment,
        revision=assessment.revision,
        record=frozen.record,
        results=frozen.results,
        engine_version=ENGINE_VERSION,
        content_digest=spec.content_digest,
        digest=frozen.digest,
        created_by=actor,
    )
    keep_summary(assessment, answers)
    assessment.state, assessment.submitted_at = Assessment.State.SUBMITTED, now
    assessment.save(update_fields=["state", "submitted_at"])
    after = {"state": assessment.state, "revision": assessment.revision, "digest": frozen.digest}
    entry = Entry(
        "assessment.submitted", "assessment", str(assessment.uuid), before={"state": "draft"}, after=after
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)
    return snapshot


@transaction.atomic
def reopen_assessment(*, actor: User, assessment: Assessment, reason: str) -> None:
    """Make the submitted assessment a draft of its next revision; earlier snapshots and reports stay.

    Needs a reason of at least ten characters. Raises ValidationError.
    """
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": _("Give the reason in at least ten characters.")})
    if len(reason) > OWN_WORDS:
        raise ValidationError({"reason": _("A reason has at most 4,000 characters.")})
    submitted = Assessment.objects.of(assessment.organisation).filter(
        pk=assessment.pk, state=Assessment.State.SUBMITTED
    )
    changed = submitted.update(
        state=Assessment.State.DRAFT,
        revision=F("revision") + 1,
        stamp=F("stamp") + 1,
        submitted_at=None,
        changed_at=timezone.now(),
    )
    if not changed:
        raise ValidationError(_("This assessment is a draft already."))
    assessment.refresh_from_db(fields=["state", "revision", "stamp", "submitted_at"])
    entry = Entry(
        "assessment.reopened",
        "assessment",
        str(assessment.uuid),
        before={"state": "submitted", "revision": assessment.revision - 1},
        after={"state": "draft", "revision": assessment.revision},
        reason_code="other",
        reason_text=reason.strip(),
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)


def monday_after(day: date) -> date:
    """The first Monday later than `day`."""
    return day + timedelta(days=7 - day.weekday())


def _people(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    members = (
        Membership.objects.of(assessment.organisation).select_related("user").order_by("created_at", "pk")
    )
    return tuple((member.user.shown_name, member.role) for member in members)
