"""Finding a question by its words, and an answer by one's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from assessments.models import Assessment
from assessments.results import spec_of
from assessments.views.addresses import read_way_back
from assessments.views.rows import Row, rows_of
from assessments.views.shared import find_assessment, frame

LONGEST = 200  # characters of what is looked for
MOST_WORDS = 8
AROUND = 70  # characters shown on either side of a word that was found
SHOWN = 4  # places shown of one question

Pieces = tuple[tuple[str, bool], ...]  # text, whether it was looked for


@dataclass(frozen=True, slots=True)
class Place:
    """Where words were found: what kind of text, and the text around them."""

    label: str
    is_own: bool  # of the site's own answer
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Found:
    """A question that holds every word looked for, in its content or its answer."""

    row: Row
    places: tuple[Place, ...]


@require_GET
def find(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Questions and answers that hold every word of `q`, in document order."""
    assessment = find_assessment(request, uuid)
    words = " ".join(_plain(request.GET.get("q", "")).split())[:LONGEST]
    context = {
        **frame(assessment, "answers"),
        "words": words,
        "longest": LONGEST,
        "way_back": read_way_back(request.GET, assessment),
        "found": _find(assessment, words) if words else [],
    }
    return render(request, "assessments/find.html", context)


def _find(assessment: Assessment, words: str) -> list[Found]:
    every = [re.compile(re.escape(word), re.IGNORECASE) for word in words.split()[:MOST_WORDS]]
    any_of = re.compile("|".join(word.pattern for word in every), re.IGNORECASE)
    found = []
    for row in rows_of(assessment):
        texts = list(_texts(assessment, row))
        if all(any(word.search(text) for _label, _own, text in texts) for word in every):
            holding = [(label, own, text) for label, own, text in texts if any_of.search(text)]
            # What the site wrote comes first: it is what a person remembers typing.
            holding.sort(key=lambda place: not place[1])
            places = tuple(Place(label, own, _around(text, any_of)) for label, own, text in holding[:SHOWN])
            found.append(Found(row, places))
    return found


def _texts(assessment: Assessment, row: Row) -> Iterator[tuple[str, bool, str]]:
    """(what it is, whether the site wrote it, text) of a question and its answer."""
    question, answer = row.question, row.answer
    yield _("Code"), False, question.code
    yield _("Title"), False, question.title
    yield _("Question"), False, question.text
    yield _("Why it matters"), False, question.why
    for step in spec_of(assessment).levels:
        name = _("Anchor %(level)s %(name)s") % {"level": step.level, "name": step.name}
        yield name, False, question.anchors[step.level]
    yield _("An inspector would ask for"), False, question.evidence
    yield _("When it does not apply"), False, question.not_applicable or ""
    yield _("Comment"), True, _plain(answer.comment)
    yield _("Where the evidence is"), True, _plain(answer.evidence_note)
    yield _("Why it does not apply"), True, _plain(answer.reason)


def _plain(text: str) -> str:
    """The same letters in the same form, however they were typed; what cannot be looked for is left out."""
    return unicodedata.normalize("NFC", text.replace("\x00", ""))


def _around(text: str, words: re.Pattern[str]) -> Pieces:
    """The first place where a word stands, with what is around it, each word in it marked."""
    first = words.search(text)
    assert first  # the text holds one
    start, end = max(0, first.start() - AROUND), min(len(text), first.end() + AROUND)
    start = text.find(" ", start, first.start()) + 1 or start if start else 0
    end = text.rfind(" ", first.end(), end) if end < len(text) and " " in text[first.end() : end] else end
    pieces, at = [("…", False)] if start else [], start
    for match in words.finditer(text, start, end):
        pieces += [(text[at : match.start()], False), (match[0], True)]
        at = match.end()
    return (*pieces, (text[at:end], False), *([("…", False)] if end < len(text) else []))
