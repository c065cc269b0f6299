"""A client engages consultants by address, each accepts by mail (S-08), and it can end at once."""

from __future__ import annotations

import re
from copy import copy
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement, Membership, Organisation, User
from accounts.services.members import remove_member
from assessments.tasks import send_mail_task as send_review_mail_task
from records.models import Event, Mail
from records.models.mail import MailState
from tests.builders import (
    PASSWORD,
    make_engagement,
    make_member,
    make_submitted,
    make_version,
    tiny_spec,
)
from tests.engaging import ACCEPT, CLIENTS, asked, held_by, links_sent, place, soon

# --- From the request to the client's pages -----------------------------------------------------------


def test_an_owner_engages_and_a_consultant_accepts_and_reads(cast, assessment, sign_in):
    owner, person = sign_in(cast.owner), sign_in(cast.unengaged)
    posted = {
        "emails": f"{cast.unengaged.email}\nnobody@unknown.example",
        "kind": "reader",
        "until_on": soon().isoformat(),
    }
    assert owner.post(place("engage", cast.organisation), posted).status_code == 302
    shown = owner.get(place("engagements", cast.organisation)).content.decode()
    assert shown.count("Asked; the link is valid until") == 2
    assert person.get(f"/assessments/{assessment.uuid}/").status_code == 404
    second, first = links_sent()  # by address
    assert first != second
    page = person.get(first, follow=True)
    assert page.redirect_chain == [(ACCEPT, 302)]
    assert "You accept as a member of Unasked Advisory." in page.content.decode()
    assert first.split("/")[2] not in page.content.decode()
    taken = person.post(ACCEPT, follow=True)
    assert taken.redirect_chain == [(CLIENTS, 302)]
    assert "Northmere Biologics" in taken.content.decode()
    inside = person.get(f"/assessments/{assessment.uuid}/").content.decode()
    assert "You read for them until" in inside
    shown = owner.get(place("engagements", cast.organisation)).content.decode()
    assert "Unasked Advisory" in shown
    assert "Accepted on" in shown
    begun = Mail.objects.filter(name="accounts/engagement_begun").values_list("recipient", flat=True)
    assert list(begun) == [cast.owner.email]
    actions = Event.objects.of(cast.organisation).order_by("seq").values_list("action", "actor__email")
    assert list(actions)[-2:] == [
        ("engagement.begun", cast.owner.email),
        ("engagement.accepted", cast.unengaged.email),
    ]


def test_what_was_submitted_before_is_told_to_who_may_review_it(cast, sign_in):
    submitted = make_submitted(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()))
    asked(cast)
    person = sign_in(cast.unengaged)
    person.get(links_sent()[0])
    person.post(ACCEPT)
    told = Mail.objects.get(name="assessments/ready_for_review", recipient=cast.unengaged.email)
    send_review_mail_task(told.pk)
    assert f"/assessments/{submitted.uuid}/review/" in str(outbox.outbox[-1].body)


def test_who_may_sign_in_no_more_is_told_nothing_of_a_client(cast, sign_in):
    make_submitted(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()))
    asked(cast)
    person = sign_in(cast.unengaged)
    person.get(links_sent()[0])
    person.post(ACCEPT)
    told = Mail.objects.get(name="assessments/ready_for_review", recipient=cast.unengaged.email)
    User.objects.filter(pk=cast.unengaged.pk).update(is_active=False)
    sent = len(outbox.outbox)
    send_review_mail_task(told.pk)
    told.refresh_from_db()
    assert (len(outbox.outbox), told.state) == (sent, MailState.DROPPED)


def test_known_and_unknown_addresses_are_answered_alike(cast, sign_in):
    owner = sign_in(cast.owner)
    pages = []
    for email in (cast.unengaged.email, "nobody@unknown.example"):
        posted = {"emails": email, "kind": "reader", "until_on": soon().isoformat()}
        reply = owner.post(place("engage", cast.organisation), posted, follow=True)
        words = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", reply.content.decode())
        words = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words)
        pages.append((reply.redirect_chain, words.replace(email, "ADDRESS")))
        assert Mail.objects.count() == 1
        Mail.objects.all().delete()
        Consultant.objects.of(cast.organisation).filter(email=email).update(struck_at=timezone.now())
        Engagement.objects.of(cast.organisation).filter(consultants__email=email).update(until_on=soon(-1))
    first, second = pages
    # The second page lists the first engagement as over, which the first does not.
    assert first[0] == second[0]
    assert first[1].split('id="over"')[0] == second[1].split('id="over"')[0]


