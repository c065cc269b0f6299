"""The client's side of a review: what is seen when and by whom, replies, answers to changes, mails."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Engagement
from assessments.emails import COMPOSERS
from assessments.models import Assessment, Decision, Inquiry, Stance
from assessments.queries import Waiting, stances_of, waiting_for
from assessments.services.review_answers import AnsweredAlready, answer_change, answer_inquiry
from assessments.services.submission import reopen_assessment, submit_assessment
from assessments.tasks import send_mail_task
from records.mail import write_mail
from records.models import Event, Mail
from tests import builders, reviewing
from tests.answering import statements
from tests.reviewing import POINTER, REASON, STATEMENT, again

ASKED = "Which lines have it, and since when?"
TEXT = "The drill of the night shift was held in December."


@pytest.fixture
def reviewed(cast, submitted) -> Assessment:
    return reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1, "D4-MES": 4})


def place(assessment, name, *more):
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def page_of(client, assessment):
    return client.get(place(assessment, "review")).content.decode()


# --- What is seen when ------------------------------------------------------------------------------------


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


# --- Replies ----------------------------------------------------------------------------------------------


def test_an_owner_replies_once(cast, submitted, sign_in):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    address = place(submitted, "answer_inquiry", inquiry.uuid)
    for name in ("respondent", "viewer", "reviewer", "reader"):
        assert sign_in(getattr(cast, name)).post(address, {"text": TEXT}).status_code == 403
    for name in ("stranger", "unengaged", "unnamed", "ended"):
        assert sign_in(getattr(cast, name)).post(address, {"text": TEXT}).status_code == 404
    client = sign_in(cast.owner)
    assert client.get(address).status_code == 405
    for text, message in (
        (" ", "Write the reply before sending it."),
        ("x" * 4001, "At most 4,000 characters; this has 4001."),
        ("null \x00 byte", "a null byte"),
    ):
        refused = client.post(address, {"text": text})
        assert refused.status_code == 422
        assert message in refused.content.decode()
        assert f'id="{inquiry.uuid}_text"' in refused.content.decode()
    sent = client.post(address, {"text": TEXT, "replied_by": cast.viewer.pk, "question_code": "D1-INV"})
    assert sent["Location"] == place(submitted, "review") + f"#i-{inquiry.uuid}"
    inquiry.refresh_from_db()
    assert (inquiry.reply, inquiry.replied_by, inquiry.question_code) == (TEXT, cast.owner, "D1-CTX")
    late = client.post(address, {"text": "Another reply"})
    assert late.status_code == 409
    assert "Another reply" in late.content.decode()
    assert TEXT in page_of(client, submitted)
    event = Event.objects.of(cast.organisation).filter(action="inquiry.replied").get()
    assert (event.actor, event.after_json) == (cast.owner, {"question": "D1-CTX", "reply": TEXT})


def test_a_question_of_another_assessment_is_not_found(cast, submitted, sign_in):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    other = builders.make_assessment(site=cast.site, owner=cast.owner)
    reply = sign_in(cast.owner).post(place(other, "answer_inquiry", inquiry.uuid), {"text": TEXT})
    assert reply.status_code == 404
    assert TEXT in reply.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.replied_at is None


def test_a_question_left_open_is_closed_with_the_review(cast, submitted, sign_in):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    shown = sign_in(cast.reviewer).get(place(submitted, "finish_review")).content.decode()
    reviewing.accept_all(submitted, cast.reviewer)
    shown = sign_in(cast.reviewer).get(place(submitted, "finish_review")).content.decode()
    assert "has no reply; finishing closes it" in shown
    reviewing.finish(submitted, cast.reviewer)
    late = sign_in(cast.owner).post(place(submitted, "answer_inquiry", inquiry.uuid), {"text": TEXT})
    assert late.status_code == 409
    assert TEXT in late.content.decode()
    assert "No reply was given before the review ended." in page_of(sign_in(cast.owner), submitted)


# --- Answers to changes -------------------------------------------------------------------------------------


def test_an_owner_answers_each_change_once(cast, reviewed, sign_in):
    address = place(reviewed, "answer_change", "D1-CTX")
    stance = {"stance": "disagree", "text": TEXT}
    for name in ("respondent", "viewer", "reviewer", "reader"):
        assert sign_in(getattr(cast, name)).post(address, stance).status_code == 403
    assert sign_in(cast.stranger).post(address, stance).status_code == 404
    client = sign_in(cast.owner)
    for posted, message in (
        ({}, "Choose whether you agree."),
        ({"stance": "maybe", "text": TEXT}, "Choose whether you agree."),
        ({"stance": "disagree", "text": "no"}, "Say why you disagree in at least ten characters."),
        ({"stance": "agree", "text": "x" * 4001}, "At most 4,000 characters; this has 4001."),
    ):
        refused = client.post(address, posted)
        assert refused.status_code == 422
        assert message in refused.content.decode()
        assert posted.get("text", "") in refused.content.decode()
    digest = again(reviewed, cast.owner).snapshots.get(kind="reviewed").digest
    sent = client.post(address, {**stance, "level": "5", "decision": "accepted"})
    assert sent["Location"] == place(reviewed, "review") + "#c-D1-CTX"
    (said,) = stances_of(reviewed, 1)
    assert (said.question, said.agrees, said.text, said.by) == (
        "D1-CTX",
        False,
        TEXT,
        cast.owner.shown_name,
    )
    late = client.post(address, {"stance": "agree", "text": "On second thoughts"})
    assert late.status_code == 409
    assert "On second thoughts" in late.content.decode()
    assert client.post(place(reviewed, "answer_change", "D4-MES"), {"stance": "agree"}).status_code == 302
    for person in (cast.owner, cast.viewer, cast.reviewer, cast.reader):
        shown = page_of(sign_in(person), reviewed)
        assert "The site disagrees" in shown
        assert TEXT in shown
        assert "The site agrees" in shown
    row = Decision.objects.of(cast.organisation).get(question_code="D1-CTX")
    assert (row.level, row.version) == (1, 1)
    assert again(reviewed, cast.owner).snapshots.get(kind="reviewed").digest == digest


def test_only_a_change_can_be_answered(cast, reviewed, submitted, sign_in):
    client = sign_in(cast.owner)
    for code in ("D1-INV", "D9-NIL"):
        reply = client.post(place(reviewed, "answer_change", code), {"stance": "disagree", "text": TEXT})
        assert reply.status_code == 404
        assert TEXT in reply.content.decode()
    draft = builders.make_assessment(site=cast.site, owner=cast.owner)
    late = client.post(place(draft, "answer_change", "D1-CTX"), {"stance": "disagree", "text": TEXT})
    assert late.status_code == 409
    assert TEXT in late.content.decode()
    assert not Stance.objects.of(cast.organisation).exists()


@pytest.mark.django_db(transaction=True)
def test_two_owners_answering_at_once_give_one_answer():
    organisation = builders.make_organisation("Northmere Biologics")
    first = builders.make_member(organisation, email="first@northmere.example")
    second = builders.make_member(organisation, email="second@northmere.example")
    _, (anna,) = reviewing.make_consultants(organisation, "Anna Brandt")
    assessment = builders.make_submitted(site=builders.make_site(organisation), owner=first)
    reviewing.make_reviewed(assessment, anna, {"D1-CTX": 1})
    together, outcomes = threading.Barrier(2), []

    def answer(owner, text):
        together.wait()
        try:
            reviewing.take_stance(assessment, owner, "D1-CTX", False, text)
            outcomes.append(text)
        except AnsweredAlready:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=(owner, f"The words of {owner.email}"))
        for owner in (first, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (said,) = stances_of(assessment, 1)
    assert sorted(outcomes) == sorted(["late", said.text])


# --- What waits ---------------------------------------------------------------------------------------------


def waits(person, *rows):
    found = list(Assessment.objects.visible_to(person).for_page().filter(pk__in=[row.pk for row in rows]))
    return {row.pk: waiting_for(found).get(row.pk) for row in found}


def test_what_waits_for_whom(cast, submitted, sign_in):
    nothing = Waiting()
    draft = builders.make_assessment(site=cast.site, owner=cast.owner)
    assert waits(cast.owner, draft, submitted) == {draft.pk: None, submitted.pk: nothing}
    assert waits(cast.reviewer, draft, submitted) == {draft.pk: None, submitted.pk: Waiting(decisions=50)}
    for other in (cast.reader, cast.viewer, cast.respondent):
        assert waits(other, submitted) == {submitted.pk: None}
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-INV")
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting(decisions=48)}
    assert waits(cast.owner, submitted) == {submitted.pk: Waiting(inquiries=1)}
    assert "waiting for you:" in sign_in(cast.owner).get(place(submitted, "results")).content.decode()
    reviewing.answer(submitted, cast.owner, inquiry)
    assert waits(cast.owner, submitted) == {submitted.pk: nothing}
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting(decisions=49, replies=1)}
    reviewing.decide(submitted, cast.reviewer, "D4-MES", 3)
    reviewing.accept_all(submitted, cast.reviewer)
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting(decisions=1, replies=1)}
    reviewing.accept_asked(submitted, cast.reviewer)
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting(finish=1)}
    assert "To finish" in sign_in(cast.reviewer).get(place(submitted, "overview")).content.decode()
    reviewing.finish(submitted, cast.reviewer)
    assert waits(cast.reviewer, submitted) == {submitted.pk: nothing}
    assert waits(cast.owner, submitted) == {submitted.pk: Waiting(changes=2)}
    reviewing.take_stance(submitted, cast.owner, "D1-CTX", True)
    assert waits(cast.owner, submitted)[submitted.pk].total == 1
    assert "waiting for you:" not in sign_in(cast.viewer).get(place(submitted, "results")).content.decode()


def test_what_waits_for_the_site_does_not_wait_for_the_reviewer(cast, submitted, sign_in):
    """Asked twice about one answer, once about another, and about one that is decided all the same."""
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    reviewing.accept_all(submitted, cast.reviewer)
    for code, base in (("D1-CTX", 1), ("D1-INV", 1), ("D4-MES", 1)):
        first = reviewing.ask(submitted, cast.reviewer, code, base=base)
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting()}
    client = sign_in(cast.reviewer)
    assert "No client waits for you" in client.get("/clients/").content.decode()
    assert "Nothing waits for you" in client.get("/home/").content.decode()
    second = reviewing.ask(submitted, cast.reviewer, "D4-MES", "And which suites?")
    reviewing.answer(submitted, cast.owner, first)
    reviewing.decide(submitted, cast.reviewer, "D1-INV", base=2)
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting()}
    reviewing.answer(submitted, cast.owner, second)
    assert waits(cast.reviewer, submitted) == {submitted.pk: Waiting(decisions=1, replies=1)}
    for address in ("/clients/", "/home/"):
        page = client.get(address).content.decode()
        assert "1 reply to read" in page
        assert "1 client waits for you" in page or "1 thing waits for you" in page
    assert "the site replied to what was asked" in client.get(place(submitted, "overview")).content.decode()


def test_what_waits_takes_two_statements_for_one_assessment_and_for_three(cast, submitted):
    def ask(person):
        rows = list(Assessment.objects.visible_to(person).for_page())
        return statements(lambda: waiting_for(rows))

    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    assert (ask(cast.reviewer), ask(cast.owner), ask(cast.viewer)) == (2, 1, 0)
    for number in range(2):
        more = builders.make_submitted(site=cast.site, owner=cast.owner, title=f"More {number}")
        reviewing.ask(more, cast.reviewer, "D1-CTX")
    assert (ask(cast.reviewer), ask(cast.owner), ask(cast.viewer)) == (2, 1, 0)


def test_a_draft_costs_no_statement_for_its_review(cast, assessment, sign_in):
    row = again(assessment, cast.owner)
    assert statements(lambda: waiting_for([row])) == 0
    assert statements(lambda: row.state_today) == 0


# --- Mails --------------------------------------------------------------------------------------------------


def mails(name):
    return Mail.objects.filter(name=f"assessments/{name}").order_by("pk")


def sent(row):
    outbox.outbox.clear()
    send_mail_task(row.pk)
    row.refresh_from_db()
    return outbox.outbox[0] if outbox.outbox else None


def test_reviewers_are_told_of_what_is_submitted(cast, assessment):
    builders.answer_all(assessment, cast.owner)
    submit_assessment(actor=cast.owner, assessment=assessment)
    (row,) = mails("ready_for_review")
    assert row.recipient == cast.reviewer.email
    letter = sent(row)
    assert letter.subject == "Northmere Biologics has an assessment ready for review"
    assert place(assessment, "review") in letter.body
    assert "Baseline, Kelderhaven" in letter.body


def test_a_consultant_engaged_later_is_told_of_all_that_waits(cast, submitted):
    for number in range(2):
        builders.make_submitted(site=cast.site, owner=cast.owner, title=f"More {number}")
    about = {"user": str(cast.reviewer.uuid), "organisation": str(cast.organisation.uuid)}
    row = write_mail(name="assessments/ready_for_review", recipient=cast.reviewer.email, about=about)
    letter = sent(row)
    assert letter.subject == "Northmere Biologics has 3 assessments ready for review"
    assert letter.body.count("/review/") == 3


def test_owners_are_told_of_questions_and_of_the_end_and_the_asker_of_replies(cast, submitted):
    colleague = builders.make_member(cast.organisation, email="colleague@northmere.example")
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    assert [row.recipient for row in mails("site_asked")] == [cast.owner.email, colleague.email]
    letter = sent(mails("site_asked")[0])
    assert letter.subject == "A reviewer asks about Baseline, Kelderhaven"
    reviewing.answer(submitted, cast.owner, inquiry, TEXT)
    (row,) = mails("site_replied")
    assert row.recipient == cast.reviewer.email
    reply = sent(row)
    assert place(submitted, "review_question", "D1-CTX") in reply.body
    assert sent(mails("site_asked")[1]) is None  # it has a reply by now
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 5})
    assert [row.recipient for row in mails("reviewed")] == [cast.owner.email, colleague.email]
    end = sent(mails("reviewed")[0])
    assert end.subject == "The review of Baseline, Kelderhaven, is finished"
    for mail in (letter, reply, end):
        said = mail.body + mail.alternatives[0][0]
        for secret in (ASKED, TEXT, REASON, POINTER, STATEMENT, "level"):
            assert secret not in said.lower() if secret == "level" else secret not in said


def test_a_disagreement_is_told_to_the_reviewers_and_waits_for_them(cast, reviewed, sign_in):
    reviewing.take_stance(reviewed, cast.owner, "D4-MES", True)
    assert not mails("site_disagrees").exists()
    reviewing.take_stance(reviewed, cast.owner, "D1-CTX", False, TEXT)
    (row,) = mails("site_disagrees")
    assert row.recipient == cast.reviewer.email
    letter = sent(row)
    assert letter.subject == "Northmere Biologics disagrees with a change of your review of Baseline"
    assert place(reviewed, "review") + "#c-D1-CTX" in letter.body
    assert TEXT not in letter.body + letter.alternatives[0][0]
    assert waits(cast.reviewer, reviewed) == {reviewed.pk: Waiting(disputed=1)}
    for other in (cast.reader, cast.owner, cast.viewer):
        assert waits(other, reviewed) in ({reviewed.pk: None}, {reviewed.pk: Waiting()})
    client = sign_in(cast.reviewer)
    assert "Change of your review that the site disagreed with" in client.get("/home/").content.decode()
    assert "The site disagrees with <b>1</b> change" in client.get(reverse("clients")).content.decode()
    assert "The site disagrees" in client.get(place(reviewed, "overview")).content.decode()


def test_a_disagreement_waits_for_thirty_days(cast, reviewed, monkeypatch):
    reviewing.take_stance(reviewed, cast.owner, "D1-CTX", False, TEXT)
    monkeypatch.setattr("assessments.models.review.NEWS", timedelta(0))
    assert waits(cast.reviewer, reviewed) == {reviewed.pk: Waiting()}


# --- History ------------------------------------------------------------------------------------------------


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


def test_mails_whose_cause_is_gone_are_dropped(cast, submitted):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    reviewing.answer(submitted, cast.owner, inquiry)
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 1})
    reviewing.take_stance(submitted, cast.owner, "D1-INV", False, TEXT)
    reopen_assessment(actor=cast.owner, assessment=again(submitted, cast.owner), reason="Once more, please.")
    Engagement.objects.of(cast.organisation).update(ended_at="2026-01-01T00:00:00Z")
    names = {row.name for row in Mail.objects.filter(name__startswith="assessments/")}
    assert names == set(COMPOSERS)
    for row in Mail.objects.filter(name__startswith="assessments/"):
        assert sent(row) is None
        assert row.state == "dropped"


def test_the_words_of_who_is_signed_out_come_back(cast, submitted):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    reply = Client().post(place(submitted, "answer_inquiry", inquiry.uuid), {"text": TEXT})
    assert reply.status_code == 401
    assert TEXT in reply.content.decode()
    assert not Inquiry.objects.of(cast.organisation).exclude(reply="").exists()
