"""How reviews end, and what stands for ever: engagements that are over, reopening, revisions, triggers."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement, Membership
from assessments.models import Assessment, Decision, Inquiry, Review, Snapshot, Stance
from assessments.queries import standing_review
from assessments.results import record_for, record_in
from assessments.services.lock import NotUnderReview
from assessments.services.reviews import NotEngaged, ReviewTaken
from assessments.services.submission import reopen_assessment, submit_assessment
from records.models import Event
from tests import builders, reviewing
from tests.reviewing import POINTER, REASON, STATEMENT, again

SET = {"decision": "set", "level": "1", "reason": REASON, "pointer": POINTER}
WHY = "Two answers were mixed up."


@pytest.fixture
def others(cast):
    """A reviewer of another consultancy that the client engages too."""
    consultancy = builders.make_organisation("Second Opinion", kind="consultancy")
    person = builders.make_member(consultancy, email="other@second.example")
    builders.make_engagement(cast.organisation, consultancy, [person])
    return person


def place(assessment, name, *more):
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def posted(assessment, **fields):
    return {"revision": assessment.revision, "base_version": 0, "show": "all", **fields}


def engagement(cast):
    return Engagement.objects.held_by(cast.reviewer).get()


def without_token(reply):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", reply.content)


def reopen(cast, assessment):
    reopen_assessment(actor=cast.owner, assessment=again(assessment, cast.owner), reason=WHY)


def resubmit(cast, assessment):
    submit_assessment(actor=cast.owner, assessment=again(assessment, cast.owner))


# --- The engagement is over with the page still open ------------------------------------------------------


def by_ending(cast):
    Engagement.objects.of(cast.organisation).filter(pk=engagement(cast).pk).update(ended_at=timezone.now())


def by_striking(cast):
    Consultant.objects.of(cast.organisation).filter(user=cast.reviewer).update(struck_at=timezone.now())


def by_leaving(cast):
    Membership.objects.of(cast.consultancy).filter(user=cast.reviewer).delete()


@pytest.mark.parametrize("over", [by_ending, by_striking, by_leaving])
def test_on_the_next_request_nothing_is_found_and_the_words_come_back(cast, submitted, sign_in, over):
    client = sign_in(cast.reviewer)
    assert client.get(place(submitted, "review_question", "D1-CTX")).status_code == 200
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    over(cast)
    asking = {"decision": "ask", "text": "Which <lines> have it?"}
    for address, values, words in (
        (place(submitted, "decide", "D1-CTX"), posted(submitted, **SET), REASON),
        (place(submitted, "decide", "D1-CTX"), posted(submitted, **asking), "Which &lt;lines&gt; have it?"),
        (place(submitted, "finish_review"), {"revision": 1, "statement": STATEMENT}, STATEMENT),
    ):
        reply = client.post(address, values)
        assert reply.status_code == 404
        assert words in reply.content.decode()
        assert cast.organisation.name not in reply.content.decode()
        absent = address.replace(str(submitted.uuid), "00000000-0000-4000-8000-000000000000")
        assert without_token(client.post(absent, values)) == without_token(reply)
    assert client.get(place(submitted, "review")).status_code == 404
    assert not Decision.objects.of(cast.organisation).exclude(question_code="D1-INV").exists()


def test_a_role_that_was_lowered_gives_the_words_back_too(cast, submitted, sign_in):
    Engagement.objects.of(cast.organisation).filter(pk=engagement(cast).pk).update(kind="reader")
    reply = sign_in(cast.reviewer).post(place(submitted, "decide", "D1-CTX"), posted(submitted, **SET))
    assert reply.status_code == 403
    assert REASON in reply.content.decode()


def test_a_deed_that_slipped_through_the_gate_is_refused_by_the_service(cast, submitted):
    found = again(submitted, cast.reviewer)
    by_ending(cast)
    with pytest.raises(NotEngaged):
        reviewing.record_decision(
            actor=cast.reviewer, assessment=found, question_code="D1-CTX",
            ruling=reviewing.Ruling("accepted"), revision=1, base_version=0,
        )  # fmt: skip


# --- It ends unfinished, and another begins ---------------------------------------------------------------


def test_a_last_day_that_passes_ends_the_review_without_any_deed(cast, submitted, others, sign_in):
    last = timezone.localdate() + timedelta(days=2)
    Engagement.objects.of(cast.organisation).filter(consultancy=cast.consultancy).update(until_on=last)
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert again(submitted, cast.owner).state_today == "in_review"
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert again(submitted, cast.owner).state_today == "submitted"
        assert standing_review(again(submitted, cast.owner)) is None
        assert "No review has begun" in sign_in(cast.owner).get(place(submitted, "review")).content.decode()
        reviewing.decide(submitted, others, "D1-CTX")
        ended, running = Review.objects.of(cast.organisation).order_by("pk")
        assert timezone.localdate(ended.ended_at) == last + timedelta(days=1)
        assert (running.consultancy.name, running.ended_at) == ("Second Opinion", None)
        assert again(submitted, cast.owner).state_today == "in_review"
        actions = list(Event.objects.of(cast.organisation).order_by("seq").values_list("action", flat=True))
        assert actions[-3:] == ["review.ended", "review.started", "decision.recorded"]
        reviewing.make_reviewed(submitted, others, {})
        assert record_for(again(submitted, cast.owner)).review.consultancy == "Second Opinion"


def test_one_review_is_made_of_a_revision(cast, submitted, others, sign_in):
    client = sign_in(others)
    assert client.get(place(submitted, "review_question", "D1-CTX")).status_code == 200
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    with pytest.raises(ReviewTaken):
        reviewing.decide(submitted, others, "D1-CTX")
    reply = client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, **SET))
    assert reply.status_code == 409
    assert "began the review on" in reply.content.decode()
    assert REASON in reply.content.decode()
    assert client.post(place(submitted, "accept_rest"), {"revision": 1}).status_code == 409
    shown = client.get(place(submitted, "review")).content.decode()
    assert "In review by Tessaly Advisory" in shown
    assert "Reviewers of another engagement began it" in shown
    assert client.get(place(submitted, "review_question", "D1-CTX"))["Location"] == place(submitted, "review")
    assert Review.objects.of(cast.organisation).count() == 1


def test_who_is_named_in_two_engagements_reviews_by_the_one_that_began(cast, submitted):
    """The later engagement, to which a page would look first, is not the one of the running review."""
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    builders.make_engagement(
        cast.organisation, cast.consultancy, [cast.reviewer],
        until_on=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    assert Review.objects.of(cast.organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_consultancies_beginning_at_once_make_one_review():
    organisation = builders.make_organisation("Northmere Biologics")
    owner = builders.make_member(organisation, email="owner@northmere.example")
    people = []
    for name in ("Tessaly Advisory", "Second Opinion"):
        consultancy = builders.make_organisation(name, kind="consultancy")
        person = builders.make_member(consultancy)
        builders.make_engagement(organisation, consultancy, [person])
        people.append(person)
    assessment = builders.make_submitted(site=builders.make_site(organisation), owner=owner)
    outcomes = at_once([lambda who=who: reviewing.decide(assessment, who, "D1-CTX") for who in people])
    assert sorted(outcomes) == ["ReviewTaken", "done"]
    assert Review.objects.of(organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_finishing_at_once_finish_once():
    organisation = builders.make_organisation("Northmere Biologics")
    owner = builders.make_member(organisation, email="owner@northmere.example")
    _, (anna, ben) = reviewing.make_consultants(organisation, "Anna Brandt", "Ben Okafor")
    assessment = builders.make_submitted(site=builders.make_site(organisation), owner=owner)
    reviewing.accept_all(assessment, anna)
    texts = {anna: "The words of Anna.", ben: "The words of Ben."}
    outcomes = at_once([lambda who=who: reviewing.finish(assessment, who, texts[who]) for who in texts])
    assert sorted(outcomes) == ["NotUnderReview", "done"]
    review = Review.objects.of(organisation).get()
    assert review.statement == texts[review.finished_by]
    assert record_for(again(assessment, owner)).review.statement == review.statement
    assert assessment.snapshots.count() == 2


def at_once(deeds):
    """Do all of these at the same moment; what each came to."""
    together, outcomes = threading.Barrier(len(deeds)), []

    def run(deed):
        together.wait()
        try:
            deed()
            outcomes.append("done")
        except (ReviewTaken, NotUnderReview) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


# --- Reopening --------------------------------------------------------------------------------------------


def test_reopening_ends_an_unfinished_review(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-INV", "Which lines have it?")
    owner, reviewer = sign_in(cast.owner), sign_in(cast.reviewer)
    assert "Its review ends unfinished" in owner.get(place(submitted, "reopen")).content.decode()
    assert owner.post(place(submitted, "reopen"), {"reason": WHY}).status_code == 302
    review = Review.objects.of(cast.organisation).get()
    assert review.ended_at is not None
    draft = again(submitted, cast.owner)
    assert (draft.state, draft.revision, draft.reviewed_at) == ("draft", 2, None)
    for address, values, words in (
        (place(submitted, "decide", "D1-CTX"), posted(submitted, **SET), REASON),
        (place(submitted, "finish_review"), {"revision": 1, "statement": STATEMENT}, STATEMENT),
    ):
        reply = reviewer.post(address, values)
        assert reply.status_code == 409
        assert "was reopened while this page was open" in reply.content.decode()
        assert words in reply.content.decode()
    reply = owner.post(place(submitted, "answer_inquiry", inquiry.uuid), {"text": "Too late for this."})
    assert reply.status_code == 409
    assert "Too late for this." in reply.content.decode()
    kept = place(submitted, "revision", 1, "submitted")
    assert "Which lines have it?" in owner.get(kept).content.decode()
    assert REASON not in owner.get(kept).content.decode()
    assert REASON in reviewer.get(kept).content.decode()
    assert REASON not in sign_in(cast.reader).get(kept).content.decode()
    assert "ended unfinished" in owner.get(place(submitted, "history")).content.decode()


def test_a_page_of_the_revision_before_decides_nothing_in_the_next(cast, submitted, sign_in):
    old = posted(submitted, **SET)
    reopen(cast, submitted)
    resubmit(cast, submitted)
    reply = sign_in(cast.reviewer).post(place(submitted, "decide", "D1-CTX"), old)
    assert reply.status_code == 409
    assert REASON in reply.content.decode()
    assert not Review.objects.of(cast.organisation).exists()


def test_a_finished_review_and_its_revision_stay_readable(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1})
    reviewing.take_stance(submitted, cast.owner, "D1-CTX", False, "The drill was held in December.")
    reopen(cast, submitted)
    builders.answer(again(submitted, cast.owner), cast.owner, "D1-CTX", 5, grade="E3")
    resubmit(cast, submitted)
    reviewing.make_reviewed(again(submitted, cast.owner), cast.reviewer, {})
    assert Review.objects.of(cast.organisation).finished().count() == 2
    kinds = list(submitted.snapshots.order_by("pk").values_list("revision", "kind"))
    assert kinds == [(1, "submitted"), (1, "reviewed"), (2, "submitted"), (2, "reviewed")]
    for person in (cast.owner, cast.viewer, cast.respondent, cast.reader, cast.reviewer):
        shown = sign_in(person).get(place(submitted, "revision", 1, "reviewed")).content.decode()
        assert "Revision 1, reviewed" in shown
        assert "the present one is revision 2" in shown
        for words in (REASON, POINTER, STATEMENT, "The drill was held in December.", "Set to 1 Isolated."):
            assert words in shown
        before = sign_in(person).get(place(submitted, "revision", 1, "submitted")).content.decode()
        assert "Revision 1, submitted" in before
        assert REASON not in before
        assert "Validated" in before  # the column of the ladder, without a level
    client = sign_in(cast.owner)
    history = client.get(place(submitted, "history")).content.decode()
    for revision, kind in kinds:
        assert place(submitted, "revision", revision, kind) in history
    assert "2 revisions submitted" in history
    for missing in ((3, "submitted"), (1, "draft"), (1, "x")):
        assert client.get(place(submitted, "revision", *missing)).status_code == 404
    assert sign_in(cast.stranger).get(place(submitted, "revision", 1, "reviewed")).status_code == 404
    assert client.post(place(submitted, "revision", 1, "reviewed")).status_code == 405


def test_a_reviewed_revision_is_reopened_without_ending_its_review(cast, submitted):
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    reopen(cast, submitted)
    assert Review.objects.of(cast.organisation).get().ended_at is None
    event = Event.objects.of(cast.organisation).latest("seq")
    assert event.before_json == {"state": "reviewed", "revision": 1}


# --- What stands for ever ---------------------------------------------------------------------------------


def refused(deed):
    with pytest.raises(IntegrityError, match=r"stands for ever|protected foreign keys"), transaction.atomic():
        deed()


def test_no_door_changes_what_stands(cast, submitted):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    reviewing.answer(submitted, cast.owner, inquiry)
    rows = {
        model: model.objects.of(cast.organisation) for model in (Review, Decision, Inquiry, Stance, Snapshot)
    }
    refused(lambda: rows[Inquiry].update(reply="Another"))
    refused(rows[Inquiry].delete)
    decision = reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    refused(lambda: rows[Decision].update(level=2))  # without the next version
    refused(rows[Review].delete)
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    reviewing.take_stance(submitted, cast.owner, "D1-CTX", True)
    refused(lambda: rows[Decision].filter(pk=decision.pk).update(level=2, version=2))
    refused(rows[Decision].exclude(pk=decision.pk).delete)
    refused(lambda: rows[Review].update(statement="Another statement"))
    refused(lambda: rows[Stance].update(agrees=False, text="On second thoughts"))
    refused(rows[Stance].delete)
    refused(lambda: rows[Snapshot].update(digest="0" * 64))
    refused(rows[Snapshot].delete)
    review = rows[Review].get()
    refused(
        lambda: Inquiry.objects.create(
            review=review,
            question_code="D1-INV",
            text="Late",
            asked_by=cast.reviewer,
            asked_at=timezone.now(),
        )
    )


def test_the_database_holds_the_rules_of_a_review(cast, submitted):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    review = Review.objects.of(cast.organisation).get()
    values = {
        "review": review, "author": cast.reviewer, "decided_at": timezone.now(), "kind": "set",
        "reason": REASON, "pointer": POINTER,
    }  # fmt: skip
    for wrong in (
        {"question_code": "D1-CTX", "level": 2},
        {"question_code": "D1-INV", "level": 6},
        {"question_code": "D1-INV", "level": None},
        {"question_code": "D1-INV", "level": 2, "reason": ""},
        {"question_code": "D1-INV", "level": 2, "pointer": ""},
        {"question_code": "D1-INV", "level": 2, "kind": "accepted"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**(values | wrong))
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            assessment=submitted, revision=1, engagement=review.engagement, consultancy=review.consultancy,
            started_by=cast.reviewer, started_at=timezone.now(),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.of(cast.organisation).update(state="in_review")


def test_a_reviewed_snapshot_keeps_the_submitted_record_with_the_review(cast, submitted):
    before = record_for(again(submitted, cast.owner))
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-INV", "Which lines?")
    reviewing.answer(submitted, cast.owner, inquiry, "Suites 1 and 2.")
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1})
    record = record_for(again(submitted, cast.owner))
    review = record.review
    assert (review.consultancy, review.reviewers) == ("Tessaly Advisory", (cast.reviewer.shown_name,))
    assert [row.question for row in review.decisions] == [row.question for row in record.answers]
    assert review.validated == {"D1-CTX": 1}
    assert [(row.question, row.text, row.reply) for row in review.inquiries] == [
        ("D1-INV", "Which lines?", "Suites 1 and 2.")
    ]
    assert before.answers == record.answers
    assert record.state == "reviewed"
    assert record_in(submitted.snapshots.get(kind="submitted")) == before


def test_an_engagement_without_an_end_is_no_bar_to_reopening(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    rows = Engagement.objects.of(cast.organisation).filter(kind="reviewer")
    rows.update(until_on=date.max)  # as it could be set once
    assert sign_in(cast.owner).post(place(submitted, "reopen"), {"reason": WHY}).status_code == 302
