"""Mails whose link holds a token: an outage of the mail server loses none, and what arrives works."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from accounts.models import Consultant, Invitation, WaitlistEntry
from accounts.services.engagements import engage
from accounts.services.members import invite
from accounts.services.waitlist import Invited, invite_from_waitlist, join_waitlist
from records.models import Mail
from tests.builders import make_confirmed
from tests.mailing import RESET, SMTP, Inbox, let_time_pass, mail_server, send_what_is_due
from tests.servers import free_port
from tests.waitlist import details


def test_a_link_that_is_made_anew_at_each_try_arrives_once_and_works(cast, client, settings):
    """Of what holds a token only its hash is kept, so each try makes another: the one that arrives counts."""
    port, inbox = free_port(), Inbox()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    with_tokens(cast)
    tried = []
    for _ in range(3):
        send_what_is_due()
        tried += kept_hashes()
        let_time_pass(minutes=25)
    assert not Mail.objects.exclude(state="waiting").exists()
    assert len(set(tried)) == len(tried) == 3 * 4  # another token with each try
    with mail_server(port, inbox):
        for _ in range(2):
            let_time_pass(hours=1)
            send_what_is_due()
    arrived: dict[str, list[str]] = {}
    for (to,), mail in inbox.got:
        text = mail.get_body(("plain",)).get_content()
        links = re.findall(rf"{re.escape(project.SITE_URL)}(/(?!waitlist/leave)\S+/\S+)", text)
        arrived.setdefault(to, []).append(links[0])
    assert {to: [link.split("/")[1] for link in links] for to, links in arrived.items()} == {
        "member@new.example": ["invitations"],
        "consultant@new.example": ["engagements"],
        "waits@new.example": ["waitlist"],
        "invited@new.example": ["invitations"],
        cast.viewer.email: ["accounts"],
    }
    for (link,) in arrived.values():
        page = client.get(link, follow=True)
        assert (page.status_code, len(page.redirect_chain)) == (200, 1)
        assert "cannot be used" not in page.content.decode()


def with_tokens(cast):
    """One mail of each that holds a link with a token."""
    invite(actor=cast.owner, organisation=cast.organisation, email="member@new.example", role="viewer")
    day = timezone.localdate() + timedelta(days=30)
    engage(
        actor=cast.owner, organisation=cast.organisation, kind="reader", until_on=day,
        emails=["consultant@new.example"],
    )  # fmt: skip
    join_waitlist(details=details(email="waits@new.example"))
    entry = make_confirmed(email="invited@new.example")
    chosen = Invited(entry.uuid, organisation_name="Quay", kind="cdmo")
    invite_from_waitlist(actor=cast.programme_admin, invited=[chosen])
    Client().post(RESET, {"email": cast.viewer.email})


def kept_hashes():
    """What is kept of the links in the mails that wait; of a reset's link nothing is."""
    every = [model.objects.unscoped("the test reads the hashes of all") for model in (Invitation, Consultant)]
    rows = [row for found in every for row in found.filter(email__endswith="@new.example").order_by("pk")]
    return [row.token_hash for row in [*rows, WaitlistEntry.objects.get(email="waits@new.example")]]
