"""JSON read strictly: bounded, nothing dropped, and numbers that are not whole kept as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from frameworks.document.faults import SHOWN, Fault, found

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 8
MAX_DIGITS = 18
BYTE_ORDER_MARK = "\ufeff"
# A whole string, even one that never ends, or one bracket: so brackets inside strings do not count.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)|[\[\]{}]', re.DOTALL)


class InputFaults(ValueError):  # it holds many
    """All faults found in an input, in the order in which they were found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object with its keys as written, repeated ones included."""

    pairs: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class OddNumber:
    """A number that is not whole or has too many digits; never a value of ours, so its text is enough."""

    text: str


def parse_json(source: str | bytes) -> Any:
    """The value in a JSON text: JsonObject, list, text, int, OddNumber, true, false or None.

    At most 2 MiB of UTF-8 and 8 levels deep. Raises InputFaults, with one fault, where nothing can be read.
    """
    text = _decoded(source)
    _check_depth(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=lambda pairs: JsonObject(tuple(pairs)),
            parse_int=_whole_number,
            parse_float=OddNumber,
            parse_constant=OddNumber,
        )
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at").removesuffix(" starting")
        place = f"line {error.lineno}, column {error.colno}"
        raise InputFaults([Fault(place, f"not valid JSON: {what[:1].lower()}{what[1:]}")]) from None


def found_in_json(value: object) -> str:
    """What stands where something else was expected, in words."""
    match value:
        case JsonObject():
            return "an object found"
        case OddNumber(text):
            return f"{text if len(text) <= SHOWN else text[:SHOWN] + '…'} found"
        case _:
            return found(value)


def _decoded(source: str | bytes) -> str:
    if len(source) > MAX_BYTES:
        raise _too_large()
    if isinstance(source, str):
        # A lone surrogate has no UTF-8; it is left for the check of the value that it stands in.
        if len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise _too_large()
        return source.removeprefix(BYTE_ORDER_MARK)
    try:
        return source.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode("utf-8")
        raise InputFaults(
            [Fault(_place(before, len(before)), f"not UTF-8: byte 0x{source[error.start]:02x}")]
        ) from None


def _too_large() -> InputFaults:
    return InputFaults([Fault("document", f"{MAX_BYTES:,} bytes at most expected, more found")])


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser follows it."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        bracket = token.group()
        if bracket in "[{":
            depth += 1
        elif bracket in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            message = f"{MAX_DEPTH} levels at most expected, more found"
            raise InputFaults([Fault(_place(text, token.start()), message)])


def _place(text: str, position: int) -> str:
    line_start = text.rfind("\n", 0, position) + 1
    return f"line {text.count(chr(10), 0, position) + 1}, column {position - line_start + 1}"


def _whole_number(text: str) -> int | OddNumber:
    return int(text) if len(text.removeprefix("-")) <= MAX_DIGITS else OddNumber(text)
