"""An address that is known is answered like any other (S-09), and the mail says what fits it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.core import mail as outbox
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, WaitlistEntry
from accounts.services.waitlist import Invited, invite_from_waitlist, join_waitlist, leave_waitlist, sweep
from records.models import Mail
from tests.builders import make_confirmed, make_waiting
from tests.waitlist import (
    ADDRESS,
    FORM,
    JOIN,
    LEAVE,
    SENT,
    details,
    entry_at,
    joined,
    link,
    open_link,
    send_mails,
)


def nobody(cast):
    return "nobody@northmere.example"


def waiting(cast):
    return make_waiting().email


def confirmed(cast):
    return make_confirmed().email


def invited(cast):
    entry = make_confirmed()
    choice = Invited(entry.uuid, organisation_name="Plant", kind="manufacturer")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice])
    return entry.email


def member(cast):
    return cast.viewer.email


def consultant(cast):
    return cast.reviewer.email


def erased(cast):
    entry = make_confirmed()
    leave_waitlist(entry=entry)
    return entry.email


def mailed_today(cast):
    email = make_waiting().email
    join_waitlist(details=details(email=email))
    return email


def answer_to(email, monkeypatch, **changes):
    """All that who posts an address sees: status, headers and body of both pages, and work that shows."""
    hashed = []
    hasher = type(hashers.get_hasher("default"))
    real = hasher.encode

    def counted(self, *args, **options):
        hashed.append(1)
        return real(self, *args, **options)

    monkeypatch.setattr(hasher, "encode", counted)
    sent = len(outbox.outbox)
    client = Client()
    replies = [client.post(JOIN, FORM | {"email": email} | changes), client.get(SENT)]
    seen = [
        (
            reply.status_code,
            sorted((name, value) for name, value in reply.headers.items()),
            re.sub(r'value="[A-Za-z0-9]{64}"', "", reply.content.decode()).replace(email, ""),
            sorted(client.cookies),
        )
        for reply in replies
    ]
    return seen, len(hashed), len(outbox.outbox) - sent


@pytest.mark.check("S-09")
@pytest.mark.parametrize("known", [waiting, confirmed, invited, member, consultant, erased, mailed_today])
def test_an_address_that_is_known_is_answered_like_one_that_is_not(cast, known, monkeypatch, figure):
    """Status, headers, body, cookies, password hashes and mails inside the request are the same."""
    email = known(cast)
    expected = answer_to(nobody(cast), monkeypatch)
    got = answer_to(email, monkeypatch)
    robot = answer_to(email, monkeypatch, reference="filled in")
    differing = (got != expected) + (robot != expected)
    figure("S-09", pairs=2, differing=differing)
    assert (got, robot) == (expected, expected)
    assert expected[1:] == (0, 0)


def test_each_known_address_gets_the_mail_that_fits_it(cast):
    subjects = {}
    people = {found.__name__: found(cast) for found in (waiting, confirmed, invited, member)}
    Mail.objects.all().delete()
    for name, email in people.items():
        join_waitlist(details=details(email=email.upper(), name="Mallory"))
        ((to, subjects[name], text),) = send_mails()
        assert to == email
        assert "Mallory" not in text
    assert subjects == {
        "waiting": "Confirm your address for the waitlist of BAMI Self-Assessment",
        "confirmed": "You are on the waitlist of BAMI Self-Assessment",
        "invited": "Your place at BAMI Self-Assessment is open",
        "member": "You have an account at BAMI Self-Assessment",
    }
    assert entry_at(people["waiting"]).name == "Mallory"  # not confirmed: what was typed last
    assert entry_at(people["confirmed"]).name != "Mallory"
    assert not WaitlistEntry.objects.filter(email=cast.viewer.email).exists()


def test_an_invitation_that_ran_out_and_an_account_from_the_list_are_told_so(cast):
    email = invited(cast)
    Invitation.objects.unscoped("the test ends every one").update(expires_at=timezone.now())
    Mail.objects.all().delete()
    join_waitlist(details=details(email=email))
    assert [subject for _, subject, _ in send_mails()] == [
        "Your invitation to BAMI Self-Assessment has run out"
    ]
    Mail.objects.all().delete()
    WaitlistEntry.objects.update(state="active")
    join_waitlist(details=details(email=email))
    assert [subject for _, subject, _ in send_mails()] == ["You have an account at BAMI Self-Assessment"]


def test_one_mail_a_day_whatever_the_spelling(db, client):
    joined(client)
    for email in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} ", "ａｄａ@northmere.example"):
        client.post(JOIN, FORM | {"email": email})
    assert (WaitlistEntry.objects.count(), Mail.objects.count()) == (1, 1)
    Mail.objects.update(written_at=F("written_at") - timedelta(hours=25))
    client.post(JOIN, FORM)
    assert Mail.objects.count() == 2


def test_whoever_left_is_not_written_to_on_the_same_day(db, client):
    text = joined(client)
    open_link(link(text, "waitlist/leave")).post(LEAVE)
    client.post(JOIN, FORM)
    assert not Mail.objects.exists()
    WaitlistEntry.objects.filter(state="left").update(left_at=timezone.now() - timedelta(hours=25))
    sweep()
    client.post(JOIN, FORM)
    assert Mail.objects.count() == 1
