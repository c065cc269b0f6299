"""Reviewing a submitted assessment: decide, ask the site, accept the rest, finish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Engagement, User
from assessments.engine.display import whole
from assessments.models import Answer, Assessment, Decision, Inquiry, Review, Snapshot
from assessments.queries import engagement_for, standing_review
from assessments.results import freeze, results_in, reviewed_record, spec_of
from assessments.services.lock import lock_submitted, note_activity
from assessments.services.notices import tell_owners
from assessments.services.snapshots import keep_snapshot
from assessments.services.words import reason_fault, refuse, words_fault
from records.events import Entry, record

OVERRIDE = "score override"  # the reason's code on the trail (trust page, 5.4)


class NotEngaged(Exception):
    """This person may no longer review here: the engagement or their place in it ended meanwhile."""


class ReviewTaken(Exception):
    """Reviewers of another engagement began the review of this revision; `review` is theirs."""

    def __init__(self, review: Review) -> None:
        super().__init__(str(review))
        self.review = review


class DecisionConflict(Exception):
    """Another reviewer decided the same answer meanwhile; `decision` holds what stands now."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.question_code)
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer decides on one answer; accepting takes nothing else."""

    kind: str  # accepted or set; of the service alone: rest, open
    level: int | None = None
    reason: str = ""
    pointer: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        if self.kind != Decision.Kind.SET:
            return {"kind": self.kind, "level": None, "reason": "", "pointer": ""}
        return {"kind": self.kind, "level": self.level, "reason": self.reason, "pointer": self.pointer}


TAKEN_BACK = Ruling(Decision.Kind.OPEN)
WITH_THE_REST = Ruling(Decision.Kind.REST)


@transaction.atomic
def record_decision(
    *,
    actor: User,
    assessment: Assessment,
    question_code: str,
    ruling: Ruling,
    revision: int,
    base_version: int,
) -> Decision:
    """Accept an answer as evidenced, or set another level; the first one begins the review.

    Seen at `base_version` (0: undecided). Raises DecisionConflict where another reviewer decided
    meanwhile, NotUnderReview, NotEngaged, ReviewTaken, ValidationError for what cannot be, KeyError for a
    question that is not asked. The same decision sent again is the same decision.
    """
    lock_submitted(assessment, revision)
    answer = _answer_to(assessment, question_code)
    _check(ruling, answer)
    review = _begun(actor, assessment)
    return _decide(actor, review, question_code, ruling, base_version)


@transaction.atomic
def ask_site(
    *,
    actor: User,
    assessment: Assessment,
    question_code: str,
    text: str,
    revision: int,
    base_version: int,
) -> Inquiry:
    """Ask the site about an answer before deciding: its owners see it at once and are told by mail.

    A decision that stood is taken back. Raises as `record_decision`. The same question sent again while it
    waits is the same question.
    """
    lock_submitted(assessment, revision)
    _answer_to(assessment, question_code)
    refuse(text=words_fault(text, _("Write what you want to know from the site.")))
    review = _begun(actor, assessment)
    same = _inquiries(review).unanswered().filter(question_code=question_code, text=text, asked_by=actor)
    found: Inquiry | None = same.first()
    if found is not None:
        return found
    if _stands(review, question_code):
        _decide(actor, review, question_code, TAKEN_BACK, base_version)
    inquiry: Inquiry = Inquiry.objects.create(
        review=review,
        question_code=question_code,
        text=text,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    after = {"assessment": str(assessment.uuid), "question": question_code, "text": text}
    _note(actor, assessment, Entry("inquiry.asked", "inquiry", str(inquiry.uuid), before={}, after=after))
    note_activity(assessment)
    tell_owners(assessment, "site_asked", inquiry=str(inquiry.uuid))
    return inquiry


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many answers were accepted together, and how many were left to be decided one by one."""

    count: int
    left: int


