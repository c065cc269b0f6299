"""Words with a fixed meaning, found in the texts of questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from frameworks.document.shapes import FrameworkSpec, QuestionSpec, TermSpec

# Before and after a word that stands for itself; beside any other it is part of a compound ("data quality").
_PLAIN = re.compile(
    r"""
    a | an | the | each | every | all | any | no | one | this | that | these | those | such | and | or
    | nor | but | of | to | in | on | at | by | for | from | with | without | into | per | as | than
    | is | are | was | were | be | been | has | have | had | can | may | must | will | not | it | its
    | their | there | where | when | which | who | what | before | after | under | over | between
    """,
    re.VERBOSE,
)
_NEXT = re.compile(r"[ \n](\w+)")
_BEFORE = re.compile(r"(\w+)[ \n]$")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text; `term` is the number of the term that it uses, from 1, or None."""

    text: str
    term: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A question's texts with its terms marked, and the terms that its other texts use."""

    text: tuple[Stretch, ...]
    why: tuple[Stretch, ...]
    others: tuple[int, ...]  # numbers of terms in anchors and evidence that are not marked in text and why
    terms: tuple[tuple[int, TermSpec], ...]  # each term in use once, by number


@lru_cache(maxsize=1024)
def explain_question(glossary: tuple[TermSpec, ...], question: QuestionSpec) -> Explained:
    """The terms of a question, each marked where it is first used in its text or its why."""
    seen: set[int] = set()
    text = _mark(question.text, glossary, seen)
    why = _mark(question.why, glossary, seen)
    marked = set(seen)
    for other in (*question.anchors, question.evidence):
        _mark(other, glossary, seen)
    numbered = tuple((number, term) for number, term in enumerate(glossary, 1) if number in seen)
    return Explained(text, why, tuple(sorted(seen - marked)), numbered)


def explained(spec: FrameworkSpec, question: QuestionSpec) -> Explained:
    """The same for a question of a framework; found once in a process."""
    return explain_question(spec.glossary, question)


def _mark(text: str, glossary: Iterable[TermSpec], seen: set[int]) -> tuple[Stretch, ...]:
    """The text in stretches; terms met before (`seen`) stay unmarked, those met now are added to them."""
    found: list[tuple[int, int, int]] = []
    for number, term in enumerate(glossary, 1):
        place = None if number in seen else _first(term.term, text)
        if place and not any(start < place[1] and place[0] < end for start, end, _number in found):
            found.append((*place, number))
            seen.add(number)
    stretches, at = [], 0
    for start, end, number in sorted(found):
        stretches += [Stretch(text[at:start]), Stretch(text[start:end], number)]
        at = end
    return tuple(stretch for stretch in (*stretches, Stretch(text[at:])) if stretch.text)


def _first(term: str, text: str) -> tuple[int, int] | None:
    """Where a term is first used: "Historian, MES, LIMS" by any of the three, in singular or plural."""
    places = [
        (match.start(), match.end())
        for name in term.split(", ")
        for match in _pattern(name).finditer(text)
        if " " in name or _stands_alone(text, match.start(), match.end())
    ]
    return min(places, default=None)


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    exact = 0 if name.isupper() else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?:s|es)?(?![\w-])", exact)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = _BEFORE.search(text[:start]), _NEXT.match(text[end:])
    words = [match[1].casefold() for match in (before, after) if match]
    return all(_PLAIN.fullmatch(word) for word in words)
