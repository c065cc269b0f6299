"""Mail: written as a row with what causes it, sent by the worker, tried again for a day."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parseaddr
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from records.events import Entry, record
from records.jobs import ring
from records.models import Mail
from records.models.mail import MailState

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
KEEP_TRYING = timedelta(hours=24)
PAUSES = (1, 2, 5, 10, 20, 40, 60)  # minutes after each attempt; the last one from then on
HEADER_LENGTH = 120
UNEXPECTED = "Something went wrong while it was written."

# Gives the context of a mail's templates, or None where what it is about is gone.
Compose = Callable[[Mail], Mapping[str, Any] | None]


def write_mail(*, name: str, recipient: str, about: Mapping[str, str]) -> Mail:
    """The row of a mail, in the transaction of what causes it; it is sent once that is committed.

    `name` is that of its templates without the ending; `about` the UUIDs of the rows it speaks of.
    """
    mail: Mail = Mail.objects.create(name=name, recipient=recipient, about=dict(about))
    transaction.on_commit(partial(ring_for, mail))
    return mail


def ring_for(mail: Mail) -> None:
    app = mail.name.partition("/")[0]
    ring(settings.MAIL_TASKS[app], mail.pk)


def written_lately(*, recipient: str, names: str, within: timedelta) -> bool:
    """Whether a mail whose name begins so was written to this address within that time."""
    since = timezone.now() - within
    return bool(Mail.objects.named(names).to(recipient).filter(written_at__gt=since).exists())


def forget_mails(*, recipient: str, names: str) -> None:
    """Erase the mails to this address whose names begin so: sent, waiting or given up."""
    Mail.objects.named(names).to(recipient).delete()


@transaction.atomic
def send_again(*, actor: User, mail: Mail) -> bool:
    """Try a mail that was given up for another day; whether it still was given up."""
    given_up = Mail.objects.given_up().filter(pk=mail.pk)
    if not given_up.update(
        state=MailState.WAITING, attempts=0, written_at=Now(), due_at=Now(), rung_at=Now(), reason=""
    ):
        return False
    happened = Entry("mail.sent_again", "mail", str(mail.uuid), before={}, after={"name": mail.name})
    record(actor=actor, organisation=None, entry=happened)
    transaction.on_commit(partial(ring_for, mail))
    return True


def send_one(mail_id: int, composers: Mapping[str, Compose]) -> None:
    """Send one mail if it is due; a fault of the mail server puts it off, for a day at most."""
    if not Mail.objects.claim(mail_id):
        return
    mail = Mail.objects.get(pk=mail_id)
    try:
        context = composers[mail.name](mail)
        if context is None:
            Mail.objects.end(mail, MailState.DROPPED)
            return
        message = message_of(mail, context)
        message.send()
    except OSError as error:  # SMTP's faults are OSErrors too; their texts may quote what was sent
        put_off(mail, type(error).__name__)
    except Exception:
        log.exception("mail %s, attempt %s", mail.uuid, mail.attempts)
        put_off(mail, UNEXPECTED)
    else:
        kept = {"subject": message.subject, "text": message.body} if settings.DEMO else {}
        Mail.objects.end(mail, MailState.SENT, sent_at=Now(), reason="", **kept)


def put_off(mail: Mail, reason: str) -> None:
    """Try again after a pause that grows; after a day give up, which a programme admin sees."""
    if timezone.now() - mail.written_at > KEEP_TRYING:
        Mail.objects.end(mail, MailState.GIVEN_UP, reason=reason)
        log.warning("mail %s given up after %s attempts: %s", mail.uuid, mail.attempts, reason)
        return
    pause = timedelta(minutes=PAUSES[min(mail.attempts, len(PAUSES)) - 1])
    Mail.objects.end(mail, MailState.WAITING, due_at=Now() + pause, reason=reason)


def message_of(mail: Mail, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """The mail in its two forms; its Message-ID stays the same however often it is tried."""
    words = {"site_url": settings.SITE_URL, "contact_url": settings.CONTACT_URL, **context}
    subject = clean_header(render_to_string(f"emails/{mail.name}_subject.txt", words))
    text = render_to_string(f"emails/{mail.name}.txt", words).strip() + "\n"
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.recipient],
        headers={"Message-ID": f"<{mail.uuid}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    page = render_to_string(f"emails/{mail.name}.html", {**words, "subject": subject})
    message.attach_alternative(page, "text/html")
    return message


def clean_header(text: str) -> str:
    """One line of at most 120 characters: nothing in it that a header could take for its end."""
    # Vertical tab, form feed and file separator end a header too (trust page, 3.7).
    spaced = "".join(
        " " if char.isspace() or unicodedata.category(char) in ("Zl", "Zp") else char for char in text
    )
    kept = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))
    line = " ".join(kept.split())
    return line if len(line) <= HEADER_LENGTH else line[: HEADER_LENGTH - 1].rstrip() + "…"


def sweep() -> None:
    """Ring again for what is due and that nobody took."""
    for mail in Mail.objects.due():
        Mail.objects.filter(pk=mail.pk).update(rung_at=Now())
        ring_for(mail)
