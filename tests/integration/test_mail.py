"""Mail: a row with what causes it, words made when it is sent; an outage of the mail server loses none."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings as project
from django.core import mail as outbox
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import emails
from accounts.adapters import MAILS
from accounts.tasks import send_mail_task
from accounts.views.mail import KINDS
from records.mail import PAUSES, sweep, write_mail
from records.models import Mail
from records.models.mail import MailState
from tests.builders import PASSWORD
from tests.mailing import (
    SMTP,
    Inbox,
    let_time_pass,
    mail_server,
    send_what_is_due,
)
from tests.servers import free_port

# The others, about rows of other kinds, have tests of their own.
ABOUT_A_USER = sorted(
    name for name in emails.COMPOSERS if name.startswith(("accounts/pass", "accounts/email"))
)
NEW = "quiet kelp forests in spring"


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