def test_the_first_to_accept_settles_the_consultancy_and_others_of_it_may_follow(cast, sign_in):
    engagement = asked(cast, cast.unnamed.email, cast.unengaged.email)
    links = dict(zip(sorted([cast.unnamed.email, cast.unengaged.email]), links_sent(), strict=True))
    first = sign_in(cast.unnamed)
    first.get(links[cast.unnamed.email])
    assert first.post(ACCEPT).status_code == 302
    engagement.refresh_from_db()
    assert engagement.consultancy == cast.consultancy
    other = sign_in(cast.unengaged)
    other.get(links[cast.unengaged.email])
    assert other.post(ACCEPT).status_code == 422
    assert "Only a member of a consultancy can accept" in other.get(ACCEPT).content.decode()
    assert held_by(cast.unengaged) == []


def test_who_belongs_to_two_consultancies_chooses(cast, sign_in):
    Membership.objects.create(organisation=cast.consultancy, user=cast.unengaged, role="viewer")
    engagement = asked(cast)
    person = sign_in(cast.unengaged)
    person.get(links_sent()[0])
    assert "As a member of" in person.get(ACCEPT).content.decode()
    assert person.post(ACCEPT, {"consultancy": "nonsense"}).status_code == 422
    assert person.post(ACCEPT, {"consultancy": str(cast.consultancy.uuid)}).status_code == 302
    engagement.refresh_from_db()
    assert engagement.consultancy == cast.consultancy


@pytest.mark.parametrize("kind", ["manufacturer", "own client"])
def test_only_a_member_of_a_consultancy_accepts_and_nobody_for_their_own(cast, sign_in, kind):
    person = cast.stranger
    if kind == "own client":
        person = cast.reviewer
        Membership.objects.create(organisation=cast.organisation, user=person, role="viewer")
    asked(cast, person.email)
    client = sign_in(person)
    client.get(links_sent()[0])
    assert client.post(ACCEPT).status_code == 422
    assert Consultant.objects.of(cast.organisation).filter(email=person.email, accepted_at=None).exists()


def test_who_is_not_signed_in_signs_in_first(cast):
    asked(cast)
    visitor = Client()
    visitor.get(links_sent()[0])
    page = visitor.get(ACCEPT).content.decode()
    assert f"Sign in as {cast.unengaged.email}" in page
    assert visitor.post(ACCEPT).status_code == 200
    login = {"login": cast.unengaged.email, "password": PASSWORD, "next": ACCEPT}
    visitor.post(reverse("account_login"), login)
    assert visitor.post(ACCEPT).status_code == 302
    assert held_by(cast.unengaged) == [("Northmere Biologics", "reviewer")]


# --- Ending, changing, striking -------------------------------------------------------------------------


def test_an_end_holds_from_the_next_request_on(cast, assessment, sign_in):
    person = sign_in(cast.reviewer)
    address = f"/assessments/{assessment.uuid}/results/"
    assert person.get(address).status_code == 200
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    owner = sign_in(cast.owner)
    assert "Tessaly Advisory" in owner.get(place("engagement_end", cast.organisation, row)).content.decode()
    owner.post(place("engagement_end", cast.organisation, row))
    assert person.get(address).status_code == 404
    assert "Northmere Biologics" not in person.get(CLIENTS).content.decode().split('id="over"')[0]
    told = Mail.objects.filter(name="accounts/engagement_ended").values_list("recipient", flat=True)
    assert list(told) == [cast.reviewer.email]
    again = owner.post(place("engagement_end", cast.organisation, row), follow=True)
    assert "This engagement has ended meanwhile" in again.content.decode()
    shown = owner.get(place("engagements", cast.organisation)).content.decode()
    assert "by owner@northmere.example" in shown


