"""What tests of invitations share: addresses, the links of their mails, a visitor who follows one."""

from __future__ import annotations

import re

from django.conf import settings as project
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.services.members import invite
from accounts.tasks import send_mail_task
from records.models import Mail

NEW = "quiet kelp forests in spring"
ACCEPT = "/invitations/accept/"
ACCOUNT = {"name": "Ada Byron", "password1": NEW, "password2": NEW}
ADDRESS = "ada@northmere.example"


def place(name, *objects):
    return reverse(f"accounts:{name}", args=[item.uuid for item in objects])


def links_sent():
    """The paths of all links in mails of invitations, oldest first."""
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    return [
        re.search(rf"{re.escape(project.SITE_URL)}(/invitations/\S+/)", str(sent.body))[1]  # type: ignore[index]  # no link is a failure
        for sent in outbox.outbox
    ]


def open_link(path):
    """A new visitor's browser that followed the link."""
    client = Client()
    reply = client.get(path)
    assert (reply.status_code, reply["Location"]) == (302, ACCEPT)
    return client


def invited(cast, email=ADDRESS, role="respondent"):
    return invite(actor=cast.owner, organisation=cast.organisation, email=email, role=role)


def places(organisation):
    rows = Membership.objects.of(organisation)
    return set(rows.values_list("user__email", "role"))
