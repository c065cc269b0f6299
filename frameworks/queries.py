"""Reads of framework versions and drafts; a document is parsed once in a process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, QuerySet

from accounts.models import User
from frameworks.document.checks import parse_framework
from frameworks.document.digest import canonical_json
from frameworks.document.faults import DocumentFaults, Fault
from frameworks.document.parts import Document
from frameworks.document.shapes import FrameworkSpec
from frameworks.document.versions import is_version, version_key
from frameworks.models import FrameworkDraft, FrameworkVersion, QuestionNote
from records.models import Event

DRAFT = "framework draft"  # how the audit trail calls it


def spec_for(version: FrameworkVersion) -> FrameworkSpec:
    """The checked document of an installed version; no query once this process has read it."""
    return _spec(version.digest, version.pk)


def spec_for_version(framework: str, version: str) -> FrameworkSpec | None:
    """The published version of that name, or None where it is not installed."""
    found = FrameworkVersion.objects.published().light().filter(framework=framework, version=version).first()
    return spec_for(found) if found else None


def published_versions(framework: str = "") -> list[FrameworkVersion]:
    """Published versions, newest first, numbers compared part by part (1.10 after 1.9); of one framework."""
    versions = FrameworkVersion.objects.published().light().select_related("published_by")
    wanted = versions.filter(framework=framework) if framework else versions
    return sorted(wanted, key=lambda row: (row.framework, version_key(row.version)), reverse=True)


def newer_version(version: FrameworkVersion) -> FrameworkVersion | None:
    """The newest published version of the same framework, if it is newer than this one."""
    newest = published_versions(version.framework)[0]
    return newest if version_key(newest.version) > version_key(version.version) else None


def version_before(version: FrameworkVersion) -> FrameworkVersion | None:
    """The published version of the same framework that comes right before this one."""
    key = version_key(version.version)
    earlier = (row for row in published_versions(version.framework) if version_key(row.version) < key)
    return next(earlier, None)


def document_of(row: FrameworkVersion | FrameworkDraft) -> Document:
    """The document of a version or a draft, to read or to change: a fresh copy each time."""
    document: Document = json.loads(row.document)
    return document


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's document as the parser sees it: its shapes, or its faults."""

    spec: FrameworkSpec | None
    faults: tuple[Fault, ...]


def check_draft(draft: FrameworkDraft) -> Checked:
    """What the parser says of a draft; kept in the process for as long as the document is the same."""
    return check_text(draft.document)


@lru_cache(maxsize=8)
def check_text(document: str) -> Checked:
    """What the parser says of a document given as JSON."""
    try:
        return Checked(parse_framework(json.loads(document)), ())
    except DocumentFaults as found:
        return Checked(None, found.faults)


@dataclass(frozen=True, slots=True)
class Blocks:
    """What stands between a draft and its publication: its faults, nothing changed, a number not higher.

    `overtaken` does not: the newest version, where that is not the one that the draft came from.
    """

    faults: int
    unchanged: bool  # it holds what the version holds that it came from, but for the number
    number: bool
    highest: str  # the highest number that is published; empty where none is
    overtaken: FrameworkVersion | None

    @property
    def any(self) -> bool:
        return bool(self.faults or self.unchanged or self.number)


def blocks_of(draft: FrameworkDraft) -> Blocks:
    """What keeps a draft from being published, but for the second editor."""
    newest = next(iter(published_versions(draft.framework)), None)
    highest = newest.version if newest else ""
    is_higher = is_version(draft.number) and (not highest or version_key(draft.number) > version_key(highest))
    overtaken = newest if draft.base_id and newest and newest.pk != draft.base_id else None
    return Blocks(len(check_draft(draft).faults), _is_unchanged(draft), not is_higher, highest, overtaken)


def _is_unchanged(draft: FrameworkDraft) -> bool:
    if not draft.base:
        return False
    held, came = ({**document_of(row), "version": ""} for row in (draft, draft.base))
    return canonical_json(held) == canonical_json(came)


def draft_events(draft: FrameworkDraft) -> QuerySet[Event]:
    """What the audit trail holds of a draft."""
    return _events().filter(object_type=DRAFT, object_id=str(draft.uuid))


def events_by(user: User) -> QuerySet[Event]:
    """What this person did that belongs to no organisation."""
    return _events().filter(actor=user)


def _events() -> QuerySet[Event]:
    every: QuerySet[Event] = Event.objects.unscoped("drafts belong to no organisation, nor do their events")
    return every.filter(organisation=None)


@dataclass(frozen=True, slots=True)
class EditorWork:
    """What waits for an editor: requests of others to look at, and open drafts (`faults` counts theirs)."""

    requests: tuple[FrameworkDraft, ...]
    drafts: tuple[FrameworkDraft, ...]

    @property
    def faulty(self) -> tuple[FrameworkDraft, ...]:
        """The open drafts with faults to mend; one that somebody asks to publish has none."""
        return tuple(draft for draft in self.drafts if draft.faults)


def work_of_editor(user: User) -> EditorWork:
    """What waits for this editor, latest change first; one statement, and no document is read."""
    drafts = tuple(FrameworkDraft.objects.open().light().order_by("-changed_at", "-pk"))
    requests = tuple(row for row in drafts if row.is_asked and row.asked_by_id != user.pk)
    return EditorWork(requests, drafts)


def open_notes(framework: str, question: str = "") -> QuerySet[QuestionNote]:
    """What respondents call unclear in a framework, of any version, and no editor settled; latest first."""
    notes = every_open_note().filter(version__framework=framework)
    return notes.filter(question_code=question) if question else notes


def every_open_note() -> QuerySet[QuestionNote]:
    """What respondents call unclear in any framework and no editor settled; latest first."""
    notes = QuestionNote.objects.filter(is_done=False).select_related("version").defer("version__document")
    return notes.order_by("-written_on", "-pk")


@dataclass(frozen=True, slots=True)
class WaitingNotes:
    """How many notes of respondents wait for an editor, and on how many questions."""

    notes: int
    questions: int


def waiting_notes() -> WaitingNotes:
    """What respondents call unclear and no editor settled, counted over every framework; one statement."""
    waiting = QuestionNote.objects.filter(is_done=False).order_by()
    counts = [
        row["n"] for row in waiting.values("version__framework", "question_code").annotate(n=Count("pk"))
    ]
    return WaitingNotes(sum(counts), len(counts))


def newest_spec(framework: str) -> FrameworkSpec | None:
    """The newest published version of a framework: what public pages show. None where none is installed."""
    newest = next((row for row in published_versions() if row.framework == framework), None)
    return spec_for(newest) if newest else None


@lru_cache(maxsize=16)
def _spec(digest: str, version_id: int) -> FrameworkSpec:
    document = FrameworkVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return parse_framework(json.loads(document))
