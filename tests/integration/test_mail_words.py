"""What a mail says: two forms, links to the configured address alone; no name steers one (S-18, S-19)."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.core import mail as outbox

from records.mail import clean_header
from records.models import Mail
from tests.mailing import (
    HOSTILE,
    NAMES,
    RESET,
    SMTP,
    Inbox,
    mail_server,
    send_what_is_due,
    write_every_mail,
)
from tests.servers import free_port


def test_a_mail_has_two_forms_and_links_to_the_configured_address_alone(cast, settings):
    settings.SITE_URL = "https://bami.example"
    EmailAddress.objects.create(user=cast.owner, email="new@northmere.example")
    assert write_every_mail(cast, "ada@northmere.example") == NAMES
    send_what_is_due()
    assert len(outbox.outbox) == len(NAMES)
    for sent in outbox.outbox:
        ((page, kind),) = sent.alternatives
        assert kind == "text/html"
        for form in (str(sent.body), str(page)):
            links = re.findall(r"https?://[^\s\"<]+", form)
            assert links
            assert [link for link in links if not link.startswith("https://bami.example")] == []
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A\r\nBcc: x@example.org", "A Bcc: x@example.org"),
        ("A\x0bB\x0cC\x1cD\x85E\u2028F", "A B C D E F"),
        ("A\x00\u202eB", "AB"),
        ("  A   B ", "A B"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
    ],
)
def test_a_subject_is_one_short_line(text, line):
    assert clean_header(text) == line


@pytest.mark.check("S-19")
def test_no_name_steers_a_mail(cast, settings, figure):
    port, inbox = free_port(), Inbox()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    EmailAddress.objects.create(user=cast.owner, email="new@northmere.example")
    expected = []
    with mail_server(port, inbox):
        for number, name in enumerate(["Ada Byron", *HOSTILE]):
            for named in (cast.organisation, cast.consultancy, cast.owner, cast.reviewer):
                named.name = name
                named.save()
            email = f"ada{number}@northmere.example"
            write_every_mail(cast, email)
            send_what_is_due()
    rows = Mail.objects.order_by("pk")
    expected = [([row.recipient], row.recipient) for row in rows]
    got = [(to, mail["To"]) for to, mail in inbox.got]
    headers = {tuple(sorted(mail.keys())) for _, mail in inbox.got}
    begun = [
        mail.get_body(("plain",)).get_content().startswith(("Hello ", mail_begin(row)))
        for row, (_, mail) in zip(rows, inbox.got, strict=True)
    ]
    broken = sum(a != b for a, b in zip(got, expected, strict=True)) + begun.count(False) + len(headers) - 1
    figure("S-19", mails=len(got), names=len(HOSTILE), broken=broken)
    assert broken == 0


def mail_begin(row):
    """How the text of an invitation begins: with the name of who invites."""
    return row.text[:3]


@pytest.mark.check("S-18")
def test_the_host_of_a_request_means_nothing(cast, client, figure):
    hosts = [
        "evil.example", "evil.example:80", "localhost.evil.example", "evil.example#localhost",
        "localhost@evil.example",
        "LOCALHOST.evil.example.", "127.0.0.1.evil.example", "[::1].evil.example", "localhost,evil.example",
        "localhost evil.example", "localhost\\evil.example", "evil.example/localhost", "",
        "xn--evil-8va.example",
    ]  # fmt: skip
    accepted = sum(
        client.post(RESET, {"email": cast.owner.email}, headers={"Host": host}).status_code != 400
        for host in hosts
    )
    assert not Mail.objects.exists()
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server", "X-Original-Host"):
        reply = client.post(RESET, {"email": cast.owner.email}, headers={name: "evil.example"})
        accepted += b"evil" in reply.content or "evil" in str(reply.headers)
    send_what_is_due()
    links = [link for sent in outbox.outbox for link in re.findall(r"https?://\S+", str(sent.body))]
    accepted += sum(not link.startswith(project.SITE_URL) for link in links)
    figure("S-18", hosts=len(hosts), links=len(links), accepted=accepted)
    assert links
    assert accepted == 0
