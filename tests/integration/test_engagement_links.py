"""The link of an engagement is used once, by the address it was sent to, while it holds (S-08)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement, Organisation
from accounts.services.engagements import engage
from records.models import Event
from tests.builders import (
    PASSWORD,
    make_member,
    make_organisation,
)
from tests.engaging import ACCEPT, asked, consultant, held_by, links_sent, place, soon


def used(cast, link, sign_in):
    client = sign_in(cast.unengaged)
    client.get(link)
    assert client.post(ACCEPT).status_code == 302


def struck(cast, link, sign_in):
    row = consultant(cast, cast.unengaged.email)
    sign_in(cast.owner).post(place("consultant_strike", cast.organisation, row.engagement, row))


def ended(cast, link, sign_in):
    row = consultant(cast, cast.unengaged.email)
    sign_in(cast.owner).post(place("engagement_end", cast.organisation, row.engagement))


def run_out(cast, link, sign_in):
    rows = Consultant.objects.of(cast.organisation).filter(email=cast.unengaged.email)
    rows.update(expires_at=timezone.now() - timedelta(seconds=1))


def past_its_day(cast, link, sign_in):
    Engagement.objects.of(cast.organisation).update(until_on=soon(-1))


def renewed(cast, link, sign_in):
    row = consultant(cast, cast.unengaged.email)
    sign_in(cast.owner).post(
        place("consultant_name", cast.organisation, row.engagement), {"email": row.email}
    )
    assert links_sent()[-1] != link


@pytest.mark.check("S-08")
@pytest.mark.parametrize("spoil", [used, struck, ended, run_out, past_its_day, renewed])
def test_a_link_that_is_no_longer_good_is_refused(cast, sign_in, spoil, figure):
    asked(cast)
    (link,) = links_sent()
    spoil(cast, link, sign_in)
    before = held_by(cast.unengaged)
    client = sign_in(cast.unengaged)
    client.get(link)
    for reply in (client.get(ACCEPT), client.post(ACCEPT)):
        assert reply.status_code == 404
        assert "This invitation cannot be used" in reply.content.decode()
    figure("S-08", tried=2, accepted=len(held_by(cast.unengaged)) - len(before))
    assert held_by(cast.unengaged) == before


@pytest.mark.check("S-08")
def test_another_address_cannot_use_the_link(cast, sign_in, figure):
    asked(cast)
    (link,) = links_sent()
    client = sign_in(cast.unnamed)
    client.get(link)
    assert f"You are signed in as {cast.unnamed.email}" in client.get(ACCEPT).content.decode()
    client.post(ACCEPT)
    figure("S-08", tried=1, accepted=len(held_by(cast.unnamed)))
    assert held_by(cast.unnamed) == []


def test_who_is_signed_in_with_another_address_signs_out_and_accepts(cast, sign_in):
    asked(cast)
    (link,) = links_sent()
    client = sign_in(cast.unnamed)
    client.get(link)
    assert "Sign out to accept it" in client.get(ACCEPT).content.decode()
    out = client.post(reverse("account_logout"), {"next": ACCEPT})
    assert (out.status_code, out["Location"]) == (302, ACCEPT)
    assert set(client.session.keys()) == {"engagement", "_messages"}
    assert f"Sign in as {cast.unengaged.email} to accept" in client.get(ACCEPT).content.decode()
    login = {"login": cast.unengaged.email, "password": PASSWORD, "next": ACCEPT}
    assert client.post(reverse("account_login"), login)["Location"] == ACCEPT
    assert client.post(ACCEPT).status_code == 302
    assert held_by(cast.unengaged) == [("Northmere Biologics", "reviewer")]


@pytest.mark.check("S-08")
def test_who_signs_in_next_must_still_have_the_address(cast, sign_in, figure):
    asked(cast)
    (link,) = links_sent()
    client = sign_in(cast.unnamed)
    client.get(link)
    client.post(reverse("account_logout"), {"next": ACCEPT})
    client.post(reverse("account_login"), {"login": cast.reader.email, "password": PASSWORD})
    before = held_by(cast.reader)
    client.post(ACCEPT)
    figure("S-08", tried=1, accepted=len(held_by(cast.reader)) - len(before))
    assert held_by(cast.reader) == before
    assert consultant(cast, cast.unengaged.email).accepted_at is None


@pytest.mark.check("S-08")
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_take_one_place(figure):
    organisation = make_organisation("Northmere Biologics")
    owner = make_member(organisation, email="owner@northmere.example")
    firm = make_organisation("Tessaly Advisory", kind=Organisation.Kind.CONSULTANCY)
    person = make_member(firm, email="lead@tessaly.example")
    engage(
        actor=owner,
        organisation=organisation,
        kind="reader",
        until_on=soon(),
        emails=["lead@tessaly.example"],
    )
    (link,) = links_sent()
    clients = []
    for _ in range(20):
        client = Client()
        client.force_login(person)
        client.get(link)
        clients.append(client)
    together = threading.Barrier(20)
    codes = []

    def take(client):
        try:
            together.wait()
            codes.append(client.post(ACCEPT).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figure("S-08", tried=20, accepted=codes.count(302) - 1)
    assert (codes.count(302), len(codes)) == (1, 20)
    assert Event.objects.of(organisation).filter(action="engagement.accepted").count() == 1


def follows_second_link(cast, sign_in, *, verified):
    """Named at another address of theirs than the one they sign in with."""
    EmailAddress.objects.create(user=cast.unengaged, email="second@unasked.example", verified=verified)
    asked(cast, "second@unasked.example")
    (link,) = links_sent()
    client = sign_in(cast.unengaged)
    client.get(link)
    return client


def test_who_is_named_at_a_second_address_accepts(cast, sign_in):
    client = follows_second_link(cast, sign_in, verified=True)
    assert "You accept as a member of Unasked Advisory." in client.get(ACCEPT).content.decode()
    assert client.post(ACCEPT).status_code == 302
    assert held_by(cast.unengaged) == [("Northmere Biologics", "reviewer")]


@pytest.mark.check("S-08")
def test_an_address_that_is_not_confirmed_takes_no_place(cast, sign_in, figure):
    client = follows_second_link(cast, sign_in, verified=False)
    assert "Sign out to accept it" in client.get(ACCEPT).content.decode()
    client.post(ACCEPT)
    figure("S-08", tried=1, accepted=len(held_by(cast.unengaged)))
    assert held_by(cast.unengaged) == []
