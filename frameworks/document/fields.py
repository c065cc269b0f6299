"""The kinds of field in a framework document: each reads a value, says what it expects and writes it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from frameworks.document.faults import Faults, entry, found, inside
from frameworks.document.reading import MAX_INT
from frameworks.document.text import MAX_TEXT, tidy_text
from frameworks.document.versions import is_version

UNREAD: Any = type("Unread", (), {"__repr__": lambda self: "UNREAD"})()
"""Stands where a value could not be read; the cross checks pass over it."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHARE = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}))?")
_ATTRIBUTES = {"from": "from_level", "to": "to_level"}  # words that Python keeps for itself, and their pair


class Field(ABC):
    """One kind of value; `read` adds to the faults and gives UNREAD where something else stands."""

    @abstractmethod
    def expected(self) -> str:
        """What stands here, in words, as messages say it."""

    @abstractmethod
    def read(self, value: object, place: str, faults: Faults) -> Any:
        """The value, or UNREAD with its faults added."""

    def dump(self, value: Any) -> Any:
        """The value as it stands in the document."""
        return value

    @abstractmethod
    def stand_in(self) -> Any:
        """What a preview shows in the place of a value that could not be read."""

    def complete(self, value: Any) -> Any:
        """A value as read, with stand-ins for what could not be."""
        return self.stand_in() if value is UNREAD else value

    def refuse(self, value: object, place: str, faults: Faults) -> Any:
        """Report that something else was expected here."""
        hint = "" if isinstance(value, str) or not self._takes_text else _quotes_hint(value)
        is_empty = value is None or (isinstance(value, str) and not value.strip())
        code = "empty" if is_empty else self.fault
        faults.add(place, f"{self.expected()} expected, {found(value)}{hint}", code, expected=self.expected())
        return UNREAD

    _takes_text = False
    fault = "not_such"  # the code of what else stands here


def _quotes_hint(value: object) -> str:
    return " (text that looks like this needs quotes)" if isinstance(value, int | date) else ""


@dataclass(frozen=True)
class Text(Field):
    """A text that is not blank, within the limits of the format; or null where that is said."""

    limit: int = MAX_TEXT
    or_null: bool = False
    _takes_text = True
    fault = "not_text"

    def expected(self) -> str:
        return "text or null" if self.or_null else "text"

    def stand_in(self) -> str | None:
        return None if self.or_null else ""

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if value is None and self.or_null:
            return None
        if not isinstance(value, str) or not value.strip():
            return self.refuse(value, place, faults)
        text, wrong = tidy_text(value)
        if wrong is None and len(text) > self.limit:
            wrong = f"{self.limit:,} characters at most expected, {len(text):,} found"
        if wrong is None:
            return text
        faults.add(place, wrong, "text", wrong=wrong)
        return UNREAD


@dataclass(frozen=True)
class Matching(Field):
    """A text of a given form: a code, a version number."""

    wording: str
    fits: Callable[[str], object]
    _takes_text = True
    fault = "not_code"

    def expected(self) -> str:
        return self.wording

    def stand_in(self) -> str:
        return ""

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if isinstance(value, str) and self.fits(value):
            return str(value)
        return self.refuse(value, place, faults)


CODE = Matching("a code (at most 40 letters, digits, - _ .)", _CODE.fullmatch)
VERSION = Matching('a version number in quotes, such as "1.10",', is_version)


