"""After sign-in everybody lands at home: their doors, and what waits behind each."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.services.people import create_admin
from assessments.models import Assessment
from assessments.services.carrying import carry_answers
from assessments.services.submission import submit_assessment
from tests.builders import (
    PASSWORD,
    answer_all,
    make_assessment,
    make_engagement,
    make_member,
    make_organisation,
    make_version,
    tiny_spec,
)
from tests.reviewing import ask

HOME = "/home/"


@pytest.fixture
def submitted(cast):
    row = make_assessment(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()), title="Sent")
    answer_all(row, cast.owner)
    submit_assessment(actor=cast.owner, assessment=row)
    return row


def shown(client):
    reply = client.get(HOME)
    assert reply.status_code == 200
    return reply.content.decode()


def test_signing_in_leads_home(cast):
    client = Client()
    reply = client.post(reverse("account_login"), {"login": cast.owner.email, "password": PASSWORD})
    assert (reply.status_code, reply["Location"]) == (302, HOME)
    assert client.get("/")["Location"] == HOME


def test_each_person_has_their_own_doors(cast, assessment, sign_in):
    doors = {"h-assessments", "h-clients", "h-programme", "h-organisations"}
    expected = {
        "owner": {"h-assessments", "h-organisations"},
        "respondent": {"h-assessments", "h-organisations"},
        "viewer": {"h-assessments", "h-organisations"},
        "stranger": {"h-assessments", "h-organisations"},
        "reviewer": {"h-assessments", "h-clients", "h-organisations"},
        "reader": {"h-assessments", "h-clients", "h-organisations"},
        "unengaged": {"h-assessments", "h-organisations"},
        "unnamed": {"h-assessments", "h-organisations"},
        "ended": {"h-assessments", "h-organisations"},
        "programme_admin": {"h-programme"},
    }
    for name, wanted in expected.items():
        page = shown(sign_in(getattr(cast, name)))
        assert {door for door in doors if f'id="{door}"' in page} == wanted, name


def test_a_draft_that_is_answered_waits_for_who_submits(cast, sign_in):
    row = make_assessment(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()), title="Whole")
    answer_all(row, cast.owner)
    owner, respondent = (shown(sign_in(person)) for person in (cast.owner, cast.respondent))
    assert "1 thing waits for you" in owner
    assert reverse("assessments:submit", args=[row.uuid]) in owner
    assert "Nothing waits for you" in respondent
    submit_assessment(actor=cast.owner, assessment=row)
    assert "Nothing waits for you" in shown(sign_in(cast.owner))


def test_what_was_carried_over_waits_for_who_answers(cast, submitted, sign_in):
    row = make_assessment(site=cast.site, owner=cast.owner, version=submitted.version, title="Next")
    carry_answers(actor=cast.owner, assessment=row, source=submitted, op_id=uuid.uuid4())
    confirming = reverse("assessments:answers", args=[row.uuid]) + "?show=to-confirm"
    for person in (cast.owner, cast.respondent):
        page = shown(sign_in(person))
        assert "1 thing waits for you" in page
        assert "Answers carried over, to confirm." in page
        assert f'href="{confirming}"' in page
        assert "it waits to be submitted" not in page
    for person in (cast.viewer, cast.reader):
        assert "carried over" not in shown(sign_in(person))
    row.answers.filter(question_code="D1-AAA").update(state="unanswered", level=None, carried_from=None)
    of_row = Assessment.objects.of(cast.organisation).filter(pk=row.pk)
    of_row.update(replied=row.asked - 1)
    page, carried = shown(sign_in(cast.respondent)), row.asked - 1
    assert f"Question without a reply. {carried} answers are carried over, to confirm." in page
    row.answers.update(carried_from=None, state="unknown", level=None)
    of_row.update(replied=row.asked)
    assert "it waits to be submitted" in shown(sign_in(cast.owner))


def test_what_waits_is_counted_and_led_to(cast, assessment, submitted, sign_in):
    owner, viewer, reviewer = (shown(sign_in(p)) for p in (cast.owner, cast.viewer, cast.reviewer))
    assert "1 thing waits for you" in owner
    assert "Questions without a reply." in owner
    assert f'href="/assessments/{assessment.uuid}/"' in owner
    assert "Nothing waits for you" in viewer
    assert "Answers to review." in reviewer
    assert f'href="/assessments/{submitted.uuid}/review/"' in reviewer
    assert "Northmere Biologics: Kelderhaven, Sent" in reviewer


def test_a_question_of_the_reviewers_waits_for_the_owner(cast, submitted, sign_in):
    ask(submitted, cast.reviewer, "D1-AAA")
    page = shown(sign_in(cast.owner))
    assert "1 thing waits for you" in page
    assert "Question of the reviewers that waits for your reply." in page
    assert "of the reviewers that wait" not in shown(sign_in(cast.respondent))


def test_who_belongs_nowhere_is_told_what_to_do(db, sign_in):
    nobody = create_admin(email="e@bami.example", editor=False, programme=False)
    assert "You belong to no organisation yet" in shown(sign_in(nobody))


def test_home_takes_the_same_number_of_statements(cast, submitted, sign_in, django_assert_num_queries):
    client = sign_in(cast.reviewer)
    client.get(HOME)
    with django_assert_num_queries(7):
        client.get(HOME)
    for number in range(3):
        firm = make_organisation(f"Client {number}")
        owner = make_member(firm, email=f"owner{number}@client.example")
        make_assessment(organisation=firm, owner=owner, version=make_version(tiny_spec()))
        make_engagement(firm, cast.consultancy, [cast.reviewer])
    Membership.objects.create(organisation=make_organisation("Second"), user=cast.reviewer, role="viewer")
    with django_assert_num_queries(7):
        client.get(HOME)
