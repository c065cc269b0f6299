"""What tests of mail share: a mail server, the worker's round, the rows' clock, names that try to steer."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from django.conf import settings as project
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import emails
from accounts.models import Consultant
from accounts.services.engagements import engage
from accounts.services.members import invite
from records.mail import write_mail
from records.models import Mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"


RESET = "/accounts/password/reset/"


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
