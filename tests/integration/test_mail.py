"""Mail: a row with what causes it, words made when it is sent; an outage of the mail server loses none."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.core import mail as outbox
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import emails
from accounts.adapters import MAILS
from accounts.models import Consultant
from accounts.services.engagements import engage
from accounts.services.members import invite
from accounts.tasks import send_mail_task
from accounts.views.mail import KINDS
from records.mail import PAUSES, clean_header, sweep, write_mail
from records.models import Mail
from records.models.mail import MailState
from tests.builders import PASSWORD
from tests.servers import free_port

SMTP = "django.core.mail.backends.smtp.EmailBackend"
RESET = "/accounts/password/reset/"
# The others, about rows of other kinds, have tests of their own.
ABOUT_A_USER = sorted(
    name for name in emails.COMPOSERS if name.startswith(("accounts/pass", "accounts/email"))
)
NEW = "quiet kelp forests in spring"


class Inbox:
    """A mail server's memory."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # the server's name for it
        self.got.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 kept"


@contextmanager
def mail_server(port, inbox):
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def send_what_is_due():
    """What the worker does when it is rung for every mail."""
    for mail_id, name in Mail.objects.order_by("pk").values_list("pk", "name"):
        import_string(project.MAIL_TASKS[name.partition("/")[0]])(mail_id)


def let_time_pass(**time):
    """The rows' clock: every moment of theirs lies so much further back."""
    span = timedelta(**time)
    Mail.objects.update(
        written_at=F("written_at") - span, due_at=F("due_at") - span, rung_at=F("rung_at") - span
    )


def change_password(client, old=PASSWORD):
    posted = {"oldpassword": old, "password1": NEW, "password2": NEW}
    return client.post(reverse("account_change_password"), posted)


def reset_link(text: str) -> str:
    """The path of the link that sets a new password."""
    found = re.search(
        rf"^{re.escape(project.SITE_URL)}(/accounts/password/reset/key/\S+)$", text, re.MULTILINE
    )
    assert found
    return found[1]


# --- Through the doors of the account -----------------------------------------------------------------


