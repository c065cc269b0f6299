"""What tests of engagements ask, read and follow: requests, the links of their mails, who holds what."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings as project
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement
from accounts.services.engagements import engage
from accounts.tasks import send_mail_task
from records.models import Mail

ACCEPT = "/engagements/accept/"
CLIENTS = "/clients/"


def soon(days=30):
    return timezone.localdate() + timedelta(days=days)


def place(name, *objects):
    return reverse(f"accounts:{name}", args=[item.uuid for item in objects])


def links_sent():
    """The paths of the links in mails that ask for an engagement, oldest first."""
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    links = [
        re.search(rf"{re.escape(project.SITE_URL)}(/engagements/\S+/)", str(m.body)) for m in outbox.outbox
    ]
    return [found[1] for found in links if found]


def asked(cast, *emails, kind="reviewer", days=30):
    emails = emails or (cast.unengaged.email,)
    return engage(
        actor=cast.owner, organisation=cast.organisation, kind=kind, until_on=soon(days), emails=emails
    )


def held_by(user):
    return list(Engagement.objects.held_by(user).values_list("organisation__name", "kind"))


def consultant(cast, email):
    return Consultant.objects.of(cast.organisation).named().get(email=email)
