"""What tests of a publication share: a draft that differs from its version, the request, its mails."""

from __future__ import annotations

from typing import Any

from django.core import mail as outbox

from accounts.models import User
from frameworks.models import FrameworkDraft
from frameworks.services.publication import ask_for_publication
from frameworks.tasks import send_mail_task
from records.models import Mail
from tests.builders import make_draft
from tests.data.malformed_content import put, tiny_document
from tests.editing import now

NOTE = "The title of a question is shorter."


def make_changed(editor: User) -> FrameworkDraft:
    """A draft of the tiny framework whose first question has another title."""
    return make_draft(editor, put(tiny_document(), "dimensions[0].questions[0].title", "Capture"))


def asked(draft: FrameworkDraft, by: User, note: str = NOTE) -> FrameworkDraft:
    ask_for_publication(actor=by, draft=draft, note=note, revision=now(draft).revision)
    return now(draft)


def sent_mails() -> list[Any]:
    """What the worker does; all mails that were sent by then."""
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    return outbox.outbox
