"""What every page of a draft begins with: the gate, the draft, its document and where its faults lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from accounts.permissions import can_edit_content
from frameworks.document.difference import Difference, find_difference
from frameworks.document.editing import is_code
from frameworks.document.mending import Mend, find_mend
from frameworks.document.parts import Document, entries, text_of
from frameworks.document.versions import is_version
from frameworks.forms.faults import sentence_of
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.queries import check_draft, document_of

# A page of a draft where faults can be mended → the name of its address, and whether that takes a code.
PAGES = {
    "question": ("editor:question", True),
    "dimension": ("editor:dimension", True),
    "levels": ("editor:levels", False),
    "crosswalk": ("editor:crosswalk", False),
    "use_case": ("editor:use_case", True),
    "publication": ("editor:publication", False),
    "yaml": ("editor:yaml", False),
}


@dataclass(frozen=True)
class Opened:
    """A draft with its document and its faults, each with the place where it can be mended."""

    draft: FrameworkDraft

    @cached_property
    def document(self) -> Document:
        return document_of(self.draft)

    @cached_property
    def mends(self) -> list[Mend]:
        return [find_mend(self.document, fault) for fault in check_draft(self.draft).faults]

    @cached_property
    def faults(self) -> dict[str, list[str]]:
        """What is said of each field, by its name, and of each part of a page."""
        found: dict[str, list[str]] = {}
        for mend in self.mends:
            if mend.field:
                found.setdefault(mend.field, []).append(sentence_of(mend))
        return found

    def count(self, kind: str, code: str) -> int:
        """How many faults one part of the framework has."""
        return sum((mend.kind, mend.code) == (kind, code) for mend in self.mends)


def check_editor(request: SignedInRequest) -> None:
    """The gate of every page of the editor: it belongs to no organisation, and nobody else comes in."""
    if not can_edit_content(request.user):
        raise PermissionDenied


def find_draft(request: SignedInRequest, uuid: UUID) -> FrameworkDraft:
    """The draft, for an editor; else 403, and 404 where there is none."""
    check_editor(request)
    return get_object_or_404(FrameworkDraft.objects.for_page(), uuid=uuid)


def closed(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To the overview of a draft that no longer changes, saying so."""
    messages.error(request, _("This draft was published or discarded meanwhile: it no longer changes."))
    return redirect("editor:draft", uuid)


def find_version(framework: str, version: str) -> FrameworkVersion:
    """A published version by its code and number, or 404."""
    if not (is_code(framework) and is_version(version)):  # nor may the database be asked for anything else
        raise Http404
    published = FrameworkVersion.objects.published().select_related("published_by", "asked_by")
    return get_object_or_404(published, framework=framework, version=version)


def address(draft: FrameworkDraft, page: str, code: str = "", field: str = "") -> str:
    """Where a page of a draft is, and the field on it."""
    name, takes_code = PAGES[page]
    found = reverse(name, args=[draft.uuid, code] if takes_code else [draft.uuid])
    return f"{found}#{field}" if field else found


def difference_of(draft: FrameworkDraft) -> Difference:
    """What differs from the version that the draft came from; from nothing, all of it."""
    return compare(document_of(draft.base) if draft.base else {}, document_of(draft))


def compare(before: Document, after: Document) -> Difference:
    """The difference of two versions, but for their numbers: those always differ, and stand elsewhere."""
    return find_difference({**before, "version": ""}, {**after, "version": ""})


def frame(opened: Opened, tab: str) -> dict[str, Any]:
    """What the frame shows around every page of a draft."""
    return {
        "draft": opened.draft,
        "tab": tab,
        "faults": len(opened.mends),
        "faults_of_questions": faults_of_questions(opened),
    }


def faults_of_questions(opened: Opened) -> int:
    """How many faults the side list leads to: those of dimensions and their questions."""
    dimensions = list(entries(opened.document.get("dimensions")))
    return sum(
        any(_belongs(mend, dimension, code) for code, dimension in dimensions) for mend in opened.mends
    )


def contents(opened: Opened) -> list[dict[str, Any]]:
    """The side list: every dimension with its questions and how many faults each has."""
    return [
        {
            "code": code,
            "name": text_of(dimension, "short_name") or code,
            "faults": sum(_belongs(mend, dimension, code) for mend in opened.mends),
            "questions": [
                {
                    "code": asked,
                    "title": text_of(question, "title") or asked,
                    "gate": question.get("gate") is True,
                    "faults": opened.count("question", asked),
                }
                for asked, question in entries(dimension.get("questions"))
            ],
        }
        for code, dimension in entries(opened.document.get("dimensions"))
    ]


def _belongs(mend: Mend, dimension: Document, code: str) -> bool:
    codes = {asked for asked, _held in entries(dimension.get("questions"))}
    return (mend.kind == "question" and mend.code in codes) or (mend.kind, mend.code) == ("dimension", code)


def options_of(held: object, key: str = "code") -> list[tuple[str, str]]:
    """(code, name) of the items of a list, as choices."""
    return [
        (code, text_of(item, "name") or text_of(item, "title") or code) for code, item in entries(held, key)
    ]


def codes_of(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    return [code for code, _held in pairs]