def test_an_owner_sees_who_had_access_and_when(cast, sign_in):
    """Running: who is named, and who was struck off. Over: whoever had accepted, from day to day."""
    day = timezone.localtime().replace(hour=12)
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    every = Consultant.objects.of(cast.organisation)
    shown = "{0:%-d %B %Y}".format
    early, late = (day - timedelta(days=number) for number in (40, 10))
    User.objects.filter(pk=cast.unnamed.pk).update(name="Uma Unnamed")
    for person, values in (
        (cast.unnamed, {"user": cast.unnamed, "accepted_at": early, "struck_at": late}),
        (cast.unengaged, {"struck_at": late}),  # never accepted
    ):
        every.create(engagement=row, email=person.email, expires_at=day, **values)
    client = sign_in(cast.owner)
    address = place("engagements", cast.organisation)
    page = client.get(address).content.decode().split('id="over"')[0]
    assert f"Accepted on {shown(early)}, removed on {shown(late)}" in page
    assert "Uma Unnamed" in page
    assert cast.unengaged.email not in page
    assert page.count(">Remove<") == 2  # the two who are named
    client.post(place("engagement_end", cast.organisation, row))
    over = client.get(address).content.decode().split('id="over"')[1]
    assert f"{cast.unnamed.email}; from {shown(early)} to {shown(late)}" in over
    assert f"{cast.reviewer.email}; from {shown(day)} to {shown(day)}" in over
    assert cast.unengaged.email not in over
    Engagement.objects.of(cast.organisation).filter(kind="reader").update(until_on=soon(-1))
    over = client.get(address).content.decode().split('id="over"')[1]
    assert f"{cast.reader.email}; from {shown(day)} to {shown(day - timedelta(days=1))}" in over


def test_the_last_day_is_the_last(cast, assessment, sign_in):
    person = sign_in(cast.reviewer)
    rows = Engagement.objects.of(cast.organisation).filter(kind="reviewer", ended_at=None)
    for day, status in ((0, 200), (-1, 404)):
        rows.update(until_on=soon(day))
        assert person.get(f"/assessments/{assessment.uuid}/").status_code == status


def test_who_leaves_the_consultancy_sees_no_client(cast, assessment, sign_in):
    person = sign_in(cast.reviewer)
    boss = make_member(cast.consultancy, email="boss@tessaly.example")
    membership = Membership.objects.of(cast.consultancy).get(user=cast.reviewer)
    remove_member(actor=boss, membership=membership)
    assert person.get(f"/assessments/{assessment.uuid}/").status_code == 404


def test_a_change_and_a_strike_hold_from_the_next_request_on(cast, assessment, sign_in):
    owner, person = sign_in(cast.owner), sign_in(cast.reviewer)
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    changed = {"kind": "reader", "until_on": soon(60).isoformat()}
    assert owner.post(place("engagement_change", cast.organisation, row), changed).status_code == 302
    assert "You read for them" in person.get(f"/assessments/{assessment.uuid}/").content.decode()
    seat = Consultant.objects.of(cast.organisation).get(engagement=row)
    owner.post(place("consultant_strike", cast.organisation, row, seat))
    assert person.get(f"/assessments/{assessment.uuid}/").status_code == 404
    told = owner.post(place("consultant_strike", cast.organisation, row, seat), follow=True)
    assert "This place was taken away before." in told.content.decode()


def test_who_is_a_member_sees_as_a_member_and_reviewing_counts_above_reading(cast, assessment):
    make_engagement(cast.organisation, cast.consultancy, [cast.reader], kind="reviewer", until_on=soon(5))
    rows = type(assessment).objects
    found = rows.visible_to(cast.reader).get(pk=assessment.pk)
    assert (found.role, found.engaged_until) == ("reviewer", soon(5))
    Membership.objects.create(organisation=cast.organisation, user=cast.reader, role="viewer")
    assert rows.visible_to(cast.reader).get(pk=assessment.pk).role == "viewer"
    assert rows.visible_to(cast.reader).count() == 1


def test_the_short_way_for_who_was_never_engaged_shows_the_same(cast, assessment):
    rows = type(assessment).objects
    members_only = 0
    for person in cast.everybody().values():
        as_consultant = copy(person)
        as_consultant.consults = True
        short, whole = rows.visible_to(person), rows.visible_to(as_consultant)
        shown = [list(rows.values_list("pk", "role")) for rows in (short, whole)]
        assert shown[0] == shown[1], person.email
        members_only += not person.consults and short.exists()
    assert members_only == 3  # the owner, the respondent, the viewer
    assert cast.reviewer.consults


