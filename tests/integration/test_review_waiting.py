"""What a review leaves waiting for whom, and the mails that tell of it."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail as outbox
from django.urls import reverse

from accounts.models import Engagement
from assessments.emails import COMPOSERS
from assessments.models import Assessment
from assessments.queries import Waiting, waiting_for
from assessments.services.assessments import archive_assessment
from assessments.services.submission import reopen_assessment, submit_assessment
from assessments.tasks import send_mail_task
from records.mail import write_mail
from records.models import Mail
from tests import builders, reviewing
from tests.answering import statements
from tests.reviewing import ASKED, POINTER, REASON, STATEMENT, TEXT, again, place

# --- What waits -----------------------------------------------------------------------------------------


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


# --- Mails ----------------------------------------------------------------------------------------------


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
    archived = builders.make_submitted(site=cast.site, owner=cast.owner, title="Put away")
    archive_assessment(actor=cast.owner, assessment=archived)
    row = write_mail(name="assessments/ready_for_review", recipient=cast.reviewer.email, about=about)
    letter = sent(row)
    assert letter.subject == "Northmere Biologics has 3 assessments ready for review"
    assert letter.body.count("/review/") == 3
    assert "Put away" not in letter.body


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
