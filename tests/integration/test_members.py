"""Somebody is invited and joins; members are kept by owners."""

from __future__ import annotations

import threading
from copy import copy
from importlib import import_module

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Membership, Organisation, User
from accounts.services.members import change_role, invite, remove_member
from records.models import Event, Mail
from tests.builders import PASSWORD, make_member, make_organisation
from tests.inviting import ACCEPT, ACCOUNT, ADDRESS, NEW, invited, links_sent, open_link, place, places

# --- An owner invites, somebody joins -----------------------------------------------------------------


def test_somebody_new_is_invited_joins_and_reads(cast, assessment, sign_in):
    owner = sign_in(cast.owner)
    asked = owner.post(place("invite", cast.organisation), {"email": ADDRESS.upper(), "role": "respondent"})
    assert asked.status_code == 302
    page = owner.get(place("members", cast.organisation)).content.decode()
    assert ADDRESS in page
    (link,) = links_sent()
    visitor = open_link(link)
    shown = visitor.get(ACCEPT).content.decode()
    assert "Join Northmere Biologics" in shown
    assert link.split("/")[2] not in shown
    assert visitor.post(ACCEPT, ACCOUNT).status_code == 302
    assert visitor.get(f"/assessments/{assessment.uuid}/").status_code == 200
    user = User.objects.get(email=ADDRESS)
    assert user.check_password(NEW)
    assert (ADDRESS, "respondent") in places(cast.organisation)
    row = Invitation.objects.of(cast.organisation).get()
    assert (row.accepted_by, row.token_hash) == (user, "")
    page = owner.get(place("members", cast.organisation)).content.decode()
    assert "Ada Byron" in page
    assert "Holds until" not in page


def test_who_has_an_account_signs_in_and_joins(cast, sign_in):
    other = make_member(make_organisation("Third"), email="ada@third.example")
    invited(cast, other.email, "viewer")
    (link,) = links_sent()
    visitor = open_link(link)
    assert "This address has an account" in visitor.get(ACCEPT).content.decode()
    assert visitor.post(ACCEPT, ACCOUNT).status_code == 200
    assert (other.email, "viewer") not in places(cast.organisation)
    login = reverse("account_login")
    visitor.post(login, {"login": other.email, "password": PASSWORD, "next": ACCEPT})
    assert visitor.post(ACCEPT).status_code == 302
    assert (other.email, "viewer") in places(cast.organisation)
    assert other.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"password2": "another one entirely"}, "The two passwords differ"),
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"name": "null \x00 byte"}, "Null characters are not allowed"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_the_place_stays_held(cast, changes, message):
    invited(cast)
    (link,) = links_sent()
    visitor = open_link(link)
    reply = visitor.post(ACCEPT, {**ACCOUNT, **changes})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
    assert visitor.post(ACCEPT, ACCOUNT).status_code == 302


def test_who_is_signed_in_with_another_address_signs_out_and_joins(cast, sign_in):
    other = make_member(make_organisation("Third"), email="ada@third.example")
    invited(cast, other.email, "viewer")
    (link,) = links_sent()
    visitor = sign_in(cast.stranger)
    visitor.get(link)
    assert "Sign out to accept this invitation" in visitor.get(ACCEPT).content.decode()
    out = visitor.post(reverse("account_logout"), {"next": ACCEPT})
    assert (out.status_code, out["Location"]) == (302, ACCEPT)
    assert set(visitor.session.keys()) == {"invitation", "_messages"}
    assert "You are signed out." in visitor.session["_messages"]
    assert "This address has an account" in visitor.get(ACCEPT).content.decode()
    login = {"login": other.email, "password": PASSWORD, "next": ACCEPT}
    assert visitor.post(reverse("account_login"), login)["Location"] == ACCEPT
    assert visitor.post(ACCEPT).status_code == 302
    assert places(cast.organisation) >= {(other.email, "viewer")}
    assert (cast.stranger.email, "viewer") not in places(cast.organisation)


def test_who_has_no_account_yet_makes_it_after_signing_out_of_another(cast, sign_in):
    invited(cast)
    (link,) = links_sent()
    visitor = sign_in(cast.stranger)
    visitor.get(link)
    visitor.post(reverse("account_logout"), {"next": ACCEPT})
    assert visitor.post(ACCEPT, ACCOUNT).status_code == 302
    assert (ADDRESS, "respondent") in places(cast.organisation)


@pytest.mark.check("S-08")
@pytest.mark.parametrize("going_on", [{}, {"next": "/"}, {"next": "/engagements/accept/"}])
def test_signing_out_for_any_other_reason_drops_the_link(cast, sign_in, figure, going_on):
    invited(cast)
    (link,) = links_sent()
    visitor = sign_in(cast.stranger)
    visitor.get(link)
    visitor.post(reverse("account_logout"), going_on)
    figure("S-08", tried=1, accepted=int(visitor.post(ACCEPT, ACCOUNT).status_code == 302))
    assert dict(visitor.session) == {}
    assert not User.objects.filter(email=ADDRESS).exists()


