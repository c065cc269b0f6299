"""Notes on unclear questions: written without a name, read by content editors."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from frameworks.models import NOTE_LONGEST, FrameworkVersion, QuestionNote
from frameworks.queries import spec_for
from records.events import Entry, record


@transaction.atomic
def note_unclear(
    *, actor: User, organisation: Organisation, version: FrameworkVersion, question: str, text: str
) -> QuestionNote:
    """Keep that a question is unclear: version, code, text and day, and nothing of who wrote it.

    The organisation's own trail says that its member did so, without the text. Raises ValidationError
    for words that are none or too long (1,000 characters), KeyError for a question that is not asked.
    """
    asked = spec_for(version).questions[question]
    words = text.strip()
    if not words:
        raise ValidationError({"text": _("Say what is unclear.")})
    if len(words) > NOTE_LONGEST:
        raise ValidationError({"text": _("At most 1,000 characters. Nothing you typed is lost.")})
    if "\x00" in words:
        raise ValidationError({"text": _("This holds a character that cannot be kept (a null byte).")})
    note = QuestionNote.objects.create(
        version=version, question_code=asked.code, text=words, written_on=timezone.localdate()
    )
    entry = Entry(
        "question.called_unclear", "question", f"{version.framework}/{version.version}/{asked.code}", {}, {}
    )
    record(actor=actor, organisation=organisation, entry=entry)
    return note


@transaction.atomic
def settle_note(*, actor: User, note: QuestionNote) -> None:
    """Take a note off the list of what waits for editors; a second time changes nothing."""
    if not QuestionNote.objects.filter(pk=note.pk, is_done=False).update(is_done=True):
        return
    entry = Entry(
        "question_note.settled",
        "question note",
        str(note.uuid),
        before={"is_done": False},
        after={"is_done": True},
    )
    record(actor=actor, organisation=None, entry=entry)
