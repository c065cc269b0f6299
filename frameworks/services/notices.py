"""Mails to who asked for a publication: how another editor ended the request."""

from __future__ import annotations

from accounts.models import User
from frameworks.models import FrameworkDraft
from records.mail import write_mail

PUBLISHED, DECLINED, CHANGED, DISCARDED = "published", "asked to", "changed", "discarded"


def tell_asker(asker: User | None, draft: FrameworkDraft, *, by: User, how: str, words: str = "") -> None:
    """Write to who asked for the publication of a draft, unless they ended the request themselves.

    `how` is PUBLISHED, or why the request was taken back; `words` are what that editor wrote about it.
    """
    if asker is None or asker == by:
        return
    name = "publication_made" if how == PUBLISHED else "publication_declined"
    about = {
        "draft": str(draft.uuid),
        "asked_by": str(asker.uuid),
        "by": str(by.uuid),
        "how": how,
        "words": words,
    }
    write_mail(name=f"frameworks/{name}", recipient=asker.email, about=about)
