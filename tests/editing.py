"""What a page of a draft posts, and how a script sends one field of it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from frameworks.document.editing import find_slot
from frameworks.models import FrameworkDraft
from frameworks.queries import document_of

SCRIPT = {"HX-Request": "true"}
Q = "questions/D1-AAA"
PAGE = "question:D1-AAA"


def place(name: str, draft: FrameworkDraft, *codes: str) -> str:
    return reverse(f"editor:{name}", args=[draft.uuid, *codes])


def now(draft: FrameworkDraft) -> FrameworkDraft:
    """The draft as it stands."""
    return FrameworkDraft.objects.get(pk=draft.pk)


def value(draft: FrameworkDraft, field: str) -> Any:
    return find_slot(document_of(now(draft)), field).value


def mark(draft: FrameworkDraft, field: str) -> str:
    """The mark of what a page opened just now shows."""
    slot = find_slot(document_of(now(draft)), field)
    return slot.mark if slot else ""


def posted(draft: FrameworkDraft, page: str = PAGE, **more: Any) -> dict[str, Any]:
    return {"op_id": str(uuid.uuid4()), "page": page, **more}


def field(draft: FrameworkDraft, name: str, text: Any, seen: str | None = None) -> dict[str, Any]:
    """One field as it is posted; a list is posted as several controls, None as a control that is off."""
    values = {"seen:" + name: mark(draft, name) if seen is None else seen}
    return values if text is None else values | {"value:" + name: text}


def send(client: Client, draft: FrameworkDraft, name: str, text: Any, **more: Any) -> Any:
    """Save one field by script, as a page opened just now shows it."""
    page, seen = more.pop("page", PAGE), more.pop("seen", None)
    values = posted(draft, page) | field(draft, name, text, seen) | more
    return client.post(place("save", draft), values, headers=SCRIPT)


def reword(draft: FrameworkDraft) -> None:
    """Another title, in the database alone: the draft then differs from the version that it came from."""
    document = document_of(now(draft)) | {"title": "Another title"}
    FrameworkDraft.objects.filter(pk=draft.pk).update(document=json.dumps(document))
