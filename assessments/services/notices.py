"""Mails about reviews: who is told what; each is looked up again, and dropped, when it is sent."""

from __future__ import annotations

from accounts.models import Consultant, Engagement, Membership, User
from assessments.models import Assessment, Decision, Inquiry
from records.mail import write_mail


def tell_reviewers(assessment: Assessment) -> None:
    """That it is submitted: to the consultants named in a running engagement to review."""
    client = assessment.organisation
    running = Engagement.objects.of(client).running().filter(kind=Engagement.Kind.REVIEW)
    named = Consultant.objects.of(client).named().filter(accepted_at__isnull=False, engagement__in=running)
    people = User.objects.filter(pk__in=named.values("user")).order_by("pk")
    for person in people:
        about = {"organisation": str(client.uuid), "assessment": str(assessment.uuid)}
        _write("ready_for_review", person, about)


def tell_owners(assessment: Assessment, name: str, **about: str) -> None:
    """To every owner of the client: `reviewed`, or `site_asked` about an inquiry."""
    owners = Membership.objects.of(assessment.organisation).filter(role=Membership.Role.OWNER)
    for person in User.objects.filter(pk__in=owners.values("user")).order_by("pk"):
        _write(name, person, {"assessment": str(assessment.uuid), **about})


def tell_asker(assessment: Assessment, inquiry: Inquiry) -> None:
    """That the site replied: to the reviewer who asked."""
    about = {"assessment": str(assessment.uuid), "inquiry": str(inquiry.uuid)}
    _write("site_replied", inquiry.asked_by, about)


def tell_of_disagreement(assessment: Assessment, decision: Decision) -> None:
    """That the owner disagrees with a change: to who set the level, and to who finished the review."""
    about = {"assessment": str(assessment.uuid), "question": decision.question_code}
    people = [decision.author, decision.review.finished_by]
    for person in dict.fromkeys(person for person in people if person is not None):
        _write("site_disagrees", person, about)


def _write(name: str, person: User, about: dict[str, str]) -> None:
    write_mail(name=f"assessments/{name}", recipient=person.email, about={"user": str(person.uuid), **about})
