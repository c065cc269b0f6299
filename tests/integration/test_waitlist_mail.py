"""The waitlist's mails: no name steers them, no host stands in them, and each has the way to leave."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as project
from django.core import mail as outbox
from django.test import Client

from accounts.emails import COMPOSERS
from accounts.models import WaitlistEntry
from accounts.services.waitlist import MAILS, Details, Invited, invite_from_waitlist, join_waitlist
from records.models import Mail
from tests.builders import make_confirmed, make_waiting
from tests.mailing import HOSTILE, SMTP, Inbox, mail_server, send_what_is_due
from tests.servers import free_port
from tests.waitlist import CONFIRM, FORM, JOIN, LEAVE

NAMES = {name for name in COMPOSERS if name.startswith(MAILS)}
BEGINNINGS = ("Somebody, we think you, ", "You waited for a place at ")


def write_each(admin, number, name):
    """One mail of each kind, and of each state that a kind speaks of, to people of this name."""
    said = {"name": name, "organisation_name": name}
    make_waiting(email=f"new{number}@x.example", **said)
    make_confirmed(email=f"known{number}@x.example", **said)
    invited = make_confirmed(email=f"open{number}@x.example", **said)
    late = make_confirmed(email=f"late{number}@x.example", state="invited", **said)
    active = make_confirmed(email=f"active{number}@x.example", state="active", **said)
    for email in (f"new{number}@x.example", f"known{number}@x.example", late.email, active.email):
        typed = Details(
            name="Ada", email=email, organisation_name="Plant", kind="cdmo", role="quality", country="DK",
            interests=("updates",), consent="I agree.",
        )  # fmt: skip
        join_waitlist(details=typed)
    WaitlistEntry.objects.filter(email=f"new{number}@x.example").update(**said)
    choice = Invited(invited.uuid, organisation_name="Plant", kind="cdmo")
    invite_from_waitlist(actor=admin, invited=[choice])
    organisation = WaitlistEntry.objects.get(pk=invited.pk).invitation.organisation
    organisation.name = name
    organisation.save()


@pytest.mark.check("S-19")
def test_no_name_steers_a_mail_of_the_waitlist(cast, settings, figure):
    """Recipients and headers stay as they are, the text begins where it should, whatever name was typed."""
    port, inbox = free_port(), Inbox()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    with mail_server(port, inbox):
        for number, name in enumerate(["Ada Byron", *HOSTILE]):
            write_each(cast.programme_admin, number, name)
        send_what_is_due()
    rows = list(Mail.objects.order_by("pk"))
    assert {row.name for row in rows} == NAMES
    assert {row.state for row in rows} == {"sent"}
    expected = sorted(([row.recipient], row.recipient) for row in rows)
    got = sorted((to, mail["To"]) for to, mail in inbox.got)
    headers = {tuple(sorted(mail.keys())) for _, mail in inbox.got}
    begun = [
        mail.get_body(("plain",)).get_content().startswith(BEGINNINGS) and mail["Subject"].endswith(
            ("BAMI Self-Assessment", "has run out", "is open")
        )
        for _, mail in inbox.got
    ]  # fmt: skip
    broken = sum(a != b for a, b in zip(got, expected, strict=True)) + begun.count(False) + len(headers) - 1
    figure("S-19", mails=len(got), names=len(HOSTILE), broken=broken)
    assert broken == 0


@pytest.mark.check("S-18")
def test_the_host_of_a_request_stands_in_no_mail_of_the_waitlist(cast, client, settings, figure):
    hosts = [
        "evil.example", "evil.example:80", "localhost.evil.example", "localhost@evil.example",
        "[::1].evil.example", "127.0.0.1.evil.example", "localhost,evil.example",
        "localhost evil.example", "",
    ]  # fmt: skip
    paths = (JOIN, CONFIRM, LEAVE)
    accepted = sum(
        client.post(path, FORM, headers={"Host": host}).status_code != 400 for host in hosts for path in paths
    )
    assert not Mail.objects.exists()
    for number, name in enumerate(("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host")):
        reply = client.post(JOIN, FORM | {"email": f"p{number}@x.example"}, headers={name: "evil.example"})
        accepted += b"evil" in reply.content or "evil" in str(reply.headers)
    write_each(cast.programme_admin, 0, "Ada Byron")
    send_what_is_due()
    forms = [form for sent in outbox.outbox for form in (str(sent.body), str(sent.alternatives[0][0]))]
    links = [link for form in forms for link in re.findall(r"https?://[^\s\"<]+", form)]
    accepted += sum(not link.startswith(project.SITE_URL) for link in links)
    figure("S-18", hosts=len(hosts) * len(paths), links=len(links), accepted=accepted)
    assert len(links) > 20
    assert accepted == 0


def test_every_mail_of_the_waitlist_has_the_way_to_leave_and_it_works(cast):
    write_each(cast.programme_admin, 0, "Ada Byron")
    send_what_is_due()
    assert len(outbox.outbox) == 5
    for sent in outbox.outbox:
        for form in (str(sent.body), str(sent.alternatives[0][0])):
            (path,) = set(re.findall(rf"{re.escape(project.SITE_URL)}(/waitlist/leave/[^\s\"<]+)", form))
        visitor = Client()
        visitor.get(path)
        assert "Leave the waitlist?" in visitor.get(LEAVE).content.decode()
        visitor.post(LEAVE)
        assert not WaitlistEntry.objects.at_address(sent.to[0]).exists()
    assert not Mail.objects.exists()


def test_a_mail_about_what_is_gone_or_further_on_is_dropped(cast):
    write_each(cast.programme_admin, 0, "Ada Byron")
    WaitlistEntry.objects.filter(state="joined").update(state="confirmed", confirmed_at="2026-11-28T00:00Z")
    WaitlistEntry.objects.filter(email="known0@x.example").delete()
    send_what_is_due()
    states = dict(Mail.objects.values_list("recipient", "state"))
    assert states == {
        "new0@x.example": "dropped",
        "known0@x.example": "dropped",
        "late0@x.example": "sent",
        "active0@x.example": "sent",
        "open0@x.example": "sent",
    }