@transaction.atomic
def accept_rest(*, actor: User, assessment: Assessment, revision: int) -> Accepted:
    """Accept every undecided answer as evidenced, but for those about which the site was asked: a question
    without a reply, or a reply that no decision followed, is looked at one by one.

    Each is recorded as accepted with the rest. Raises NotUnderReview, NotEngaged, ReviewTaken.
    """
    lock_submitted(assessment, revision)
    review = _begun(actor, assessment)
    decisions = {row.question_code: row for row in _decisions(review)}
    asked = set(_inquiries(review).values_list("question_code", flat=True))
    rest = [
        code
        for code in spec_of(assessment).questions
        if code not in decisions or not decisions[code].is_decided
    ]
    accepting = [code for code in rest if code not in asked]
    for code in accepting:
        version = decisions[code].version if code in decisions else 0
        _decide(actor, review, code, WITH_THE_REST, version)
    return Accepted(len(accepting), len(rest) - len(accepting))


@transaction.atomic
def finish_review(*, actor: User, assessment: Assessment, revision: int, statement: str) -> Snapshot:
    """Close the review with a statement: the revision is kept once more, with the decisions and the results
    in three readings, and its decisions are shown to the client, whose owners are told by mail.

    Needs a decision on every question and a statement of ten characters: else ValidationError. Raises
    NotUnderReview, NotEngaged, ReviewTaken.
    """
    lock_submitted(assessment, revision)
    refuse(statement=reason_fault(statement, _("Write the closing statement in at least ten characters.")))
    review = _begun(actor, assessment)
    missing = len(spec_of(assessment).questions) - _decisions(review).decided().count()
    if missing:
        said = ngettext(
            "%(count)s answer is not decided yet.", "%(count)s answers are not decided yet.", missing
        )
        raise ValidationError(said % {"count": missing})
    now = timezone.now()
    review.statement, review.finished_by, review.finished_at = statement, actor, now
    frozen = freeze(reviewed_record(assessment, review), spec_of(assessment))
    snapshot = keep_snapshot(actor, assessment, Snapshot.Kind.REVIEWED, frozen)
    review.save(update_fields=["statement", "finished_by", "finished_at"])
    validated = results_in(snapshot).readings.validated
    assert validated is not None  # a finished review has one
    assessment.validated_level, assessment.validated_index = validated.level, whole(validated.index)
    assessment.state, assessment.reviewed_at = Assessment.State.REVIEWED, now
    assessment.changed_at = now
    assessment.stamp += 1
    fields = ["state", "reviewed_at", "changed_at", "stamp", "validated_level", "validated_index"]
    assessment.save(update_fields=fields)
    after = {**_naming(review), "state": assessment.state, "digest": frozen.digest, "statement": statement}
    _note_whole(actor, assessment, "review.finished", {"state": Assessment.State.SUBMITTED.value}, after)
    tell_owners(assessment, "reviewed")
    return snapshot


def end_unfinished_review(*, actor: User | None, assessment: Assessment, at: datetime | None = None) -> None:
    """Mark the unfinished review of the present revision, if there is one, as ended; the row is locked.

    One whose engagement is over has ended already: it is marked with the moment when that was.
    """
    unfinished = Review.objects.of_assessments([assessment.pk]).unfinished()
    review = unfinished.select_related("engagement", "consultancy").first()
    if review is None:
        return
    review.ended_at = review.over_at() or at or timezone.now()
    review.save(update_fields=["ended_at"])
    after = {**_naming(review), "ended": review.ended_at.isoformat()}
    _note_whole(actor, assessment, "review.ended", {}, after)


def _begun(actor: User, assessment: Assessment) -> Review:
    """The running review, if this person may take part in it; where none runs, a new one.

    Raises ReviewTaken or NotEngaged.
    """
    running = standing_review(assessment)
    engagement = engagement_for(actor, assessment, running)
    if engagement is None:
        if running is not None and engagement_for(actor, assessment, None):
            raise ReviewTaken(running)
        raise NotEngaged
    if running is not None:
        return running
    return _begin(actor, assessment, engagement)


