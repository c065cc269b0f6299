"""Everybody keeps their own name and function, and nobody else's."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from assessments.services.submission import submit_assessment
from records.models import Event
from tests.builders import (
    answer_all,
    make_assessment,
    make_member,
    make_organisation,
    make_version,
    tiny_spec,
)

PROFILE = "/profile/"
NAMED = {"name": "Ada Byron", "job_title": "Head of quality"}


def named(person):
    person.refresh_from_db()
    return (person.name, person.job_title)


def test_a_name_and_a_function_are_shown_from_the_next_page_on(cast, sign_in):
    others = {person.pk: named(person) for person in cast.everybody().values() if person != cast.viewer}
    client = sign_in(cast.viewer)
    assert 'href="/profile/"' in client.get("/home/").content.decode()
    assert "autocomplete" in client.get(PROFILE).content.decode()
    done = client.post(PROFILE, {"name": " Ada Byron ", "job_title": "Head of quality"}, follow=True)
    assert done.redirect_chain == [(PROFILE, 302)]
    page = done.content.decode()
    assert "Your name and function are saved." in page
    assert 'value="Ada Byron"' in page
    assert 'value="Head of quality"' in page
    assert named(cast.viewer) == ("Ada Byron", "Head of quality")
    members = sign_in(cast.owner).get(f"/organisations/{cast.organisation.uuid}/members/").content.decode()
    assert "Ada Byron" in members
    assert "Head of quality" in members
    assert {pk: named(User.objects.get(pk=pk)) for pk in others} == others


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "   "}, "This field is required"),
        ({"name": "two\nlines"}, "A name is one line without control characters"),
        ({"job_title": "left\u202eright"}, "A name is one line without control characters"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"job_title": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_is_no_name_is_refused(cast, sign_in, changes, message):
    before = named(cast.viewer)
    reply = sign_in(cast.viewer).post(PROFILE, {**NAMED, **changes})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert named(cast.viewer) == before
    assert not Event.objects.of(cast.organisation).filter(action="member.renamed").exists()


def test_each_organisation_keeps_the_change_on_its_trail_once(cast, sign_in):
    second = make_organisation("Second")
    person = make_member(second, email="both@second.example", name="Ada", job_title="Chemist")
    second.memberships.model.objects.create(organisation=cast.organisation, user=person, role="viewer")
    client = sign_in(person)
    for _ in range(2):
        client.post(PROFILE, NAMED)
    for organisation in (second, cast.organisation):
        (event,) = Event.objects.of(organisation).filter(action="member.renamed")
        assert (event.actor, event.object_type, event.object_id) == (person, "user", str(person.uuid))
        assert event.before_json == {"name": "Ada", "job_title": "Chemist"}
        assert event.after_json == NAMED


def test_what_was_submitted_keeps_the_name_of_then(cast, sign_in):
    version = make_version(tiny_spec())
    row = make_assessment(site=cast.site, owner=cast.owner, version=version)
    client = sign_in(cast.owner)
    client.post(PROFILE, NAMED)
    answer_all(row, cast.owner)
    submit_assessment(actor=cast.owner, assessment=row)
    kept = row.snapshots.get()
    client.post(PROFILE, {**NAMED, "name": "Augusta King"})
    row.refresh_from_db()
    again = row.snapshots.get()
    assert (again.record, again.digest) == (kept.record, kept.digest)
    assert "Ada Byron" in again.record
    assert "Augusta King" not in again.record


EMAIL = "/accounts/email/"


def deeds_of_address(client):
    return re.findall(r'name="action_(\w+)"', client.get(EMAIL).content.decode())


def test_the_page_of_addresses_offers_what_can_be_done(cast, sign_in):
    client = sign_in(cast.viewer)
    assert deeds_of_address(client) == ["add"]
    second = EmailAddress.objects.create(user=cast.viewer, email="second@northmere.example", verified=True)
    assert deeds_of_address(client) == ["primary", "remove", "add"]
    EmailAddress.objects.filter(pk=second.pk).update(verified=False)
    assert "send" in deeds_of_address(client)
    second.delete()
    assert deeds_of_address(client) == ["add"]


@pytest.mark.parametrize("email", ["a" * 250 + "@example.org", "a@ex℀mple.org"])
def test_an_address_that_cannot_be_kept_is_not_added(cast, sign_in, email):
    reply = sign_in(cast.viewer).post(EMAIL, {"email": email, "action_add": ""})
    assert reply.context["form"].errors
    assert EmailAddress.objects.filter(user=cast.viewer).count() == 1
