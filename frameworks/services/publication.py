"""Publishing a draft: one editor asks with a note, another publishes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from frameworks.document.editing import to_store
from frameworks.document.fields import VERSION
from frameworks.document.layout import TEXT
from frameworks.models import CHANGE_NOTE, CHANGE_NOTE_LEAST, FrameworkDraft, FrameworkVersion
from frameworks.queries import blocks_of, check_draft, document_of
from frameworks.services.drafts import keep, lock_draft, note_event, take_back
from frameworks.services.notices import DECLINED, PUBLISHED, tell_asker
from frameworks.services.versions import publish_version
from records.mail import write_mail


class ChangedMeanwhile(Exception):
    """The draft, or the request to publish it, is not the one that was looked at."""


@transaction.atomic
def ask_for_publication(
    *, actor: User, draft: FrameworkDraft, note: str, revision: int, number: str = ""
) -> None:
    """Ask the other editors to publish the draft as it stands at this revision; each of them gets a mail.

    A number that is given becomes the draft's. Raises Closed, ChangedMeanwhile, and ValidationError for
    a note that is too short or too long, for faults, where nothing is changed, and for a number that is
    none or is not higher than every published one.
    """
    locked = lock_draft(draft)
    if locked.revision != revision:
        raise ChangedMeanwhile
    note, wrong = to_store(TEXT, note)
    if len(note) < CHANGE_NOTE_LEAST:
        raise ValidationError({"note": _("Say what changed and why in at least ten characters.")})
    if len(note) > CHANGE_NOTE:
        raise ValidationError({"note": too_long(note)})
    if wrong:
        raise ValidationError({"note": wrong})
    if number not in ("", locked.number):
        _renumber(actor, locked, number)
    _check(locked)
    locked.note, locked.asked_by, locked.asked_at = note, actor, timezone.now()
    locked.save(update_fields=["note", "asked_by", "asked_at"])
    note_event(actor, locked, "draft.publication_asked", {}, {"number": locked.number, "note": note})
    others = User.objects.filter(is_editor=True, is_active=True).exclude(pk=actor.pk)
    for other in others.order_by("pk"):
        about = {"draft": str(locked.uuid), "asked_by": str(actor.uuid)}
        write_mail(name="frameworks/publication_asked", recipient=other.email, about=about)


@transaction.atomic
def take_back_request(*, actor: User, draft: FrameworkDraft, words: str = "") -> None:
    """End a request for publication; one that is over is no fault. `words` go to who asked, by mail.

    Raises Closed, and ValidationError for words that are too long.
    """
    words, wrong = to_store(TEXT, words.strip())
    if len(words) > CHANGE_NOTE or wrong:
        raise ValidationError({"words": wrong or too_long(words)})
    take_back(actor, lock_draft(draft), reason=DECLINED, words=words)


@transaction.atomic
def publish_draft(*, actor: User, draft: FrameworkDraft, revision: int) -> FrameworkVersion:
    """Publish a draft that another editor asks to publish, as it stood at the revision looked at.

    The version, its rows, the draft's end and a mail to who asked are one transaction. Raises Closed,
    ChangedMeanwhile, and ValidationError where the same person asked, for faults, where nothing is changed,
    and for a number that is not higher.
    """
    # All drafts of the framework: two that are published at once cannot pass each other's number.
    list(FrameworkDraft.objects.filter(framework=draft.framework).order_by("pk").select_for_update())
    locked = lock_draft(draft)
    if not locked.is_asked or locked.revision != revision:
        raise ChangedMeanwhile
    if locked.asked_by_id == actor.pk:
        raise ValidationError(
            _("You asked for this publication: another editor publishes it, so that two people looked.")
        )
    _check(locked)
    spec = check_draft(locked).spec
    assert spec is not None  # _check found no fault
    asked_by = locked.asked_by
    version = publish_version(actor=actor, spec=spec, note=locked.note, asked_by=asked_by)
    locked.state, locked.published = FrameworkDraft.State.PUBLISHED, version
    locked.changed_by, locked.changed_at = actor, timezone.now()
    locked.save(update_fields=["state", "published", "changed_by", "changed_at"])
    note_event(actor, locked, "draft.published", {}, {"version": str(version), "digest": version.digest})
    tell_asker(asked_by, locked, by=actor, how=PUBLISHED)
    return version


def too_long(text: str) -> str:
    """What is said of a note beyond its limit."""
    message = _("At most %(limit)s characters; this has %(count)s. Nothing you typed is lost.")
    return message % {"limit": f"{CHANGE_NOTE:,}", "count": f"{len(text):,}"}


def _renumber(actor: User, draft: FrameworkDraft, number: str) -> None:
    value, wrong = to_store(VERSION, number)
    if wrong:
        raise ValidationError({"number": _("Digits and dots, such as 1.10, without leading zeros.")})
    document = document_of(draft)
    before, document["version"] = document.get("version"), value
    keep(actor, draft, document)
    note_event(actor, draft, "draft.changed", {"value": before}, {"field": "version", "value": value})


def _check(draft: FrameworkDraft) -> None:
    blocks = blocks_of(draft)
    if blocks.faults:
        raise ValidationError(_("The draft has faults: a version without any can be published."))
    if blocks.unchanged:
        raise ValidationError(
            _("Nothing is changed in this draft: a version that repeats the one before is not published.")
        )
    if blocks.number:
        message = _("The number must be higher than %(highest)s, the highest that is published.")
        said = message % {"highest": blocks.highest} if blocks.highest else _("Give it one such as 1.0.")
        raise ValidationError({"number": said})
