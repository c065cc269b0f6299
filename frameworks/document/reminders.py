"""Texts of a draft that name a number which was right before: "fifty questions" once one is added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from frameworks.document.faults import entry, inside
from frameworks.document.parts import entries, questions_of

_ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {word: number for number, word in enumerate(_ONES, start=1)}
WORDS |= {word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)}
WORDS |= {f"{ten}-{one}": WORDS[ten] + WORDS[one] for ten in _TENS for one in _ONES[:9]}
NOUNS = ("questions", "gate questions", "use cases", "actions", "references", "consistency rules")
_NAMED = re.compile(rf"\b(\d{{1,4}}|[a-z]+(?:-[a-z]+)?) ({'|'.join(NOUNS)})\b", re.IGNORECASE)


class Reminder(NamedTuple):
    """A text that names a number of something: where, what it says, and how many there are now."""

    place: str
    said: str
    now: int


def find_reminders(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Reminder]:
    """Texts of `after` that name how many there were in `before`, where there are others now.

    A number that was not the count before is about something else, and is passed over.
    """
    earlier, now = _counts(before), _counts(after)
    found = []
    for place, text in _texts(after, ""):
        for match in _NAMED.finditer(text):
            noun, number = match[2].lower(), match[1].lower()
            value = int(number) if number.isdigit() else WORDS.get(number)
            if value == earlier[noun] != now[noun]:
                found.append(Reminder(place, match[0], now[noun]))
    return found


def _counts(document: Mapping[str, Any]) -> dict[str, int]:
    questions = [question for _dimension, _code, question in questions_of(document)]
    return {
        "questions": len(questions),
        "gate questions": sum(question.get("gate") is True for question in questions),
        "use cases": len(list(entries(document.get("use_cases")))),
        "actions": len(list(entries(document.get("actions")))),
        "references": len(list(entries(document.get("references")))),
        "consistency rules": len(list(entries(document.get("flags")))),
    }


def _texts(held: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text with its place."""
    if isinstance(held, str):
        yield place, held
    elif isinstance(held, Mapping):
        for key, value in held.items():
            yield from _texts(value, inside(place, key))
    elif isinstance(held, list):
        for index, value in enumerate(held):
            yield from _texts(value, entry(place, index))
