"""What an editor may want to think of before a draft is published; nothing of it keeps it from that."""

from __future__ import annotations

from typing import Any

from frameworks.document.faults import Fault
from frameworks.document.mending import Mend, find_mend
from frameworks.document.parts import entries, questions_of, text_of, texts_of
from frameworks.document.reminders import Reminder, find_reminders
from frameworks.queries import document_of
from frameworks.views.shared import Opened, address


def to_think_of(opened: Opened) -> dict[str, Any]:
    """What editor/_think.html shows: on the overview, and to who asks for a publication or makes it."""
    return {"outdated": _outdated(opened), "unraised": _unraised(opened)}


def _outdated(opened: Opened) -> list[tuple[Reminder, Mend, str]]:
    """Texts that name a number which was right in the version before, each with where it is changed."""
    base = opened.draft.base
    if not base:
        return []
    rows = []
    for reminder in find_reminders(document_of(base), opened.document):
        mend = find_mend(opened.document, Fault(reminder.place, reminder.said))
        rows.append((reminder, mend, address(opened.draft, mend.page, mend.code, mend.field)))
    return rows


def _unraised(opened: Opened) -> list[tuple[str, str, str]]:
    """Questions that no action raises: code, title, and where the actions are chosen."""
    raised = {
        code for _action, row in entries(opened.document.get("actions")) for code in texts_of(row, "raises")
    }
    return [
        (
            code,
            text_of(question, "title"),
            address(opened.draft, "question", code, f"questions/{code}/raised_by"),
        )
        for _dimension, code, question in questions_of(opened.document)
        if code not in raised
    ]
