"""Faults of a framework document: what is wrong and where, all of them in one exception."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple, NoReturn

MAX_FAULTS = 2_000
SHOWN = 40  # characters of the author's text that a message repeats
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Fault(NamedTuple):
    """One fault. Place: `dimensions[2].questions[4].anchors` (counted from 0), or `line 3, column 7`."""

    place: str
    message: str
    code: str = (
        ""  # which fault it is, for words of one's own; empty for faults of a file that cannot be read
    )
    about: tuple[tuple[str, str], ...] = ()  # what those words name: numbers and codes

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DocumentFaults(ValueError):  # it holds many
    """All faults found in a document, in the order in which they were found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class Faults:
    """Collects faults while a document is read. Beyond 2,000 it stops the reading: nobody reads on there."""

    def __init__(self) -> None:
        self._held: list[Fault] = []

    def add(self, place: str, message: str, code: str = "", **about: object) -> None:
        if len(self._held) == MAX_FAULTS:
            self.stop("document", f"more than {MAX_FAULTS:,} faults; these are the first", "too_many")
        named = tuple((key, str(value)) for key, value in about.items())
        self._held.append(Fault(place, message, code, named))

    def stop(
        self, place: str, message: str, code: str = "", about: tuple[tuple[str, str], ...] = ()
    ) -> NoReturn:
        """Raise what was found so far and one last fault, after which reading on makes no sense."""
        raise DocumentFaults([*self._held, Fault(place, message, code, about)])

    def raise_any(self) -> None:
        """Raise what was found, if anything."""
        if self._held:
            raise DocumentFaults(self._held)


def inside(place: str, key: object) -> str:
    """The place of a key within a mapping; the whole document's place is the empty text."""
    name = key if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else shown(key)
    return f"{place}.{name}" if place else str(name)


def entry(place: str, index: int) -> str:
    """The place of an entry within a list."""
    return f"{place}[{index}]"


def shown(value: object) -> str:
    """A value as a message repeats it: short, in quotes, with invisible characters escaped."""
    text = value if isinstance(value, str) else type(value).__name__
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def found(value: object) -> str:
    """What stands where something else was expected, in words."""
    match value:
        case None:
            return "null found"
        case bool():
            return f"{str(value).lower()} found"
        case int():
            return f"{value} found" if abs(value) < 2**64 else "a number of more than 64 bits found"
        case str():
            return f"the text {shown(value)} found" if value.strip() else "an empty text found"
        case date():
            return f"the date {value} found"
        case Mapping():
            return "a mapping found"
        case list() | tuple():
            return "a list found"
        case float():
            return "a decimal number found"
        case _:
            return f"a value of type {type(value).__name__} found"
