"""What stands of reviews, and what waits for whom: constant in statements for any number of assessments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Engagement, User
from accounts.permissions import Deed, may, role_in
from assessments.engine.review import StanceRecord
from assessments.models import Assessment, Review, Stance


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person in one assessment."""

    decisions: int = 0  # answers that wait for this reviewer's decision, not for a reply of the site
    replies: int = 0  # those among them about which the site replied
    finish: int = 0  # 1 where all is decided and only the closing statement is missing
    inquiries: int = 0  # questions from the reviewer that wait for this owner's reply
    changes: int = 0  # changes of a finished review that wait for this owner's answer
    disputed: int = 0  # changes that the owner disagreed with in the last thirty days, for this reviewer

    @property
    def total(self) -> int:
        return self.decisions + self.finish + self.inquiries + self.changes + self.disputed


NOTHING = Waiting()


def waiting_for(assessments: Sequence[Assessment]) -> dict[int, Waiting]:
    """By primary key, what waits in each of these for the person whom they are visible to.

    They come from `Assessment.objects.visible_to(user)`, which says the role; at most two statements,
    none where no row is submitted or reviewed and in the hands of an owner or a reviewer.
    """
    rows = [row for row in assessments if not row.is_draft and _has_part(row)]
    if not rows:
        return {}
    reviews = Review.objects.of_assessments([row.pk for row in rows]).standing().with_counts()
    standing = {(review.assessment_id, review.revision): review for review in reviews}
    held = _held_by(rows) if any(may(role_in(row), Deed.REVIEW) for row in rows) else frozenset()
    return {row.pk: _waiting(row, standing.get((row.pk, row.revision)), held) for row in rows}


def _has_part(row: Assessment) -> bool:
    return may(role_in(row), Deed.REVIEW) or may(role_in(row), Deed.ANSWER_REVIEW)


def _held_by(rows: Sequence[Assessment]) -> frozenset[int]:
    """The engagements to review that the person whom the rows are visible to holds."""
    person = User(pk=rows[0].seen_by)  # type: ignore[attr-defined]  # `visible_to` annotates it
    held = Engagement.objects.held_by(person).filter(kind=Engagement.Kind.REVIEW)
    return frozenset(held.values_list("pk", flat=True))


def _waiting(row: Assessment, review: Review | None, held: frozenset[int]) -> Waiting:
    if may(role_in(row), Deed.REVIEW):
        if review and review.engagement_id not in held:
            return NOTHING
        if row.is_reviewed:
            return Waiting(disputed=getattr(review, "disputed", 0))
        decided: int = getattr(review, "decided", 0)
        left = row.asked - decided
        with_site: int = getattr(review, "with_site", 0)
        replies: int = getattr(review, "replied", 0)
        return Waiting(decisions=left - with_site, replies=replies, finish=0 if left else 1)
    if review is None:
        return NOTHING
    if review.is_finished:
        return Waiting(changes=review.contestable)  # type: ignore[attr-defined]  # `with_counts` annotates it
    return Waiting(inquiries=review.asked)  # type: ignore[attr-defined]  # the same


def standing_review(assessment: Assessment) -> Review | None:
    """The review that counts for the present revision: finished, or running; None where there is none."""
    reviews = Review.objects.of_assessments([assessment.pk]).standing()
    found: Review | None = (
        reviews.filter(revision=assessment.revision)
        .select_related("consultancy", "started_by", "finished_by", "engagement")
        .first()
    )
    return found


def engagement_for(user: User, assessment: Assessment, review: Review | None) -> Engagement | None:
    """The engagement by which this person may review it now: that of the running review, where there is
    one; None for who may not."""
    held = Engagement.objects.held_by(user).filter(
        kind=Engagement.Kind.REVIEW, organisation=assessment.organisation
    )
    if review is not None:
        held = held.filter(pk=review.engagement_id)
    found: Engagement | None = held.select_related("consultancy").order_by("-until_on", "pk").first()
    return found


def stances_of(assessment: Assessment, revision: int) -> tuple[StanceRecord, ...]:
    """The owner's answers to the changes of that revision's review, in the order of the questions."""
    rows: Iterable[Stance] = (
        Stance.objects.of(assessment.organisation)
        .filter(decision__review__assessment=assessment, decision__review__revision=revision)
        .select_related("decision", "author")
        .order_by("decision__question_code")
    )
    return tuple(
        StanceRecord(
            question=row.decision.question_code,
            agrees=row.agrees,
            text=row.text,
            by=row.author.shown_name,
            at=row.given_at.isoformat(),
        )
        for row in rows
    )
