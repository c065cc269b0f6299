"""A drawing that stands alone: title and legend above it, notes below, every word inside the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from reports.document.drawing import INK, INK_2, INK_3, Drawing, Label, Sheet
from reports.document.keys import Entry, Key

MARGIN = 16.0
TITLE, SMALL, NAME = 11.0, 8.0, 8.5  # sizes of letters
LEADING = 3.0  # between two lines
ROW = 17.0  # of a legend
APART, BESIDE = 15.0, 6.0  # between two entries, and between a mark and its name
BEFORE = 12.0  # between two parts

Wide = Callable[[str, float, int], float]
"""How wide a text of this size and weight stands, in points."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a code, of the code of a note, and the room that words take."""

    say: Callable[[str], str]
    note: Callable[[str], str]
    wide: Wide


@dataclass(frozen=True, slots=True)
class Framed:
    """The parts from top to bottom, each with the place where it begins, and the box around them."""

    left: float
    width: float
    height: float
    parts: tuple[tuple[float, Drawing], ...]


def framed(drawing: Drawing, title: str, about: str, key: Key, words: Words) -> Framed:
    """The drawing with what it needs to stand alone; wider than it was where its labels ask for it."""
    said = replace(drawing, labels=tuple(_said(label, words) for label in drawing.labels))
    spans = [_span(label, words.wide) for label in said.labels]
    left = min([0.0, *(start for start, _ in spans)])
    room = max([drawing.width, *(end for _, end in spans)]) - left
    head = _paragraphs([(title, TITLE, 600, INK), (about, SMALL, 400, INK_3)], left, room, words)
    notes = [(words.note(code), SMALL, 400, INK_2) for code in key.notes]
    above = max([0.0, *(label.size - label.y for label in said.labels)])
    below = max([said.height, *(label.y + label.size / 4 for label in said.labels)])
    legend, foot = _legend(key, left, room, words), _paragraphs(notes, left, room, words)
    placed, y = [], MARGIN
    for part, over, under in (
        (head, 0.0, head.height),
        (legend, 0.0, legend.height),
        (said, above, below),
        (foot, 0.0, foot.height),
    ):
        if under:
            placed.append((round(y + over, 2), part))
            y += over + under + BEFORE
    left, room, y = round(left - MARGIN, 2), round(room + 2 * MARGIN, 2), round(y - BEFORE + MARGIN, 2)
    return Framed(left, room, y, tuple(placed))


def lines(text: str, size: float, weight: int, room: float, wide: Wide) -> list[str]:
    """The text in lines that fit the room; a word that is wider than a line is broken."""
    found = [""]
    for word in text.split():
        for piece in _pieces(word, size, weight, room, wide):
            longer = f"{found[-1]} {piece}".strip()
            if found[-1] and wide(longer, size, weight) > room:
                found.append(piece)
            else:
                found[-1] = longer
    return found if found[0] else []


def _pieces(word: str, size: float, weight: int, room: float, wide: Wide) -> Iterator[str]:
    """The word, or as many letters of it at a time as fit a line."""
    piece = ""
    for letter in word:
        if piece and wide(piece + letter, size, weight) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _said(label: Label, words: Words) -> Label:
    return replace(label, text=words.say(label.word), word="") if label.word else label


def _span(label: Label, wide: Wide) -> tuple[float, float]:
    """Where a label begins and ends across."""
    room = wide(label.text, label.size, label.weight)
    start = label.x - room * {"start": 0, "middle": 0.5, "end": 1}[label.anchor]
    return start, start + room


def _paragraphs(texts: list[tuple[str, float, int, str]], left: float, room: float, words: Words) -> Drawing:
    sheet, y = Sheet(room, left=left), 0.0
    for text, size, weight, fill in texts:
        for line in lines(text, size, weight, room, words.wide):
            y += size + LEADING
            sheet.label(left, y - LEADING, text=line, size=size, weight=weight, fill=fill)
    return sheet.finish(y)


def _legend(key: Key, left: float, room: float, words: Words) -> Drawing:
    """The entries in one row or, where they need more, in columns."""
    needs = [_mark_room(entry, words) + words.wide(_name(entry, words), NAME, 600) for entry in key.entries]
    sheet, y = Sheet(room, left=left), 0.0
    for row in _rows(needs, room):
        high = ROW
        for x, place in row:
            high = max(high, _entry(sheet, key.entries[place], (left + x, y), room, words))
        y += high
    return sheet.finish(y)


def _rows(needs: Sequence[float], room: float) -> list[list[tuple[float, int]]]:
    """(x, place of the entry) by row; the columns of several rows stand under one another."""
    if not needs:
        return []
    if sum(needs) + APART * (len(needs) - 1) <= room:
        starts = accumulate((need + APART for need in needs), initial=0.0)
        return [[(x, place) for x, place in zip(starts, range(len(needs)), strict=False)]]
    most = max(1, int((room + APART) // (max(needs) + APART)))
    across = ceil(len(needs) / ceil(len(needs) / most))  # as even as they can be
    step = (room + APART) / across
    found: list[list[tuple[float, int]]] = []
    for place in range(len(needs)):
        if place % across == 0:
            found.append([])
        found[-1].append((place % across * step, place))
    return found


def _entry(sheet: Sheet, entry: Entry, at: tuple[float, float], room: float, words: Words) -> float:
    """Draws an entry and returns how high it is: a long name goes on under its beginning."""
    x, y = at
    before, weight = _mark_room(entry, words), 400 if entry.mark or entry.head else 600
    if entry.head:
        sheet.label(x, y + ROW / 2 + 3, text=entry.head, size=NAME, weight=600, fill=INK)
    elif entry.mark:
        entry.mark(sheet, x, y + ROW / 2)
    told = lines(_name(entry, words), NAME, weight, room - before, words.wide)
    for row, line in enumerate(told):
        below = y + ROW / 2 + 3 + row * (NAME + LEADING)
        sheet.label(x + before, below, text=line, size=NAME, weight=weight, fill=INK)
    return ROW + max(0, len(told) - 1) * (NAME + LEADING)


def _name(entry: Entry, words: Words) -> str:
    return words.say(entry.word) if entry.word else entry.text


def _mark_room(entry: Entry, words: Words) -> float:
    """What stands before a name, and the room between them."""
    if entry.head:
        return words.wide(entry.head, NAME, 600) + BESIDE
    return entry.mark(Sheet(0), 0, 0) + BESIDE if entry.mark else 0