# --- Members ---------------------------------------------------------------------------------------------


def test_inviting_a_member_or_what_is_no_address_is_refused(cast, sign_in):
    client = sign_in(cast.owner)
    for posted, message in (
        ({"email": cast.viewer.email, "role": "viewer"}, "viewer@northmere.example is a member already."),
        ({"email": "nobody", "role": "viewer"}, "Enter a valid email address."),
        ({"email": "a@ex℀mple.com", "role": "viewer"}, "Enter a valid email address."),
        ({"email": "a" * 250 + "@example.com", "role": "viewer"}, "at most 254 characters"),
        ({"email": ADDRESS, "role": "admin"}, "admin is not one of the available choices"),
    ):
        reply = client.post(place("invite", cast.organisation), posted)
        assert reply.status_code == 422
        assert message in reply.content.decode()
    assert not Mail.objects.exists()


def test_inviting_again_renews_the_same_place_with_its_new_role(cast):
    other = make_member(cast.organisation, email="second.owner@northmere.example", name="Bo Second")
    first = invited(cast, role="viewer")
    again = {"email": ADDRESS.upper(), "role": "owner"}
    client = Client()
    client.force_login(other)
    assert client.post(place("invite", cast.organisation), again).status_code == 302
    second = Invitation.objects.of(cast.organisation).get()
    assert (second.pk, second.role, second.invited_by) == (first.pk, "owner", other)
    assert Mail.objects.count() == 2
    links_sent()
    assert "Bo Second" in str(outbox.outbox[-1].body)


def test_a_role_changes_with_the_next_request(cast, assessment, sign_in):
    owner, respondent = sign_in(cast.owner), sign_in(cast.respondent)
    membership = Membership.objects.of(cast.organisation).get(user=cast.respondent)
    address = f"/assessments/{assessment.uuid}/answers/D1/D1-INV/save/"
    assert respondent.post(address).status_code == 428
    owner.post(place("member", cast.organisation, cast.respondent), {"role": "viewer"})
    assert respondent.post(address).status_code == 403
    owner.post(place("member_remove", cast.organisation, membership.user))
    assert respondent.post(address).status_code == 404
    assert respondent.get(f"/assessments/{assessment.uuid}/").status_code == 404
    actions = Event.objects.of(cast.organisation).order_by("seq").values_list("action", "actor__email")
    assert list(actions)[-2:] == [
        ("member.role_changed", cast.owner.email),
        ("member.removed", cast.owner.email),
    ]


def test_the_last_owner_stays(cast, sign_in):
    client = sign_in(cast.owner)
    for name, posted in (("member", {"role": "viewer"}), ("member_remove", {}), ("leave", {})):
        whose = () if name == "leave" else (cast.owner,)
        reply = client.post(place(name, cast.organisation, *whose), posted)
        assert reply.status_code == 422
        assert "An organisation keeps an owner" in reply.content.decode()
    assert (cast.owner.email, "owner") in places(cast.organisation)


def test_an_owner_whose_account_is_closed_is_not_counted(cast, sign_in):
    closed = make_member(cast.organisation, email="closed@northmere.example")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    client = sign_in(cast.owner)
    page = client.get(place("members", cast.organisation)).content.decode()
    assert page.count("account closed") == 1
    for name, posted in (("member", {"role": "viewer"}), ("member_remove", {}), ("leave", {})):
        whose = () if name == "leave" else (cast.owner,)
        reply = client.post(place(name, cast.organisation, *whose), posted)
        assert reply.status_code == 422
        assert "An organisation keeps an owner who can sign in" in reply.content.decode()
    assert client.post(place("member_remove", cast.organisation, closed)).status_code == 302
    assert [email for email, role in places(cast.organisation) if role == "owner"] == [cast.owner.email]


@pytest.mark.parametrize("role", ["owner", "respondent", "viewer"])
def test_a_member_leaves_with_the_next_request(cast, assessment, sign_in, role):
    person = make_member(cast.organisation, role, email="leaving@northmere.example")
    before = places(cast.organisation)
    client = sign_in(person)
    page = client.get(place("members", cast.organisation)).content.decode()
    assert page.count(f'href="{place("leave", cast.organisation)}"') == 1
    assert "Leave Northmere Biologics?" in client.get(place("leave", cast.organisation)).content.decode()
    assert places(cast.organisation) == before
    left = client.post(place("leave", cast.organisation), follow=True)
    assert left.redirect_chain == [("/home/", 302)]
    assert "You have left Northmere Biologics." in left.content.decode()
    assert places(cast.organisation) == before - {(person.email, role)}
    assert client.get(f"/assessments/{assessment.uuid}/").status_code == 404
    assert client.post(place("leave", cast.organisation)).status_code == 404
    event = Event.objects.of(cast.organisation).order_by("seq").last()
    assert event is not None
    assert (event.action, event.actor, event.after_json) == (
        "member.left",
        person,
        {"user": str(person.uuid)},
    )


