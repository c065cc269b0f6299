"""Links of invitations are single-use, bound to an address and secret (S-08)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, User
from accounts.services.members import invite
from records.models import Event, Mail
from tests.builders import PASSWORD, make_member, make_organisation
from tests.inviting import ACCEPT, ACCOUNT, ADDRESS, invited, links_sent, open_link, place, places


def used(cast, link):
    assert open_link(link).post(ACCEPT, ACCOUNT).status_code == 302
    return open_link(link)


def edited(cast, link):
    return open_link(link[:-3] + ("AA/" if not link.endswith("AA/") else "BB/"))


def run_out(cast, link):
    Invitation.objects.of(cast.organisation).update(expires_at=timezone.now() - timedelta(seconds=1))
    return open_link(link)


def revoked(cast, link):
    row = Invitation.objects.of(cast.organisation).get()
    client = Client()
    client.force_login(cast.owner)
    client.post(place("invitation_revoke", cast.organisation, row))
    return open_link(link)


def renewed(cast, link):
    row = Invitation.objects.of(cast.organisation).get()
    client = Client()
    client.force_login(cast.owner)
    client.post(place("invitation_resend", cast.organisation, row))
    assert links_sent()[-1] != link
    return open_link(link)


def no_link(cast, link):
    return Client()


@pytest.mark.check("S-08")
@pytest.mark.parametrize("spoilt", [used, edited, run_out, revoked, renewed, no_link])
def test_a_link_that_is_no_longer_good_is_refused(cast, spoilt, figure):
    invited(cast)
    (link,) = links_sent()
    visitor = spoilt(cast, link)
    before = places(cast.organisation)
    for reply in (visitor.get(ACCEPT), visitor.post(ACCEPT, {**ACCOUNT, "name": "Mallory"})):
        assert reply.status_code == 404
        assert "This invitation cannot be used" in reply.content.decode()
    figure("S-08", tried=2, accepted=len(places(cast.organisation) - before))
    assert places(cast.organisation) == before


@pytest.mark.check("S-08")
def test_another_address_cannot_use_the_link(cast, sign_in, figure):
    invited(cast)
    (link,) = links_sent()
    visitor = sign_in(cast.stranger)
    visitor.get(link)
    assert "You are signed in as stranger@elsewhere.example" in visitor.get(ACCEPT).content.decode()
    visitor.post(ACCEPT, ACCOUNT)
    accepted = len(places(cast.organisation) & {(cast.stranger.email, "respondent"), (ADDRESS, "respondent")})
    figure("S-08", tried=1, accepted=accepted)
    assert accepted == 0


@pytest.mark.check("S-08")
def test_the_token_is_in_the_mail_alone(cast, sign_in, caplog, settings, figure):
    settings.DEMO = False  # the demo keeps the text of mails, and says so
    caplog.set_level("DEBUG")
    invited(cast)
    (link,) = links_sent()
    token = link.split("/")[2]
    visitor = open_link(link)
    pages = [visitor.get(ACCEPT), sign_in(cast.owner).get(place("members", cast.organisation))]
    visitor.post(ACCEPT, ACCOUNT)
    kept = "".join(
        str(list(model.values()))
        for model in (
            Mail.objects,
            Event.objects.of(cast.organisation),
            Invitation.objects.of(cast.organisation),
        )
    )
    found = sum(token in page.content.decode() for page in pages) + (token in kept) + (token in caplog.text)
    figure("S-08", tried=1, accepted=found)
    assert found == 0


@pytest.mark.check("S-08")
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_member(figure):
    organisation = make_organisation("Northmere Biologics")
    owner = make_member(organisation, email="owner@northmere.example")
    invite(actor=owner, organisation=organisation, email=ADDRESS, role="viewer")
    (link,) = links_sent()
    visitors = [open_link(link) for _ in range(20)]
    together = threading.Barrier(20)
    codes = []

    def take(visitor):
        try:
            together.wait()
            codes.append(visitor.post(ACCEPT, ACCOUNT).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = codes.count(302) - 1
    figure("S-08", tried=20, accepted=accepted)
    assert (accepted, len(codes)) == (0, 20)
    assert Membership.objects.of(organisation).count() == 2
    assert User.objects.filter(email=ADDRESS).count() == 1


SECOND = "ada@second.example"


def with_second(cast, *, verified):
    """Somebody with an account who has added another address to it."""
    person = make_member(make_organisation("Third"), email="ada@third.example")
    EmailAddress.objects.create(user=person, email=SECOND, verified=verified)
    return person


@pytest.mark.parametrize("signs_in_with", [SECOND, "ada@third.example"])
def test_who_is_invited_at_a_second_address_joins_with_the_account(cast, signs_in_with):
    person = with_second(cast, verified=True)
    invited(cast, SECOND, "viewer")
    visitor = open_link(*links_sent())
    assert "This address has an account" in visitor.get(ACCEPT).content.decode()
    assert visitor.post(ACCEPT, ACCOUNT).status_code == 200  # no second account
    visitor.post(reverse("account_login"), {"login": signs_in_with, "password": PASSWORD, "next": ACCEPT})
    assert visitor.post(ACCEPT).status_code == 302
    assert (person.email, "viewer") in places(cast.organisation)
    addresses = EmailAddress.objects.filter(user=person).order_by("email")
    assert list(addresses.values_list("email", "verified", "primary")) == [
        (SECOND, True, False),
        ("ada@third.example", True, True),
    ]


@pytest.mark.check("S-08")
def test_an_address_that_is_not_confirmed_takes_nothing(cast, sign_in, figure):
    person = with_second(cast, verified=False)
    invited(cast, SECOND, "viewer")
    (link,) = links_sent()
    visitor = sign_in(person)
    visitor.get(link)
    visitor.post(ACCEPT, ACCOUNT)
    taken = Membership.objects.of(cast.organisation).filter(user=person).count()
    figure("S-08", tried=1, accepted=taken)
    assert taken == 0
    assert open_link(link).post(ACCEPT, ACCOUNT).status_code == 302  # whose mail it was makes an account
    assert (SECOND, "viewer") in places(cast.organisation)
    assert not EmailAddress.objects.get(user=person, email=SECOND).verified
