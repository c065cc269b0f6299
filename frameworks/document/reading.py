"""Reads the YAML of a framework document safely: bounded in size, depth, entries, time and memory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import yaml
from yaml import CSafeLoader

from frameworks.document.faults import Fault, Faults, entry, found, inside, shown
from frameworks.document.text import FORBIDDEN_IN_FILE, forbidden, tidy_text

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 12
MAX_ENTRIES = 20_000  # list entries and mapping keys of the whole document
MAX_INT = 2**63 - 1
TOO_DEEP = f"{MAX_DEPTH} levels of nesting at most expected, more found"
TOO_LARGE = Fault("document", f"{MAX_BYTES:,} bytes at most expected, more found")

WORDS: dict[str, bool | None] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
_INT = re.compile(r"0|-?[1-9][0-9]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# The scanner compares each %TAG with all before it: many of them take quadratic time before the first event.
_DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%")


def read_document(text: str | bytes) -> dict[str, Any]:
    """The mapping in a YAML text; its values are text, int, true/false, null, date, lists and mappings.

    Framework document format, limits: 2 MiB of UTF-8, depth 12, 20,000 entries, text of 8,000 characters
    (made NFC), whole numbers of 64 bits; one document; no alias, tag, directive or repeated key. Unquoted
    `NO`, `12:34:56`, `1.10` and the like are text. Raises DocumentFaults, and nothing else.
    """
    faults = Faults()
    source = _decoded(text, faults)
    _check_characters(source, faults)
    building = _Building(faults)
    try:
        for event in yaml.parse(source, Loader=CSafeLoader):
            building.take(event)
    except yaml.YAMLError as error:
        faults.stop(*_syntax_fault(error))
    if not isinstance(building.root, dict):
        what = found(building.root) if building.has_root else "nothing found"
        faults.add("document", f"a mapping expected, {what}")
    faults.raise_any()
    root: dict[str, Any] = building.root
    return root


def _decoded(text: str | bytes, faults: Faults) -> str:
    """The text without a byte-order mark, its size checked before anything else."""
    if len(text) > MAX_BYTES:
        faults.stop(*TOO_LARGE)
    if isinstance(text, str):
        try:
            size = len(text.encode("utf-8"))
        except UnicodeEncodeError as error:
            faults.stop(_place(text, error.start), forbidden(text[error.start]))
        if size > MAX_BYTES:
            faults.stop(*TOO_LARGE)
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        faults.stop(_place(before, len(before)), "UTF-8 expected, other bytes found")


def _check_characters(source: str, faults: Faults) -> None:
    """Refuse what the YAML scanner should not even see."""
    hidden = FORBIDDEN_IN_FILE.search(source)
    if hidden:
        faults.add(_place(source, hidden.start()), forbidden(hidden.group()))
    directive = _DIRECTIVE.search(source)
    if directive:
        faults.add(_place(source, directive.start()), "no line may begin with % (no YAML directives)")
    faults.raise_any()


def _place(source: str, position: int) -> str:
    line = 1 + sum(1 for _ in _LINE_BREAK.finditer(source, 0, position))
    last_break = max(source.rfind("\n", 0, position), source.rfind("\r", 0, position))
    return f"line {line}, column {position - last_break}"


def _syntax_fault(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
    if "nesting depth" in str(getattr(error, "problem", "")):  # the scanner's bound, which is wider than ours
        return Fault(place, TOO_DEEP)
    parts = [
        getattr(error, "context", None),
        getattr(error, "problem", None) or getattr(error, "reason", None),
    ]
    return Fault(place, f"not valid YAML: {', '.join(part for part in parts if part) or 'it cannot be read'}")


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    place: str
    value: list[Any] | dict[str, Any]
    key: str | None = None  # the key that waits for its value
    lines: dict[str, int] = field(default_factory=dict)  # the line on which each key was first given


class _Building:
    """Builds values from YAML events one by one, so that every bound is met before memory is spent."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.root: Any = None
        self.has_root = False
        self._open: list[_Open] = []
        self._entries = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            if self.has_root:
                self._stop(event, "one document expected, a second one begins")
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)

    def _take_node(self, event: yaml.NodeEvent) -> None:
        parent = self._open[-1] if self._open else None
        is_key = parent is not None and isinstance(parent.value, dict) and parent.key is None
        if parent is not None and (is_key or isinstance(parent.value, list)):
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                self._stop(event, f"{MAX_ENTRIES:,} list entries and keys at most expected, more found")
        if is_key and parent is not None:
            self._take_key(event, parent)
            return
        place = self._next_place()
        self._refuse_extras(event, place)
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._value(event, place))
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) == MAX_DEPTH:
                self._stop(event, TOO_DEEP)
            opened = _Open(place, {} if isinstance(event, yaml.MappingStartEvent) else [])
            self._put(opened.value)
            self._open.append(opened)
        else:
            self._put(None)  # an alias, refused already

    def _take_key(self, event: yaml.NodeEvent, parent: _Open) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(event, "a key written as text expected")
        key, wrong = tidy_text(event.value)
        place = inside(parent.place, key)
        if wrong:
            self._fault(place, event, wrong)
        self._refuse_extras(event, place)
        if key in parent.lines:
            self._fault(place, event, f"this key is given twice, first on line {parent.lines[key]}")
        parent.lines.setdefault(key, _mark(event).line + 1)
        parent.key = key

    def _refuse_extras(self, event: yaml.NodeEvent, place: str) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(place, event, f"no aliases: write the value out instead of {shown(event.anchor)}")
        elif event.anchor is not None:
            self._fault(place, event, f"no anchors: remove {shown(event.anchor)}")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault(place, event, f"no tags: remove {shown(tag)}")

    def _value(self, event: yaml.ScalarEvent, place: str) -> object:
        if event.implicit[0]:  # written without quotes
            if event.value in WORDS:
                return WORDS[event.value]
            if _INT.fullmatch(event.value):
                return self._whole_number(event, place)
            if _DATE.fullmatch(event.value):
                try:
                    return date.fromisoformat(event.value)
                except ValueError:
                    pass  # 2026-02-31 is no date: the checks will say what was expected
        text, wrong = tidy_text(event.value)
        if wrong:
            self._fault(place, event, wrong)
        return text

    def _whole_number(self, event: yaml.ScalarEvent, place: str) -> int:
        number = int(event.value) if len(event.value) <= 20 else None
        if number is None or not -MAX_INT - 1 <= number <= MAX_INT:
            self._fault(place, event, "a whole number of at most 64 bits expected, a larger one found")
            return 0
        return number

    def _put(self, value: object) -> None:
        if not self._open:
            self.root, self.has_root = value, True
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is not None:
            parent.value[parent.key] = value
            parent.key = None

    def _next_place(self) -> str:
        """The place of the value that comes next."""
        if not self._open:
            return ""
        parent = self._open[-1]
        if isinstance(parent.value, list):
            return entry(parent.place, len(parent.value))
        return inside(parent.place, parent.key)

    def _fault(self, place: str, event: yaml.NodeEvent, message: str) -> None:
        self.faults.add(place or "document", f"line {_mark(event).line + 1}: {message}")

    def _stop(self, event: yaml.Event, message: str) -> NoReturn:
        mark = _mark(event)
        self.faults.stop(f"line {mark.line + 1}, column {mark.column + 1}", message)


def _mark(event: yaml.Event) -> Any:
    """Where an event begins; lines and columns are counted from 0. The scanner always gives it."""
    return event.start_mark