def _begin(actor: User, assessment: Assessment, engagement: Engagement) -> Review:
    end_unfinished_review(actor=None, assessment=assessment)
    assert engagement.consultancy is not None  # who accepted belongs to one
    review: Review = Review.objects.create(
        assessment=assessment,
        revision=assessment.revision,
        engagement=engagement,
        consultancy=engagement.consultancy,
        started_by=actor,
        started_at=timezone.now(),
    )
    _note_whole(actor, assessment, "review.started", {}, _naming(review))
    return review


def _decide(actor: User, review: Review, question_code: str, ruling: Ruling, base_version: int) -> Decision:
    """Write the decision over what was seen; raises DecisionConflict where something else stands now."""
    mine = _decisions(review).filter(question_code=question_code)
    decision: Decision | None = mine.select_related("author").first()
    columns = ruling.columns
    before: dict[str, Any] = {}
    if decision is not None:
        before = {name: getattr(decision, name) for name in columns}
        if before == columns:
            return decision
        if decision.version != base_version:
            raise DecisionConflict(decision)
    row = decision or Decision(review=review, question_code=question_code, version=0)
    for name, value in columns.items():
        setattr(row, name, value)
    row.author, row.decided_at = actor, timezone.now()
    row.version += 1
    row.save(update_fields=None if decision is None else [*columns, "author", "decided_at", "version"])
    entry = Entry(
        "decision.recorded" if row.is_decided else "decision.taken_back",
        "decision",
        f"{review.uuid}/{question_code}",
        before=before,
        after=columns,
        object_version=row.version,
        reason_code=OVERRIDE if ruling.kind == Decision.Kind.SET else "",
        reason_text=row.reason,
    )
    _note(actor, review.assessment, entry)
    return row


def _check(ruling: Ruling, answer: Answer) -> None:
    """Whether an answer can be decided so (Method, section 2: a level is only given to a scored question)."""
    if ruling.kind == Decision.Kind.ACCEPTED:
        return
    if ruling.kind != Decision.Kind.SET:
        raise ValidationError({"decision": _("Choose what you decide.")})
    if answer.state == Answer.State.NOT_APPLICABLE:
        raise ValidationError(
            {"decision": _("The site says that this question does not apply: that can only be accepted.")}
        )
    refuse(
        level="" if ruling.level in range(6) else _("Choose the level that you set, from 0 to 5."),
        reason=reason_fault(ruling.reason),
        pointer=words_fault(ruling.pointer, _("Say where in the evidence this can be seen.")),
    )


def _answer_to(assessment: Assessment, question_code: str) -> Answer:
    """The answer as submitted: nothing changes it until the assessment is reopened. Raises KeyError."""
    if question_code not in spec_of(assessment).questions:
        raise KeyError(question_code)
    return assessment.answers.get(question_code=question_code)


def _decisions(review: Review) -> Any:
    return Decision.objects.of(review.assessment.organisation).filter(review=review)


def _inquiries(review: Review) -> Any:
    return Inquiry.objects.of(review.assessment.organisation).filter(review=review)


def _stands(review: Review, question_code: str) -> bool:
    stands: bool = _decisions(review).decided().filter(question_code=question_code).exists()
    return stands


def _naming(review: Review) -> dict[str, Any]:
    return {
        "review": str(review.uuid),
        "revision": review.revision,
        "consultancy": review.consultancy.name,
    }


def _note_whole(
    actor: User | None, assessment: Assessment, action: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    _note(actor, assessment, Entry(action, "assessment", str(assessment.uuid), before=before, after=after))


def _note(actor: User | None, assessment: Assessment, entry: Entry) -> None:
    record(actor=actor, organisation=assessment.organisation, entry=entry)
