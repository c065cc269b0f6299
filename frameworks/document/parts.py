"""The parts of a document as it stands, faults and all: questions, what names them, codes and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]  # as `read_document` or JSON gives it; any key may be missing or hold anything


@dataclass(frozen=True, slots=True)
class Naming:
    """One place that names a question. Kind: use_case, action, flag or proxies (which has no code)."""

    kind: str
    code: str
    name: str


def entries(held: object, key: str = "code") -> Iterator[tuple[str, Document]]:
    """The mappings of a list that have a code, each with it; a number, as of a level, as text."""
    for entry in held if isinstance(held, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get(key), str | int):
            yield str(entry[key]), entry


def entry_of(held: object, code: str, key: str = "code") -> Document | None:
    """The first mapping of a list with that code."""
    return next((entry for found, entry in entries(held, key) if found == code), None)


def text_of(entry: Mapping[str, Any], key: str) -> str:
    """The text under a key; empty where there is none."""
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def texts_of(entry: Mapping[str, Any], key: str) -> list[str]:
    """The texts of a list under a key."""
    held = entry.get(key)
    return [item for item in held if isinstance(item, str)] if isinstance(held, list) else []


def inner(document: Mapping[str, Any], key: str) -> Document:
    """The mapping under a key; empty where there is none."""
    held = document.get(key)
    return held if isinstance(held, dict) else {}


def questions_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Document]]:
    """Every question in document order: (dimension's code, its own code, question)."""
    for dimension, held in entries(document.get("dimensions")):
        for code, question in entries(held.get("questions")):
            yield dimension, code, question


def find_question(document: Mapping[str, Any], code: str) -> tuple[str, Document] | None:
    """The first question of that code, with the code of its dimension."""
    found = ((dimension, question) for dimension, held, question in questions_of(document) if held == code)
    return next(found, None)


def named_by(document: Mapping[str, Any], question: str) -> list[Naming]:
    """Everything that names a question: uses, actions, consistency rules, the derived DPMM level."""
    found = []
    if question in texts_of(inner(document, "dpmm"), "proxies"):
        found.append(Naming("proxies", "", ""))
    for code, use_case in entries(document.get("use_cases")):
        if entry_of(use_case.get("critical"), question, "question"):
            found.append(Naming("use_case", code, text_of(use_case, "name")))
    for code, action in entries(document.get("actions")):
        if question in texts_of(action, "raises"):
            found.append(Naming("action", code, text_of(action, "title")))
    for code, flag in entries(document.get("flags")):
        parts = [inner(flag, "when").get("question"), *(part for part, _ in _partners(flag))]
        if question in parts:
            found.append(Naming("flag", code, text_of(flag, "text")))
    return found


def _partners(flag: Document) -> Iterator[tuple[str, Document]]:
    return entries(flag.get("any_of"), "question")


def new_question(code: str, title: str) -> Document:
    """A question that has only its code and title: everything else is still to be written."""
    return {
        "code": code,
        "title": title,
        "text": "",
        "why": "",
        "weight": 1,
        "gate": False,
        "quick": False,
        "not_applicable": None,
        "areas": [],
        "roles": [],
        "anchors": [""] * 6,
        "evidence": "",
        "references": [],
    }


def move_before(held: list[Any], code: str, before: str) -> None:
    """Put the entry of that code before another, or last where that is not there."""
    entry = entry_of(held, code)
    place = next((place for place, other in enumerate(held) if other is entry), None)
    if place is None or code == before:
        return
    held.pop(place)
    target = entry_of(held, before)
    index = next((at for at, other in enumerate(held) if other is target), len(held))
    held.insert(index, entry)
