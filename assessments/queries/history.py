"""The deeds on an assessment and in its reviews, as far as this person may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Engagement, User
from accounts.permissions import sees_as_consultant
from assessments.models import Assessment, Decision, Inquiry, Review
from records.models import Event


@dataclass(frozen=True, slots=True)
class Done:
    """One deed, or several that were one: answers accepted together with the rest."""

    event: Event
    count: int = 1

    @property
    def question(self) -> str:
        """The code of the question that a deed of a review is about; empty for deeds on the whole."""
        event = self.event
        if event.object_type == "decision":
            return event.object_id.partition("/")[2]
        return str(event.after_json.get("question", "")) if event.object_type == "inquiry" else ""

    @property
    def words(self) -> str:
        """What the person wrote: a reason, a question to the site, a reply."""
        event = self.event
        kept = {"inquiry.asked": "text", "inquiry.replied": "reply"}.get(event.action)
        return str(event.after_json.get(kept, "")) if kept else event.reason_text


def deeds_on(user: User, assessment: Assessment) -> list[Done]:
    """Latest first: deeds on the whole, and what was decided, asked, replied and answered in its reviews.

    Decisions are seen once their review is finished, and before by its reviewers alone; what was asked in
    one that is not finished, by them and by the client's own people.
    """
    wanted = Q(object_type="assessment", object_id=str(assessment.uuid))
    held = set(
        Engagement.objects.held_by(user).filter(kind=Engagement.Kind.REVIEW).values_list("pk", flat=True)
    )
    is_consultant = sees_as_consultant(assessment)
    asked_in = []
    for review in Review.objects.of_assessments([assessment.pk]):
        is_own = review.engagement_id in held
        if review.is_finished or is_own:
            wanted |= Q(object_type="decision", object_id__startswith=f"{review.uuid}/")
        if review.is_finished or is_own or not is_consultant:
            asked_in.append(review.pk)
    if asked_in:
        rows = Inquiry.objects.of(assessment.organisation).filter(review__in=asked_in)
        found = [str(uuid) for uuid in rows.values_list("uuid", flat=True)]
        wanted |= Q(object_type="inquiry", object_id__in=found)
    events: QuerySet[Event] = Event.objects.of(assessment.organisation).filter(wanted)
    return _grouped(events.select_related("actor").order_by("-seq"))


def _grouped(events: Iterable[Event]) -> list[Done]:
    """Answers accepted with the rest by one person in a row are one deed."""
    found: list[Done] = []
    for event in events:
        last = found[-1] if found else None
        if last and _is_of_the_rest(event) and _is_of_the_rest(last.event) and _same(event, last.event):
            found[-1] = Done(event, last.count + 1)
        else:
            found.append(Done(event))
    return found


def _is_of_the_rest(event: Event) -> bool:
    return event.object_type == "decision" and event.after_json.get("kind") == Decision.Kind.REST


def _same(one: Event, other: Event) -> bool:
    """Whether both are of one person and one review."""
    return one.actor_id == other.actor_id and one.object_id.split("/")[0] == other.object_id.split("/")[0]