@dataclass(frozen=True)
class OneOf(Field):
    """One of a few texts."""

    values: tuple[str, ...]
    _takes_text = True
    fault = "not_choice"

    def expected(self) -> str:
        return f"one of {', '.join(self.values)}"

    def stand_in(self) -> str:
        return self.values[0]

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if isinstance(value, str) and value in self.values:
            return value
        return self.refuse(value, place, faults)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number between two bounds, both included."""

    low: int
    high: int = MAX_INT
    fault = "not_whole"

    def expected(self) -> str:
        if self.high == MAX_INT:
            return f"a whole number of at least {self.low}"
        return f"a whole number from {self.low} to {self.high}"

    def stand_in(self) -> int:
        return self.low

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        return self.refuse(value, place, faults)


@dataclass(frozen=True)
class TrueFalse(Field):
    """true or false."""

    fault = "not_yes_no"

    def expected(self) -> str:
        return "true or false"

    def stand_in(self) -> bool:
        return False

    def read(self, value: object, place: str, faults: Faults) -> Any:
        return value if isinstance(value, bool) else self.refuse(value, place, faults)


@dataclass(frozen=True)
class Day(Field):
    """A date, as a date or as ISO text; read as ISO text."""

    fault = "not_date"

    def expected(self) -> str:
        return "a date such as 2026-09-30"

    def stand_in(self) -> str:
        return ""

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if type(value) is date:
            return value.isoformat()
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                pass
        return self.refuse(value, place, faults)


@dataclass(frozen=True)
class Share(Field):
    """A share above 0 and at most 1, written n/d or as a whole number; written back in lowest terms."""

    fault = "not_share"

    def expected(self) -> str:
        return "a fraction above 0 and at most 1, such as 3/4,"

    def stand_in(self) -> Fraction:
        return Fraction(1)

    def read(self, value: object, place: str, faults: Faults) -> Any:
        number = str(value) if isinstance(value, str) or (value == 1 and type(value) is int) else ""
        parts = _SHARE.fullmatch(number)
        if parts and int(parts[2] or 1):
            share = Fraction(int(parts[1]), int(parts[2] or 1))
            if 0 < share <= 1:
                return share
        return self.refuse(value, place, faults)

    def dump(self, value: Fraction) -> str | int:
        return int(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


@dataclass(frozen=True)
class ListOf(Field):
    """A list of one kind of field, of a given length where one is given; read as a tuple."""

    item: Field
    exactly: int | None = None
    at_least: int = 0
    fault = "not_list"

    def expected(self) -> str:
        return "a list" if self.exactly is None else f"a list of {self.exactly}"

    def stand_in(self) -> tuple[Any, ...]:
        return tuple(self.item.stand_in() for _ in range(self.exactly or 0))

    def complete(self, value: Any) -> Any:
        read = () if value is UNREAD else tuple(self.item.complete(item) for item in value)
        return read + self.stand_in()[len(read) :]

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if not isinstance(value, list | tuple):
            return self.refuse(value, place, faults)
        if self.exactly is not None and len(value) != self.exactly:
            message = f"{self.exactly} expected, {len(value)} found"
            faults.add(place, message, "count", wanted=self.exactly, found=len(value))
        elif len(value) < self.at_least:
            message = f"at least {self.at_least} expected, {len(value)} found"
            faults.add(place, message, "few", wanted=self.at_least, found=len(value))
        return tuple(self.item.read(item, entry(place, index), faults) for index, item in enumerate(value))

    def dump(self, value: Any) -> Any:
        return [self.item.dump(item) for item in value]


@dataclass(frozen=True)
class Item(Field):
    """A mapping with known keys, every one of them given but for the optional ones; read as a shape."""

    shape: Callable[..., Any]
    fields: Mapping[str, Field]
    optional: Collection[str] = ()
    fault = "not_part"

    def expected(self) -> str:
        return "a mapping"

    def stand_in(self) -> Any:
        return self.shape(**{attribute(key): field.stand_in() for key, field in self.fields.items()})

    def complete(self, value: Any) -> Any:
        if value is UNREAD:
            return self.stand_in()
        pairs = {attribute(key): field for key, field in self.fields.items()}
        return self.shape(**{name: field.complete(getattr(value, name)) for name, field in pairs.items()})

    def read(self, value: object, place: str, faults: Faults) -> Any:
        if not isinstance(value, Mapping):
            return self.refuse(value, place or "document", faults)
        keys = ", ".join(self.fields)
        for key in value:
            if key not in self.fields:
                faults.add(
                    inside(place, key), f"unknown key; the keys here are {keys}", "unknown_key", keys=keys
                )
        return self.shape(
            **{attribute(key): self._read_key(value, key, place, faults) for key in self.fields},
        )

    def _read_key(self, value: Mapping[str, object], key: str, place: str, faults: Faults) -> Any:
        field = self.fields[key]
        if key in value:
            return field.read(value[key], inside(place, key), faults)
        if key in self.optional:
            return None
        faults.add(inside(place, key), f"{field.expected()} expected, but the key is missing", "missing")
        return UNREAD

    def dump(self, value: Any) -> Any:
        pairs = {key: getattr(value, attribute(key)) for key in self.fields}
        return {
            key: self.fields[key].dump(held)
            for key, held in pairs.items()
            if held is not None or key not in self.optional
        }


def attribute(key: str) -> str:
    """The name in the shape of a key of the document."""
    return _ATTRIBUTES.get(key, key)
