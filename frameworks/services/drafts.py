"""Drafts of a framework: started from any version, changed field by field, closed for good."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from frameworks.document.checks import load_framework
from frameworks.document.digest import canonical_json, content_digest
from frameworks.document.dump import dump_document
from frameworks.document.editing import find_slot, is_code, mark_in, mark_of, to_store, too_much
from frameworks.document.layout import TEXT
from frameworks.document.parts import (
    Document,
    entry_of,
    find_question,
    move_before,
    named_by,
    new_question,
    text_of,
)
from frameworks.document.versions import is_version, next_version, version_key
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.queries import (
    DRAFT,
    check_text,
    document_of,
    draft_events,
    events_by,
    published_versions,
)
from frameworks.services.notices import CHANGED, DISCARDED, tell_asker
from records.events import Entry, record
from records.models import Event


class Closed(Exception):
    """The draft was published or discarded meanwhile: it no longer changes."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another value of one field, and the mark of the value that was seen before it."""

    field: str
    value: Any
    seen: str


@dataclass(frozen=True, slots=True)
class Contested:
    """A field that somebody changed meanwhile: what stands in it now, who changed it and when."""

    field: str
    stands: Any
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft after a save: the fields that were changed, and those that were not because others had."""

    draft: FrameworkDraft
    changed: tuple[str, ...]
    contested: tuple[Contested, ...]


# --- Starting and closing ----------------------------------------------------------------------------------


def start_draft(*, actor: User, version: FrameworkVersion, op_id: uuid.UUID | None = None) -> FrameworkDraft:
    """A draft of the next number with the content of a published version."""
    document, source = document_of(version), f"{version.framework.upper()} {version.version}"
    return start_from(actor=actor, document=document, base=version, source=source, op_id=op_id)


def copy_draft(*, actor: User, draft: FrameworkDraft, op_id: uuid.UUID | None = None) -> FrameworkDraft:
    """Another draft with the content of this one, open or closed, compared with the same version."""
    document, source = document_of(draft), f"a draft of {draft.framework.upper()} {draft.number}"
    return start_from(actor=actor, document=document, base=draft.base, source=source, op_id=op_id)


def upload_draft(
    *, actor: User, content: str | bytes, op_id: uuid.UUID | None = None, file_name: str = ""
) -> FrameworkDraft:
    """A draft from the YAML of a framework, compared with the newest version of that framework.

    Raises DocumentFaults with every fault; nothing is stored then.
    """
    document = dump_document(load_framework(content))
    newest = next(iter(published_versions(document["framework"])), None)
    source = f"the file {file_name}"[:200]
    return start_from(actor=actor, document=document, base=newest, source=source, op_id=op_id)


def start_from(
    *,
    actor: User,
    document: Document,
    base: FrameworkVersion | None,
    source: str,
    op_id: uuid.UUID | None = None,
) -> FrameworkDraft:
    """A draft with this document, which may have faults, compared with `base`; `source` says whence it is.

    Keeps the document's number where it is higher than every published one, else proposes the next. The
    same operation with the same document starts one draft, however often it is sent.
    """
    operation = _operation(op_id, f"{source} {content_digest(document)}")
    try:
        return _start(actor, document, base, source, operation)
    except IntegrityError:  # sent twice at once, and the other was quicker
        earlier = _done(actor, operation)
        if earlier is None:
            raise
        return FrameworkDraft.objects.get(uuid=earlier.object_id)


@transaction.atomic
def _start(
    actor: User, document: Document, base: FrameworkVersion | None, source: str, operation: uuid.UUID
) -> FrameworkDraft:
    if started := _done(actor, operation):
        return FrameworkDraft.objects.get(uuid=started.object_id)
    framework = base.framework if base else text_of(document, "framework")[:40]
    published = [row.version for row in published_versions(framework)]
    if not is_higher(document.get("version"), published):
        document = {**document, "version": next_version(published)}
    draft = FrameworkDraft(framework=framework, base=base, created_by=actor, changed_by=actor)
    _set_document(draft, document)
    draft.save(force_insert=True)
    after = {"source": source, "number": draft.number, "base": str(base or "")}
    note_event(actor, draft, "draft.started", {}, after, operation)
    return draft


@transaction.atomic
def discard_draft(*, actor: User, draft: FrameworkDraft) -> None:
    """Close a draft for good; it stays readable, and another can start from it. Raises Closed."""
    locked = lock_draft(draft)
    locked.state, asker = FrameworkDraft.State.DISCARDED, locked.asked_by
    locked.asked_by = locked.asked_at = None
    locked.changed_by, locked.changed_at = actor, timezone.now()
    locked.save(update_fields=["state", "asked_by", "asked_at", "changed_by", "changed_at"])
    note_event(actor, locked, "draft.discarded", {}, {})
    tell_asker(asker, locked, by=actor, how=DISCARDED)


# --- Changing ----------------------------------------------------------------------------------------------


@transaction.atomic
def save_fields(*, actor: User, draft: FrameworkDraft, changes: Sequence[Change], op_id: uuid.UUID) -> Saved:
    """Save fields of a draft, each seen as its mark says, as one operation.

    A field whose value is another meanwhile is left as it stands and given back as contested; the
    others are saved. A resent operation is the same operation, field by field. Raises Closed, and
    ValidationError by field for values that cannot be kept or fields that are not there: nothing is
    saved then. Any change takes back a request for publication.
    """
    locked = lock_draft(draft)
    document = document_of(locked)
    values = _checked(document, changes)
    operations = {change.field: _operation(op_id, change.field) for change in changes}
    done = {event.op_id: event for event in events_by(actor).filter(op_id__in=operations.values())}
    changed: list[tuple[str, Any, Any]] = []
    contested = []
    for change in changes:
        slot, value = find_slot(document, change.field), values[change.field]
        assert slot is not None  # _checked would have refused it
        earlier = done.get(operations[change.field])
        is_resent = earlier is not None and earlier.after_json.get("value") == value
        if is_resent or slot.mark == mark_in(slot.field, value):
            continue
        if earlier is not None or slot.mark != change.seen:
            contested.append(_contested(locked, change.field, slot.value))
            continue
        changed.append((change.field, slot.value, value))
        slot.put(value)
    if changed:
        keep(actor, locked, document)
    for field, old, new in changed:
        after = {"field": field, "value": new}
        note_event(actor, locked, "draft.changed", {"value": old}, after, operations[field])
    return Saved(locked, tuple(field for field, _, _ in changed), tuple(contested))


@transaction.atomic
def add_question(
    *,
    actor: User,
    draft: FrameworkDraft,
    dimension: str,
    code: str,
    title: str,
    op_id: uuid.UUID | None = None,
) -> None:
    """A new last question of a dimension, of which only code and title are written yet.

    Raises Closed, and ValidationError for a code that is none or is taken, or a title that is missing.
    """
    operation = _operation(op_id, f"add {draft.uuid} {code}")
    locked = lock_draft(draft)
    if _done(actor, operation):
        return
    document = document_of(locked)
    held = entry_of(document.get("dimensions"), dimension)
    title, wrong = to_store(TEXT, title)
    errors = {}
    if not is_code(code):
        errors["code"] = _("At most 40 letters, digits, - _ and ., beginning with a letter or digit.")
    elif find_question(document, code):
        errors["code"] = _("There is a question %(code)s already.") % {"code": code}
    if wrong or not title:
        errors["title"] = wrong or _("Give the question a title.")
    if held is None:
        raise ValidationError(_("This draft has no dimension %(code)s.") % {"code": dimension})
    if errors:
        raise ValidationError(errors)
    questions = held["questions"] if isinstance(held.get("questions"), list) else []
    held["questions"] = [*questions, new_question(code, title)]
    keep(actor, locked, document)
    after = {"field": f"questions/{code}", "dimension": dimension, "title": title}
    note_event(actor, locked, "draft.question_added", {}, after, operation)


@transaction.atomic
def move_question(*, actor: User, draft: FrameworkDraft, question: str, before: str) -> None:
    """Put a question before another of its dimension, or last where that is none of them.

    Raises Closed, and ValidationError for a question that is not there.
    """
    locked = lock_draft(draft)
    document = document_of(locked)
    dimension, _question = _find(document, question)
    held = entry_of(document.get("dimensions"), dimension)
    assert held is not None  # the question is in it
    order = [text_of(entry, "code") for entry in held["questions"]]
    move_before(held["questions"], question, before)
    after = [text_of(entry, "code") for entry in held["questions"]]
    if order != after:
        keep(actor, locked, document)
        field = {"field": f"dimensions/{dimension}/questions", "value": after}
        note_event(actor, locked, "draft.question_moved", {"value": order}, field)


@transaction.atomic
def remove_question(*, actor: User, draft: FrameworkDraft, question: str, seen: str) -> None:
    """Take a question out, seen as its mark says.

    Raises Closed, and ValidationError where something names it, where it was changed meanwhile, or
    where it is not there.
    """
    locked = lock_draft(draft)
    document = document_of(locked)
    dimension, held = _find(document, question)
    if named_by(document, question):
        raise ValidationError(_("Something in the framework names this question. It was not removed."))
    if mark_of(held) != seen:
        raise ValidationError(_("It was changed meanwhile. Look at it again before you remove it."))
    parent = entry_of(document.get("dimensions"), dimension)
    assert parent is not None  # the question is in it
    parent["questions"] = [entry for entry in parent["questions"] if entry is not held]
    keep(actor, locked, document)
    after = {"field": f"questions/{question}", "dimension": dimension}
    note_event(actor, locked, "draft.question_removed", {"value": held}, after)


# --- What all of them do -----------------------------------------------------------------------------------


def lock_draft(draft: FrameworkDraft) -> FrameworkDraft:
    """The draft as it stands, locked until the transaction ends. Raises Closed."""
    locked = FrameworkDraft.objects.select_for_update().get(pk=draft.pk)
    if not locked.is_open:
        raise Closed
    return locked


def take_back(actor: User, draft: FrameworkDraft, *, reason: str, words: str = "") -> None:
    """End the request to publish a locked draft, if there is one; what was written in it is kept.

    Who asked gets a mail where it was somebody else who ended it, with the words of whoever did.
    """
    if not draft.is_asked:
        return
    asker = draft.asked_by
    before = {"asked_by": str(asker.uuid) if asker else ""}
    draft.asked_by = draft.asked_at = None
    draft.save(update_fields=["asked_by", "asked_at"])
    note_event(actor, draft, "draft.request_taken_back", before, {"reason": reason, "words": words})
    tell_asker(asker, draft, by=actor, how=reason, words=words)


def keep(actor: User, draft: FrameworkDraft, document: Document) -> None:
    """Store the changed document of a locked draft. Raises ValidationError for one that grew too large."""
    if wrong := too_much(document):
        raise ValidationError(_("The framework would be too large: %(wrong)s.") % {"wrong": wrong})
    _set_document(draft, document)
    draft.revision += 1
    draft.changed_by, draft.changed_at = actor, timezone.now()
    columns = ("document", "number", "title", "faults", "revision", "changed_by", "changed_at")
    draft.save(update_fields=columns)
    take_back(actor, draft, reason=CHANGED)


def _set_document(draft: FrameworkDraft, document: Document) -> None:
    number = text_of(document, "version")
    draft.document = canonical_json(document)
    draft.number = number if is_version(number) else ""
    draft.title = text_of(document, "title")[:200]
    draft.faults = len(check_text(draft.document).faults)


def _checked(document: Document, changes: Sequence[Change]) -> dict[str, Any]:
    """The values as they are stored, by field; raises ValidationError with every one that cannot be."""
    values, errors = {}, {}
    for change in changes:
        slot = find_slot(document, change.field)
        if slot is None:
            errors[change.field] = _("This field is not in the draft, or no longer. Nothing was saved.")
            continue
        values[change.field], wrong = to_store(slot.field, change.value)
        if wrong:
            errors[change.field] = _("Not saved: %(wrong)s.") % {"wrong": wrong}
    if errors:
        raise ValidationError(errors)
    return values


def _contested(draft: FrameworkDraft, field: str, stands: Any) -> Contested:
    """Who changed the field last; where the trail does not tell, who changed the draft."""
    events = draft_events(draft).filter(after_json__field=field).select_related("actor")
    last = events.order_by("-seq").first()
    if last is None or last.actor is None:
        return Contested(field, stands, draft.changed_by, draft.changed_at)
    return Contested(field, stands, last.actor, last.at_utc)


def _find(document: Document, question: str) -> tuple[str, Document]:
    found = find_question(document, question)
    if found is None:
        raise ValidationError(_("This draft has no question %(code)s, or no longer.") % {"code": question})
    return found


def is_higher(number: Any, published: Sequence[str]) -> bool:
    """Whether a document's number may follow those that are published."""
    if not isinstance(number, str) or not is_version(number):
        return False
    return all(version_key(number) > version_key(other) for other in published)


def _operation(op_id: uuid.UUID | None, part: str) -> uuid.UUID:
    """The id of one part of an operation; a new one where none was sent."""
    return uuid.uuid5(op_id, part) if op_id else uuid.uuid4()


def _done(actor: User, operation: uuid.UUID) -> Event | None:
    """The event of an operation that was done before."""
    return events_by(actor).filter(op_id=operation).first()


def note_event(
    actor: User,
    draft: FrameworkDraft,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
    op_id: uuid.UUID | None = None,
) -> None:
    """An entry of the audit trail about a draft."""
    entry = Entry(
        action,
        DRAFT,
        str(draft.uuid),
        before=before,
        after=after,
        object_version=draft.revision,
        op_id=op_id,
    )
    record(actor=actor, organisation=None, entry=entry)
