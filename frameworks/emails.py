"""What the mails about drafts of the framework say; what they speak of is looked up when they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from frameworks.models import FrameworkDraft
from records.mail import Compose
from records.models import Mail

MADE = "frameworks/publication_made"


def publication_asked(mail: Mail) -> Mapping[str, Any] | None:
    """That a draft waits for a second editor; nothing once it is published, changed or taken back."""
    draft = FrameworkDraft.objects.light().filter(uuid=mail.about["draft"]).first()
    editors = User.objects.at_address(mail.recipient).filter(is_editor=True, is_active=True)
    if draft is None or not draft.is_asked or not editors.exists():
        return None
    if str(draft.asked_by.uuid if draft.asked_by else "") != mail.about["asked_by"]:
        return None  # asked again by somebody else, of whom another mail tells
    link = settings.SITE_URL + reverse("editor:publication", args=[draft.uuid])
    return {"draft": draft, "link": link}


def publication_ended(mail: Mail) -> Mapping[str, Any] | None:
    """For who asked: another editor published it, or ended the request; nothing once it is asked anew."""
    draft = FrameworkDraft.objects.light().filter(uuid=mail.about["draft"]).first()
    asker = User.objects.filter(uuid=mail.about["asked_by"], is_editor=True, is_active=True).first()
    by = User.objects.filter(uuid=mail.about["by"]).first()
    is_over = draft is not None and not draft.is_asked
    if draft is None or asker is None or by is None or not is_over:
        return None
    is_published = draft.state == FrameworkDraft.State.PUBLISHED
    if is_published != (mail.name == MADE):
        return None  # it was published since, of which another mail tells
    link = settings.SITE_URL + reverse("editor:publication", args=[draft.uuid])
    said = {"how": mail.about["how"], "words": mail.about.get("words", "")}
    return {"draft": draft, "who": asker, "by": by, "link": link, **said}


COMPOSERS: dict[str, Compose] = {
    "frameworks/publication_asked": publication_asked,
    MADE: publication_ended,
    "frameworks/publication_declined": publication_ended,
}
