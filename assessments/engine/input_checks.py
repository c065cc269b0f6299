"""Checks of single values in an input: what is expected, what is found, and where."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from assessments.engine.strict_json import JsonObject, found_in_json
from frameworks.document.faults import Fault, entry, inside


class InputChecks:
    """Collects faults while an input is read; a check gives None, or nothing inside, after a fault."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append(Fault(place or "document", message))

    def expected(self, place: str, what: str, value: object) -> None:
        self.fault(place, f"{what} expected, {found_in_json(value)}")

    def pairs(self, value: object, place: str) -> dict[str, Any]:
        """The members of an object, each key once."""
        if not isinstance(value, JsonObject):
            self.expected(place, "an object", value)
            return {}
        members: dict[str, Any] = {}
        repeated: set[str] = set()
        for key, held in value.pairs:
            if key in members and key not in repeated:
                repeated.add(key)
                self.fault(inside(place, key), "given more than once")
            members.setdefault(key, held)
        return members

    def members(
        self, value: object, place: str, needed: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Any]:
        """The members of an object whose keys the method names."""
        members = self.pairs(value, place)
        for key in members:
            if key not in needed and key not in optional:
                self.fault(inside(place, key), "not a key that is known here")
        if isinstance(value, JsonObject):
            for key in needed:
                if key not in members:
                    self.fault(inside(place, key), "expected, not given")
        return members

    def entries(self, value: object, place: str) -> list[tuple[str, Any]]:
        """The entries of a list, each with its place."""
        if not isinstance(value, list):
            self.expected(place, "a list", value)
            return []
        return [(entry(place, number), held) for number, held in enumerate(value)]

    def text(self, value: object, place: str) -> str | None:
        if isinstance(value, str):
            return value
        self.expected(place, "a text", value)
        return None

    def choice(self, value: object, place: str, choices: tuple[str, ...], words: str) -> str | None:
        if isinstance(value, str) and value in choices:
            return value
        self.expected(place, words, value)
        return None

    def whole(self, value: object, place: str, lowest: int, highest: int | None = None) -> int | None:
        """A whole number within bounds, both included; true and false are none."""
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and lowest <= value
            and (highest is None or value <= highest)
        ):
            return value
        self.expected(place, f"{lowest} or more" if highest is None else f"{lowest} to {highest}", value)
        return None