def test_nobody_leaves_for_another(cast, sign_in):
    before = places(cast.organisation)
    for person in (cast.stranger, cast.reviewer, cast.editor):
        for method in ("get", "post"):
            reply = getattr(sign_in(person), method)(place("leave", cast.organisation))
            assert reply.status_code == 404
    assert places(cast.organisation) == before


@pytest.mark.django_db(transaction=True)
def test_two_last_owners_cannot_leave_at_once():
    organisation = make_organisation("Northmere Biologics")
    owners = [make_member(organisation, email=f"owner{n}@northmere.example") for n in range(2)]
    memberships = [Membership.objects.of(organisation).get(user=owner) for owner in owners]
    together = threading.Barrier(2)
    ended = []

    def leave(leaving, deed):
        try:
            together.wait()
            deed(leaving)
            ended.append("left")
        except Exception as error:
            ended.append(type(error).__name__)
        finally:
            connection.close()

    deeds = (
        lambda row: remove_member(actor=owners[0], membership=row),
        lambda row: change_role(actor=owners[1], membership=row, role="viewer"),
    )
    threads = [threading.Thread(target=leave, args=pair) for pair in zip(memberships, deeds, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["ValidationError", "left"]
    assert Membership.objects.of(organisation).filter(role="owner").count() == 1


@pytest.mark.parametrize(
    "name", ["invite", "member", "member_remove", "invitation_resend", "invitation_revoke", "members"]
)
def test_who_may_keep_members(cast, sign_in, name):
    row = invited(cast)
    objects = {
        "member": (cast.viewer,),
        "member_remove": (cast.viewer,),
        "invitation_resend": (row,),
        "invitation_revoke": (row,),
    }
    address = place(name, cast.organisation, *objects.get(name, ()))
    before = (places(cast.organisation), Event.objects.of(cast.organisation).count())
    if name == "members":
        replies = [
            sign_in(person).get(address).status_code
            for person in (cast.respondent, cast.viewer, cast.stranger)
        ]
        assert replies == [200, 200, 404]
        assert "Invite somebody" not in sign_in(cast.viewer).get(address).content.decode()
    else:
        replies = [
            sign_in(person).post(address).status_code
            for person in (cast.respondent, cast.viewer, cast.stranger)
        ]
        assert replies == [403, 403, 404]
    assert (places(cast.organisation), Event.objects.of(cast.organisation).count()) == before


def test_members_and_invitations_of_another_organisation_are_not_there(cast, sign_in):
    theirs = Organisation.objects.get(name="Elsewhere Pharma")
    row = invite(actor=cast.stranger, organisation=theirs, email=ADDRESS, role="viewer")
    client = sign_in(cast.owner)
    assert client.get(place("member", cast.organisation, cast.stranger)).status_code == 404
    for name in ("invitation_resend", "invitation_revoke"):
        assert client.post(place(name, cast.organisation, row)).status_code == 404


def test_a_list_of_members_takes_the_same_number_of_statements(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.owner)
    for number in range(3):
        make_member(cast.organisation, "viewer", email=f"v{number}@northmere.example")
        invited(cast, f"i{number}@northmere.example")
    with django_assert_max_num_queries(6):
        assert client.get(place("members", cast.organisation)).status_code == 200


GONE = "viewer@northmere.example was removed meanwhile. Nothing was changed."


@pytest.mark.parametrize(
    ("name", "service", "posted"),
    [("member", "change_role", {"role": "owner"}), ("member_remove", "remove_member", {})],
)
def test_who_was_removed_meanwhile_is_said_to_be(cast, sign_in, monkeypatch, name, service, posted):
    members = import_module("accounts.views.members")
    deed = getattr(members, service)

    def removed_before(**values):
        remove_member(actor=cast.owner, membership=copy(values["membership"]))
        return deed(**values)

    monkeypatch.setattr(members, service, removed_before)
    reply = sign_in(cast.owner).post(place(name, cast.organisation, cast.viewer), posted, follow=True)
    assert reply.redirect_chain == [(place("members", cast.organisation), 302)]
    assert GONE in reply.content.decode()
    removed = Event.objects.of(cast.organisation).filter(action__in=("member.removed", "member.role_changed"))
    assert removed.count() == 1


def test_who_leaves_and_was_removed_meanwhile_is_told(cast, sign_in, monkeypatch):
    members = import_module("accounts.views.members")
    leave = members.leave_organisation

    def removed_before(*, membership):
        remove_member(actor=cast.owner, membership=copy(membership))
        leave(membership=membership)

    monkeypatch.setattr(members, "leave_organisation", removed_before)
    reply = sign_in(cast.viewer).post(place("leave", cast.organisation), follow=True)
    assert reply.redirect_chain == [("/home/", 302)]
    assert "You were removed from Northmere Biologics meanwhile." in reply.content.decode()
