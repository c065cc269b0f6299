"""What tests of the waitlist share: its addresses, a filled form, its mails with their links, its entries."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings as project
from django.core import mail as outbox
from django.test import Client

from accounts.models import WaitlistEntry
from accounts.services.waitlist import CONSENT, Details
from accounts.tasks import send_mail_task
from records.models import Event, Mail

JOIN, SENT, CONFIRM, LEAVE = "/waitlist/", "/waitlist/sent/", "/waitlist/confirm/", "/waitlist/leave/"
ADDRESS = "ada@northmere.example"
FORM = {
    "name": "Ada Byron",
    "email": ADDRESS,
    "organisation_name": "Northmere Biologics",
    "kind": "manufacturer",
    "role": "quality",
    "country": "DK",
    "interests": ["early_access", "pilot_talks"],
    "consent": "on",
    "reference": "",
}


def details(**changes: Any) -> Details:
    """What a service is given of the filled form."""
    values = {key: FORM[key] for key in ("name", "email", "organisation_name", "kind", "role", "country")}
    return Details(**(values | {"interests": ("updates",), "consent": str(CONSENT)} | changes))


def send_mails() -> list[tuple[str, str, str]]:
    """What the worker does; the mails that were sent since, as (to, subject, text)."""
    outbox.outbox.clear()
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    return [(sent.to[0], str(sent.subject), str(sent.body)) for sent in outbox.outbox]


def link(text: str, kind: str) -> str:
    """The path of a link of this kind in a mail's text."""
    found = re.search(rf"^{re.escape(project.SITE_URL)}(/{kind}/\S+/)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def open_link(path: str, client: Client | None = None) -> Client:
    """A browser that followed a link: its token is gone from the address."""
    client = client or Client()
    reply = client.get(path)
    assert (reply.status_code, reply["Location"]) == (302, f"/{'/'.join(path.split('/')[1:3])}/")
    assert reply["Referrer-Policy"] == "no-referrer"
    return client


def joined(client: Client | None = None, **changes: Any) -> str:
    """Somebody new on the list; the text of the mail that asks to confirm."""
    reply = (client or Client()).post(JOIN, FORM | changes)
    assert reply.status_code == 302, reply.content.decode()
    ((_to, _subject, text),) = send_mails()
    return text


def entry_at(address=ADDRESS):
    return WaitlistEntry.objects.at_address(address).get()


def events(action: str) -> int:
    """How often the trail holds this action."""
    rows = Event.objects.unscoped("the test looks at all of them")
    return rows.filter(action=action).count()
