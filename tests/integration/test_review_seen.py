"""What is seen of a review, when and by whom: on its page, in lists, in the history."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Inquiry
from assessments.services.review_answers import answer_change, answer_inquiry
from assessments.services.submission import reopen_assessment
from tests import reviewing
from tests.reviewing import ASKED, POINTER, REASON, STATEMENT, TEXT, again, page_of, place

# --- Pages and lists ------------------------------------------------------------------------------------


def test_decisions_are_seen_by_the_reviewers_alone_until_the_end(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    pages = [place(submitted, name) for name in ("review", "results", "overview", "history")]
    pages += [place(submitted, "question", "D1", "D1-CTX"), place(submitted, "revision", 1, "submitted")]
    for person in (cast.owner, cast.respondent, cast.viewer, cast.reader):
        client = sign_in(person)
        for page in pages:
            shown = client.get(page).content.decode()
            assert REASON not in shown
            assert POINTER not in shown
            assert "Set to" not in shown
    assert (
        REASON in sign_in(cast.reviewer).get(place(submitted, "review_question", "D1-CTX")).content.decode()
    )
    reviewing.accept_all(submitted, cast.reviewer)
    reviewing.finish(submitted, cast.reviewer)
    for person in (cast.owner, cast.respondent, cast.viewer, cast.reader, cast.reviewer):
        shown = page_of(sign_in(person), submitted)
        for words in (REASON, POINTER, STATEMENT, "Tessaly Advisory changed 1 of 50 levels"):
            assert words in shown
        assert ("Answer the change of D1-CTX" in shown) is (person == cast.owner)


def test_the_page_says_how_far_the_review_is(cast, assessment, submitted, sign_in):
    owner = sign_in(cast.owner)
    assert "Nothing to review yet" in page_of(owner, assessment)
    assert "Nothing to review yet" in page_of(sign_in(cast.reviewer), assessment)
    assert "No review has begun" in page_of(owner, submitted)
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    for person in (cast.owner, cast.viewer, cast.reader):
        assert "In review by Tessaly Advisory since" in page_of(sign_in(person), submitted)


def test_a_question_is_seen_at_once_by_the_clients_people_and_by_no_other_consultant(
    cast, submitted, sign_in
):
    reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    for person in (cast.owner, cast.respondent, cast.viewer):
        shown = page_of(sign_in(person), submitted)
        assert ASKED in shown
        assert ("Reply about D1-CTX" in shown) is (person == cast.owner)
    assert ASKED not in page_of(sign_in(cast.reader), submitted)


def test_lists_and_pages_show_the_state(cast, submitted, sign_in):
    client = sign_in(cast.owner)
    label = {"submitted": "Submitted", "in_review": "In review", "reviewed": "Reviewed"}
    for step, state in (
        (lambda: None, "submitted"),
        (lambda: reviewing.decide(submitted, cast.reviewer, "D1-CTX"), "in_review"),
        (lambda: reviewing.make_reviewed(submitted, cast.reviewer, {}), "reviewed"),
    ):
        step()
        assert str(again(submitted, cast.owner).state_today.label) == label[state]
        for page in (reverse("assessments:list"), place(submitted, "overview")):
            assert label[state] in client.get(page).content.decode()


def test_the_step_of_an_assessment_in_review_is_its_review(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    page = sign_in(cast.owner).get(place(submitted, "overview")).content.decode()
    assert re.findall(r'aria-current="step"><b>(?:<a[^>]*>)?([^<]+)', page) == ["Reviewed"]


def test_what_reviewer_and_site_say_to_each_other_is_the_last_change(cast, submitted):
    """Lists put it first and show its day; what a reviewer decides stays unseen until the end."""

    def after(deed) -> bool:
        long_ago = timezone.now() - timedelta(days=20)
        Assessment.objects.of(cast.organisation).filter(pk=submitted.pk).update(changed_at=long_ago)
        deed()
        return again(submitted, cast.owner).changed_at > long_ago

    assert not after(lambda: reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1))
    assert after(lambda: reviewing.ask(submitted, cast.reviewer, "D1-INV", ASKED))
    inquiry = Inquiry.objects.of(cast.organisation).get()
    assert after(lambda: answer_inquiry(actor=cast.owner, assessment=submitted, inquiry=inquiry, text=TEXT))
    reviewing.accept_all(submitted, cast.reviewer)
    reviewing.decide(submitted, cast.reviewer, "D1-INV")
    reviewing.finish(submitted, cast.reviewer)
    reviewed = again(submitted, cast.owner)

    def agree() -> None:
        answer_change(actor=cast.owner, assessment=reviewed, question_code="D1-CTX", agrees=True, text="")

    assert after(agree)


# --- History --------------------------------------------------------------------------------------------


def told_in(client, assessment):
    page = client.get(place(assessment, "history"))
    return re.sub(r"\s+", " ", page.content.decode())


def test_the_history_tells_each_what_they_may_see_of_a_review(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    reviewing.answer(submitted, cast.owner, inquiry, TEXT)
    decided, asked = (REASON, "Set 1 Isolated"), (ASKED, TEXT, "Asked the site", "Replied for the site")
    for person, sees_decisions, sees_questions in (
        (cast.owner, False, True), (cast.viewer, False, True), (cast.reviewer, True, True),
        (cast.reader, False, False),
    ):  # fmt: skip
        shown = told_in(sign_in(person), submitted)
        assert all((words in shown) is sees_decisions for words in decided), person
        assert all((words in shown) is sees_questions for words in asked), person
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    reviewing.take_stance(submitted, cast.owner, "D1-INV", False, "The list was replaced in October.")
    for person in (cast.owner, cast.viewer, cast.reviewer, cast.reader):
        shown = told_in(sign_in(person), submitted)
        for words in (
            *decided, *asked, "Accepted 48 answers with the rest", "Accepted as evidenced: <a",
            "Disagreed with the change: <a", "The list was replaced in October.", cast.reviewer.shown_name,
        ):  # fmt: skip
            assert words in shown, (person, words)


def test_a_review_that_ended_unfinished_is_told_to_its_reviewers_alone(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    reopen_assessment(actor=cast.owner, assessment=again(submitted, cast.owner), reason="Once more, please.")
    for person, sees in ((cast.owner, False), (cast.reader, False), (cast.reviewer, True)):
        assert (REASON in told_in(sign_in(person), submitted)) is sees
