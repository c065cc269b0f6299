"""Reviews for tests, through the services that pages use: decide, ask, finish, answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Engagement, Organisation, User
from assessments.models import Assessment, Decision, Inquiry, Review, Snapshot
from assessments.queries import standing_review
from assessments.services.review_answers import answer_change, answer_inquiry
from assessments.services.reviews import Ruling, accept_rest, ask_site, finish_review, record_decision
from tests import builders

REASON = "The procedure is a draft and names no role for the night shift."
POINTER = "KEL-SOP-0417, section 5"
STATEMENT = "Looked at documents and records on site; the night shift is the open point."
ASKED = "Which lines have it, and since when?"
TEXT = "The drill of the night shift was held in December."
OPTIONAL = next(code for code, question in builders.bami_spec().questions.items() if question.not_applicable)
SET = {"decision": "set", "level": "1", "reason": REASON, "pointer": POINTER}
ACCEPT = {"decision": "accepted"}


def again(assessment: Assessment, user: User) -> Assessment:
    """The assessment as this person sees it now."""
    found: Assessment = Assessment.objects.visible_to(user).for_page().get(pk=assessment.pk)
    return found


def decide(
    assessment: Assessment, actor: User, question: str, level: int | None = None, base: int = 0, **words: Any
) -> Decision:
    """Accept, or set a level where one is given."""
    ruling = Ruling("accepted")
    if level is not None:
        ruling = Ruling("set", level, words.get("reason", REASON), words.get("pointer", POINTER))
    return record_decision(
        actor=actor, assessment=again(assessment, actor), question_code=question, ruling=ruling,
        revision=assessment.revision, base_version=base,
    )  # fmt: skip


def ask(
    assessment: Assessment, actor: User, question: str, text: str = "Which lines?", base: int = 0
) -> Inquiry:
    return ask_site(
        actor=actor, assessment=again(assessment, actor), question_code=question, text=text,
        revision=assessment.revision, base_version=base,
    )  # fmt: skip


def answer(assessment: Assessment, owner: User, inquiry: Inquiry, text: str = "Suites 1 and 2.") -> None:
    answer_inquiry(actor=owner, assessment=again(assessment, owner), inquiry=inquiry, text=text)


def finish(assessment: Assessment, actor: User, statement: str = STATEMENT) -> Snapshot:
    return finish_review(
        actor=actor, assessment=again(assessment, actor), revision=assessment.revision, statement=statement
    )


def accept_all(assessment: Assessment, actor: User) -> None:
    accept_rest(actor=actor, assessment=again(assessment, actor), revision=assessment.revision)


def accept_asked(assessment: Assessment, actor: User) -> None:
    """Accept what the rest leaves out: the answers that the site was asked about."""
    review = standing_review(again(assessment, actor))
    asked = Inquiry.objects.of(assessment.organisation).filter(review=review)
    rows = Decision.objects.of(assessment.organisation).filter(review=review)
    known = {row.question_code: row for row in rows}
    for code in sorted(set(asked.values_list("question_code", flat=True))):
        if code not in known or not known[code].is_decided:
            decide(assessment, actor, code, base=known[code].version if code in known else 0)


def take_stance(assessment: Assessment, owner: User, question: str, agrees: bool, text: str = "") -> None:
    answer_change(
        actor=owner, assessment=again(assessment, owner), question_code=question, agrees=agrees, text=text
    )


def make_reviewed(assessment: Assessment, reviewer: User, changes: dict[str, int]) -> Assessment:
    """Review a submitted assessment: these levels set, all else accepted; finished."""
    for question, level in changes.items():
        decide(assessment, reviewer, question, level)
    accept_all(assessment, reviewer)
    accept_asked(assessment, reviewer)
    finish(assessment, reviewer)
    return again(assessment, reviewer)


def make_consultants(organisation: Organisation, *names: str) -> tuple[Engagement, list[User]]:
    """A consultancy with these people, engaged by the organisation to review."""
    consultancy = builders.make_organisation("Tessaly Advisory", kind=Organisation.Kind.CONSULTANCY)
    people = [
        builders.make_member(consultancy, email=f"{name.split()[0].lower()}@tessaly.example", name=name)
        for name in names
    ]
    return builders.make_engagement(organisation, consultancy, people), people


def join(cast: Any, email: str) -> User:
    """One more reviewer of the engagement that the cast's reviewer has."""
    person = builders.make_member(cast.consultancy, email=email)
    engagement = Engagement.objects.held_by(cast.reviewer).get()
    builders.make_consultant(engagement, person)
    return person


def place(assessment: Assessment, name: str, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def page_of(client: Client, assessment: Assessment) -> str:
    """The page of the review as this client sees it."""
    return client.get(place(assessment, "review")).content.decode()


def posted(assessment: Assessment, base: Any = 0, **fields: Any) -> dict[str, Any]:
    """What the form of one decision sends."""
    return {"revision": assessment.revision, "base_version": base, "show": "all", **fields}


def decisions(assessment: Assessment) -> dict[str, Decision]:
    rows = Decision.objects.of(assessment.organisation).select_related("author")
    return {row.question_code: row for row in rows}


def live(assessment: Assessment) -> Review:
    """The review that runs."""
    row: Review = Review.objects.of_assessments([assessment.pk]).running().get()
    return row


def deeds_of(submitted: Assessment) -> Iterator[tuple[str, dict[str, Any], int]]:
    """(address, what is sent, reply) of each deed of a review."""
    yield place(submitted, "decide", "D1-CTX"), posted(submitted, **ACCEPT), 302
    yield place(submitted, "accept_rest"), {"revision": 1}, 302
    yield place(submitted, "finish_review"), {"revision": 1, "statement": STATEMENT}, 302