def test_a_forgotten_password_is_set_by_the_link_in_the_mail(
    cast, client, django_capture_on_commit_callbacks
):
    client.post(reverse("account_reset_password"), {"email": cast.owner.email})
    assert outbox.outbox == []
    row = Mail.objects.get()
    assert (row.name, row.recipient, row.about, row.text) == (
        "accounts/password_reset",
        cast.owner.email,
        {"user": str(cast.owner.uuid)},
        "",
    )
    send_what_is_due()
    (sent,) = outbox.outbox
    assert sent.recipients() == [cast.owner.email]
    page = client.get(reset_link(str(sent.body)), headers={"Host": "localhost"}, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(NEW)
    assert [row.name for row in Mail.objects.order_by("pk")] == [
        "accounts/password_reset",
        "accounts/password_changed",
    ]


def test_a_mail_server_that_is_away_stops_nobody(cast, sign_in, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", free_port()
    assert change_password(sign_in(cast.owner)).status_code == 302
    send_what_is_due()
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(NEW)
    row = Mail.objects.get()
    assert (row.state, row.attempts, row.reason) == ("waiting", 1, "ConnectionRefusedError")


def test_every_mail_of_an_hour_without_a_mail_server_arrives_once(cast, sign_in, client, settings):
    port, inbox = free_port(), Inbox()
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    people = [cast.owner, cast.respondent, cast.viewer, cast.stranger]
    for person in people:
        client.post(reverse("account_reset_password"), {"email": person.email})
        change_password(sign_in(person))
        for _ in range(3):
            send_what_is_due()
            let_time_pass(minutes=5)
    assert not Mail.objects.exclude(state="waiting").exists()
    with mail_server(port, inbox):
        for _ in range(2):
            let_time_pass(hours=1)
            send_what_is_due()
    written = sorted((row.recipient, str(row.uuid)) for row in Mail.objects.all())
    arrived = sorted((to[0], mail["Message-ID"][1:37]) for to, mail in inbox.got)
    assert arrived == written
    assert len(written) == 2 * len(people)
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_after_a_day_a_mail_is_given_up_and_says_why(cast, sign_in, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", free_port()
    change_password(sign_in(cast.owner))
    attempts = 0
    while Mail.objects.get().state == "waiting":
        send_what_is_due()
        let_time_pass(minutes=PAUSES[min(attempts, len(PAUSES) - 1)])
        attempts += 1
    row = Mail.objects.get()
    assert (row.state, row.reason) == ("given up", "ConnectionRefusedError")
    assert 24 <= row.attempts <= 32


def test_a_reset_asked_for_by_somebody_unknown_writes_no_mail(db, client):
    client.post(reverse("account_reset_password"), {"email": "nobody@elsewhere.example"})
    assert not Mail.objects.exists()


def test_every_mail_that_allauth_sends_to_a_known_person_is_one_of_ours():
    folder = Path(project.BASE_DIR, "templates/emails")
    for name in set(MAILS.values()):
        assert name in emails.COMPOSERS
    for name in emails.COMPOSERS:
        for ending in ("_subject.txt", ".txt", ".html"):
            assert (folder / f"{name}{ending}").is_file()


# --- Rows ------------------------------------------------------------------------------------------------


def write(person, name="accounts/password_changed"):
    return write_mail(name=name, recipient=person.email, about={"user": str(person.uuid)})


def test_what_is_not_committed_is_not_sent(cast):
    with transaction.atomic():
        write(cast.owner)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_a_mail_is_sent_once_however_often_the_worker_is_rung(cast):
    row = write(cast.owner)
    for _ in range(3):
        send_mail_task(row.pk)
    assert len(outbox.outbox) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)


def test_a_sender_that_died_is_followed_by_another_after_its_lease(cast):
    row = write(cast.owner)
    assert Mail.objects.claim(row.pk)
    send_mail_task(row.pk)
    assert outbox.outbox == []
    Mail.objects.update(lease_until=F("lease_until") - timedelta(minutes=3))
    send_mail_task(row.pk)
    assert len(outbox.outbox) == 1


def test_a_mail_about_somebody_who_is_gone_is_dropped(cast):
    row = write_mail(
        name="accounts/password_reset", recipient="gone@northmere.example", about={"user": str(row_id())}
    )
    send_mail_task(row.pk)
    row.refresh_from_db()
    assert (row.state, outbox.outbox) == ("dropped", [])


def row_id():
    return "00000000-0000-4000-8000-000000000000"


def test_the_sweep_rings_for_what_nobody_took_and_for_nothing_else(cast, monkeypatch):
    rung = []
    monkeypatch.setattr("records.mail.ring", lambda task, row: rung.append((task, row)))
    waiting, later, sent = (write(person) for person in (cast.owner, cast.respondent, cast.viewer))
    send_mail_task(sent.pk)
    Mail.objects.filter(pk=later.pk).update(due_at=F("due_at") + timedelta(hours=1))
    sweep()
    assert rung == []
    Mail.objects.update(rung_at=F("rung_at") - timedelta(seconds=16))
    sweep()
    sweep()
    assert rung == [("accounts.tasks.send_mail_task", waiting.pk)]


# Those of the waitlist have tests of their own.
NAMES = {name for name in emails.COMPOSERS if not name.startswith("accounts/waitlist")}


def write_every_mail(cast, newcomer):
    """One mail of each name, about the cast and an address that is new here; returns the names."""
    before = Mail.objects.count()
    invite(actor=cast.owner, organisation=cast.organisation, email=newcomer, role="viewer")
    engage(
        actor=cast.owner,
        organisation=cast.organisation,
        kind="reviewer",
        until_on=timezone.localdate() + timedelta(days=30),
        emails=[newcomer],
    )
    place = Consultant.objects.of(cast.organisation).filter(user=cast.reviewer).get()
    for name in (f"accounts/engagement_{what}" for what in ("begun", "over", "changed", "ended")):
        write_mail(name=name, recipient=cast.owner.email, about={"consultant": str(place.uuid)})
    written = set(Mail.objects.order_by("pk").values_list("name", flat=True)[before:])
    for name in sorted(NAMES - written):
        to = "new@northmere.example" if name.endswith("confirmation") else cast.owner.email
        write_mail(name=name, recipient=to, about={"user": str(cast.owner.uuid)})
    return set(Mail.objects.order_by("pk").values_list("name", flat=True)[before:])


# --- What a mail says ------------------------------------------------------------------------------------


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


HOSTILE = [
    "Ada\r\nBcc: spy@evil.example",
    "Ada\nSubject: Win",
    "Ada\r\n\r\n<h1>Body</h1>",
    "Ada\rBcc: spy@evil.example",
    "Ada\x0bBcc: spy@evil.example",
    "Ada\x0cBcc: spy@evil.example",
    "Ada\x1cBcc: spy@evil.example",
    "Ada\x1dTo: spy@evil.example",
    "Ada\x1eTo: spy@evil.example",
    "Ada\x85Bcc: spy@evil.example",
    "Ada\u2028Bcc: spy@evil.example",
    "Ada\u2029Bcc: spy@evil.example",
    "Ada\u202egnp.exe",
    "=?utf-8?q?Ada=0D=0ABcc:_spy@evil.example?=",
    "Ada, spy@evil.example",
    "Ada <spy@evil.example>",
    '"Ada" <spy@evil.example>;',
    "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "%0D%0ABcc: spy@evil.example",
    "Ada " + "x" * 110,
]


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


# --- The demo's page ---------------------------------------------------------------------------------------


def test_the_demo_shows_what_was_sent_with_its_links(cast, client):
    page = client.get("/mail/").content.decode()
    assert "Nothing was sent yet" in page
    row = write(cast.owner, "accounts/password_reset")
    send_mail_task(row.pk)
    page = client.get("/mail/").content.decode()
    assert cast.owner.email in page
    assert re.search(rf'<a href="{re.escape(project.SITE_URL)}/accounts/password/reset/key/', page)


def test_a_mail_that_was_not_sent_is_told_in_words(cast, client):
    for state in MailState.values:
        row = write(cast.owner, "accounts/engagement_ended")
        Mail.objects.filter(pk=row.pk).update(state=state)
    page = client.get("/mail/").content.decode()
    assert page.count("<h2>End of an engagement</h2>") == len(MailState.values)
    assert "engagement_ended" not in page
    for said in ("sent", "waits to be sent", "could not be sent", "not sent, since what it is about is gone"):
        assert f", {said}</p>" in page


def test_every_mail_has_a_name_in_words():
    folder = Path(__file__).resolve().parents[2] / "templates" / "emails"
    written = {
        str(path.relative_to(folder)).removesuffix("_subject.txt") for path in folder.rglob("*_subject.txt")
    }
    assert set(KINDS) == written


def test_the_words_of_a_mail_are_kept_in_the_demo_alone(cast, settings):
    settings.DEMO = False
    row = write(cast.owner, "accounts/password_reset")
    send_mail_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.subject, row.text) == ("sent", "", "")
