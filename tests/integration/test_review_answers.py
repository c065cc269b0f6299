"""The client's side of a review: replies to questions, answers to changes, each given once."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from assessments.models import Decision, Inquiry, Stance
from assessments.queries import stances_of
from assessments.results import record_for
from assessments.services.answers import record_answer
from assessments.services.review_answers import AnsweredAlready
from assessments.services.submission import submit_assessment
from records.models import Event
from reports.exports.answers import answers as answers_sheet
from tests import builders, reviewing
from tests.reviewing import ASKED, TEXT, again, page_of, place

# --- Replies --------------------------------------------------------------------------------------------


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


def test_the_words_of_who_is_signed_out_come_back(cast, submitted):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX", ASKED)
    reply = Client().post(place(submitted, "answer_inquiry", inquiry.uuid), {"text": TEXT})
    assert reply.status_code == 401
    assert TEXT in reply.content.decode()
    assert not Inquiry.objects.of(cast.organisation).exclude(reply="").exists()


# --- Answers to changes ---------------------------------------------------------------------------------


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


def test_the_results_say_how_many_changes_the_site_disputes(cast, reviewed, sign_in):
    client = sign_in(cast.viewer)
    pages = (place(reviewed, "results"), place(reviewed, "revision", 1, "reviewed"))
    for page in pages:
        assert "It decided on 50 answers." in client.get(page).content.decode()
    reviewing.take_stance(reviewed, cast.owner, "D1-CTX", False, TEXT)
    for page in pages:
        shown = client.get(page).content.decode()
        assert "It decided on 50 answers; the site disagrees with 1 change." in shown


def test_what_is_accepted_of_an_answer_without_a_level_is_said_as_such(cast, sign_in):
    draft = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(draft, cast.owner)
    reply = {"state": "not_applicable", "level": None, "reason": "Nothing is scaled at this site."}
    record_answer(
        actor=cast.owner, assessment=draft, question_code="D3-SCL", changes={"reply": reply}, base_version=1,
        op_id=uuid.uuid4(),
    )  # fmt: skip
    builders.answer(draft, cast.owner, "D5-INC", None)
    submit_assessment(actor=cast.owner, assessment=draft)
    submitted = again(draft, cast.owner)
    reviewer = sign_in(cast.reviewer)
    assert "Accept the reason" in reviewer.get(place(submitted, "review_question", "D3-SCL")).content.decode()
    asked = reviewer.get(place(submitted, "review_question", "D5-INC")).content.decode()
    assert "Leave as don’t know" in asked
    reviewing.decide(submitted, cast.reviewer, "D5-INC")
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    client = sign_in(cast.owner)
    shown = client.get(place(submitted, "review")).content.decode()
    assert "50 answers accepted</h2>" in shown
    assert "49 of them were accepted in one step." in shown
    for code, words in (
        ("D3-SCL", "reason accepted, with the rest"),
        ("D5-INC", "left as don’t know"),
        ("D1-CTX", "with the rest"),
    ):
        assert f'{code}</span> <span class="muted">{words}</span>' in shown
    kept = client.get(place(submitted, "revision", 1, "reviewed")).content.decode()
    assert kept.count("Reason accepted, with the rest.") == kept.count("Left as don’t know.") == 1
    for code, words in (
        ("D3-SCL", "The reviewer accepted the reason, with the rest<"),
        ("D5-INC", "The reviewer left it as don’t know<"),
    ):
        page = client.get(place(submitted, "question", code[:2], code)).content.decode()
        assert words in page
    record = record_for(again(submitted, cast.owner))
    sheet = answers_sheet(builders.bami_spec(), record, ())
    place_of = [str(head) for head in sheet.heads].index("Review")
    said = {row[0]: row[place_of] for row in sheet.rows if row[0] in ("D1-CTX", "D3-SCL", "D5-INC")}
    assert said == {
        "D1-CTX": "Accepted as evidenced, with the rest",
        "D3-SCL": "Reason accepted, with the rest",
        "D5-INC": "Left as don’t know",
    }