# --- What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"emails": ""}, "This field is required."),
        ({"emails": "not an address"}, "“not” is no e-mail address."),
        ({"emails": "a\x00b@example.org"}, "Null characters are not allowed."),
        ({"emails": " ".join(f"p{n}@firm.example" for n in range(21))}, "Name one to 20 consultants"),
        ({"emails": "a" * 250 + "@example.org"}, "aaaa” is no e-mail address."),
        ({"emails": "a@ex℀mple.org"}, "“a@ex℀mple.org” is no e-mail address."),
        ({"emails": "a@" + "İ" * 50 + ".org"}, ".org” is no e-mail address."),
        ({"until_on": "2020-01-01"}, "The last day lies in the past."),
        ({"until_on": "9999-12-31"}, "An engagement lasts ten years at most. Choose a day up to "),
        ({"until_on": "soon"}, "Enter a valid date."),
        ({"kind": "owner"}, "owner is not one of the available choices"),
        ({"kind": ""}, "Say whether they may read, or review too."),
    ],
)
def test_an_engagement_that_cannot_be_is_refused_and_the_words_stay(cast, sign_in, changes, message):
    posted = {"emails": "lead@firm.example", "kind": "reader", "until_on": soon().isoformat()}
    before = Engagement.objects.of(cast.organisation).count()
    reply = sign_in(cast.owner).post(place("engage", cast.organisation), {**posted, **changes})
    assert reply.status_code == 422
    shown = reply.content.decode()
    assert message in shown
    assert "emails" in changes or "lead@firm.example" in shown
    assert (Engagement.objects.of(cast.organisation).count(), Mail.objects.count()) == (before, 0)


def test_naming_who_has_accepted_or_one_too_many_is_refused(cast, sign_in):
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    address = place("consultant_name", cast.organisation, row)
    owner = sign_in(cast.owner)
    reply = owner.post(address, {"email": cast.reviewer.email.upper()})
    assert (reply.status_code, "has accepted already" in reply.content.decode()) == (422, True)
    for number in range(19):
        assert owner.post(address, {"email": f"p{number}@firm.example"}).status_code == 302
    reply = owner.post(address, {"email": "p19@firm.example"})
    assert (reply.status_code, "Name one to 20 consultants" in reply.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "name",
    [
        "engagements",
        "engage",
        "engagement_change",
        "engagement_end",
        "consultant_name",
        "consultant_strike",
    ],
)
def test_who_may_engage(cast, sign_in, name):
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    seat = Consultant.objects.of(cast.organisation).get(engagement=row)
    objects = {"engagements": (), "engage": (), "consultant_strike": (row, seat)}.get(name, (row,))
    address = place(name, cast.organisation, *objects)
    before = Event.objects.of(cast.organisation).count()
    people = (cast.respondent, cast.viewer, cast.stranger, cast.reviewer, cast.unengaged)
    if name == "engagements":
        replies = [sign_in(person).get(address).status_code for person in people]
        assert replies == [200, 200, 404, 404, 404]
        assert "Engage a consultancy" not in sign_in(cast.viewer).get(address).content.decode()
        assert sign_in(cast.owner).post(address).status_code == 405
    else:
        replies = [sign_in(person).post(address).status_code for person in people]
        assert replies == [403, 403, 404, 404, 404]
    assert Event.objects.of(cast.organisation).count() == before


def test_engagements_of_another_organisation_are_not_there(cast, sign_in):
    theirs = Organisation.objects.get(name="Elsewhere Pharma")
    row = make_engagement(theirs, cast.consultancy, [cast.unnamed])
    seat = Consultant.objects.of(theirs).get()
    mine = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    client = sign_in(cast.owner)
    for name in ("engagement_change", "engagement_end", "consultant_name"):
        assert client.post(place(name, cast.organisation, row)).status_code == 404
    for parent in (row, mine):
        strike = place("consultant_strike", cast.organisation, parent, seat)
        assert client.post(strike).status_code == 404
    assert held_by(cast.unnamed) == [("Elsewhere Pharma", "reviewer")]


def test_a_list_of_engagements_takes_the_same_number_of_statements(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.owner)
    address = place("engagements", cast.organisation)
    with django_assert_num_queries(5):
        client.get(address)
    for _ in range(3):
        make_engagement(cast.organisation, cast.consultancy, [cast.unnamed, cast.ended])
    with django_assert_num_queries(5):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("email", ["a" * 250 + "@example.org", "a@ex℀mple.org", "a@" + "İ" * 50 + ".org"])
def test_an_address_that_cannot_be_kept_is_refused_where_one_is_named(cast, sign_in, email):
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    reply = sign_in(cast.owner).post(place("consultant_name", cast.organisation, row), {"email": email})
    assert reply.status_code == 422
    assert (email in reply.content.decode(), Mail.objects.count()) == (True, 0)


def test_an_engagement_is_prolonged_by_ten_years_at_most(cast, sign_in):
    row = Engagement.objects.of(cast.organisation).running().get(kind="reviewer")
    owner, address = sign_in(cast.owner), place("engagement_change", cast.organisation, row)
    for days, status in ((3653, 302), (3654, 422)):
        posted = {"kind": "reader", "until_on": soon(days).isoformat()}
        assert owner.post(address, posted).status_code == status
    row.refresh_from_db()
    assert row.until_on == soon(3653)
