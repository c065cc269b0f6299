"""What respondents find unclear, over all drafts: the questions that have notes, and where to reword them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from frameworks.document.parts import Document, questions_of, text_of
from frameworks.models import FrameworkDraft, QuestionNote
from frameworks.queries import document_of, every_open_note, newest_spec, work_of_editor
from frameworks.views.shared import check_editor

SHOWN = 5  # notes of one question; all of them stand beside it in a draft


@dataclass(frozen=True, slots=True)
class Noted:
    """A question with its notes, latest first; `draft` holds it, where one is open."""

    framework: str
    code: str
    title: str
    draft: FrameworkDraft | None
    notes: list[QuestionNote]

    @property
    def shown(self) -> list[QuestionNote]:
        return self.notes[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.notes) - SHOWN)


@require_GET
def notes(request: SignedInRequest) -> HttpResponse:
    """Every note that waits, by question; each leads to the question in the draft that this editor is at."""
    check_editor(request)
    drafts = work_of_editor(request.user).drafts
    by_framework: dict[str, list[QuestionNote]] = {}
    for note in every_open_note():
        by_framework.setdefault(note.version.framework, []).append(note)
    rows = [
        row
        for framework, held in by_framework.items()
        for row in _of_framework(framework, held, _draft_to_edit(request, framework, drafts))
    ]
    return render(request, "frameworks/editor/notes.html", {"rows": rows})


def _draft_to_edit(
    request: SignedInRequest, framework: str, drafts: Iterable[FrameworkDraft]
) -> FrameworkDraft | None:
    """The editor's own latest, else the latest; one that is asked for comes last: an edit takes that back."""
    mine = [draft for draft in drafts if draft.framework == framework]
    return min(mine, key=lambda draft: (draft.is_asked, draft.changed_by_id != request.user.pk), default=None)


def _of_framework(framework: str, held: list[QuestionNote], draft: FrameworkDraft | None) -> list[Noted]:
    """The noted questions in the order of the framework; those that are asked no longer come last."""
    document: Document = document_of(draft) if draft else {}
    titles = {code: text_of(question, "title") for _dimension, code, question in questions_of(document)}
    spec = newest_spec(framework)
    published = {code: question.title for code, question in spec.questions.items()} if spec else {}
    order = {code: place for place, code in enumerate(titles or published)}
    by_code: dict[str, list[QuestionNote]] = {}
    for note in sorted(
        held, key=lambda note: (order.get(note.question_code, len(order)), note.question_code)
    ):
        by_code.setdefault(note.question_code, []).append(note)
    return [
        Noted(
            framework,
            code,
            titles.get(code) or published.get(code, code),
            draft if code in titles else None,
            found,
        )
        for code, found in by_code.items()
    ]
