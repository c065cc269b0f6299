"""The owner's part in a review: replies to what is asked, and an answer to each change; both given once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Assessment, Decision, Inquiry, Stance
from assessments.queries import standing_review
from assessments.services.lock import NotUnderReview, lock_standing, lock_submitted, note_activity
from assessments.services.notices import tell_asker, tell_of_disagreement
from assessments.services.summary import raise_stamp
from assessments.services.words import reason_fault, refuse, words_fault
from records.events import Entry, record


class AnsweredAlready(Exception):
    """Another owner answered meanwhile: what was given first stands."""


@transaction.atomic
def answer_inquiry(*, actor: User, assessment: Assessment, inquiry: Inquiry, text: str) -> None:
    """Reply to a reviewer's question, once, while the review runs; the reviewer is told by mail.

    Raises ValidationError for words that are missing or too long, AnsweredAlready, or NotUnderReview where
    the review is over meanwhile.
    """
    lock_submitted(assessment, assessment.revision)
    refuse(text=words_fault(text, _("Write the reply before sending it.")))
    running = standing_review(assessment)
    if running is None or running.pk != inquiry.review_id:
        raise NotUnderReview
    now = timezone.now()
    waiting = Inquiry.objects.of(assessment.organisation).unanswered().filter(pk=inquiry.pk)
    if not waiting.update(reply=text, replied_by=actor, replied_at=now):
        raise AnsweredAlready
    entry = Entry(
        "inquiry.replied",
        "inquiry",
        str(inquiry.uuid),
        before={"reply": ""},
        after={"question": inquiry.question_code, "reply": text},
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)
    note_activity(assessment)
    tell_asker(assessment, inquiry)


@transaction.atomic
def answer_change(
    *, actor: User, assessment: Assessment, question_code: str, agrees: bool, text: str
) -> Stance:
    """Agree to a level that the reviewers set, or disagree with a text; it changes no number. Of a
    disagreement the reviewers are told by mail.

    Raises ValidationError for a text under ten characters, AnsweredAlready, NotUnderReview where the review
    is not the present one any more, and Decision.DoesNotExist for an answer whose level they did not set.
    """
    review = standing_review(assessment) if lock_standing(assessment) and assessment.is_reviewed else None
    if review is None:
        raise NotUnderReview
    if agrees:
        refuse(text=words_fault(text, ""))
    else:
        refuse(text=reason_fault(text, _("Say why you disagree in at least ten characters.")))
    changes = Decision.objects.of(assessment.organisation).changes().filter(review=review)
    decision: Decision = changes.get(question_code=question_code)
    if Stance.objects.of(assessment.organisation).filter(decision=decision).exists():
        raise AnsweredAlready
    stance: Stance = Stance.objects.create(
        decision=decision,
        agrees=agrees,
        text=text if text.strip() else "",
        author=actor,
        given_at=timezone.now(),
    )
    entry = Entry(
        "change.answered",
        "decision",
        f"{review.uuid}/{question_code}",
        before={},
        after={"agrees": agrees, "text": stance.text},
        reason_text=stance.text,
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)
    note_activity(assessment)
    raise_stamp(assessment)  # the results say how many changes the site disputes
    if not agrees:
        tell_of_disagreement(assessment, decision)
    return stance
