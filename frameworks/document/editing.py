"""The fields of a document that are edited one by one, each named by codes: `questions/D1-INV/anchors/3`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from frameworks.document.digest import canonical_json
from frameworks.document.faults import DocumentFaults, Faults, shown
from frameworks.document.fields import CODE, VERSION, Field, ListOf, Text
from frameworks.document.layout import (
    CEILING,
    CODES,
    DIMENSION,
    LEVEL,
    LEVEL_NAME,
    MINIMUM,
    QUESTION,
    TEXT,
    USE_CASE_DPMM,
)
from frameworks.document.parts import Document, entries, entry_of, find_question, texts_of
from frameworks.document.reading import MAX_BYTES, MAX_ENTRIES
from frameworks.document.shapes import DPMM_LEVELS, LEVELS
from frameworks.document.text import tidy_text

QUESTION_KEYS = (
    *("title", "text", "why", "weight", "gate", "quick", "not_applicable"),
    *("areas", "roles", "evidence", "references"),
)
DIMENSION_KEYS = ("name", "short_name", "weight", "summary")
LEVEL_KEYS = ("name", "summary")
CEILING_KEYS = ("sustained", "ring_fenced", "because")
MINIMUM_KEYS = ("level", "because")
DPMM_KEYS = ("bounded", "site_wide", "because")
NOT_CRITICAL = "no"
AS_ITS_DIMENSION = "dimension"


class CriticalLevel(Field):
    """What a use case asks of one question: nothing, the minimum of its dimension, or a level of its own."""

    def expected(self) -> str:
        return f"{NOT_CRITICAL}, {AS_ITS_DIMENSION} or {LEVEL.expected()}"

    def stand_in(self) -> str:
        return NOT_CRITICAL

    def read(self, value: object, place: str, faults: Faults) -> Any:
        is_word = value in (NOT_CRITICAL, AS_ITS_DIMENSION)
        return value if is_word else LEVEL.read(value, place, faults)


CRITICAL = CriticalLevel()


@dataclass(frozen=True)
class ActionCodes(ListOf):
    """Codes of actions of the draft, in no order: those that raise a question."""

    known: frozenset[str] = frozenset()

    def read(self, value: object, place: str, faults: Faults) -> Any:
        codes = super().read(value, place, faults)
        for code in codes if isinstance(codes, tuple) else ():
            if code not in self.known:
                message = f"the code of an action expected, {shown(code)} is none"
                faults.add(place, message, "not_there", given=code)
        return codes


def is_ticked(field: Field) -> bool:
    """Whether a field holds codes that are ticked: their order tells nothing."""
    return field is CODES or isinstance(field, ActionCodes)


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a document: what may stand in it, what does, and how to put something else there."""

    field: Field
    value: Any  # as it stands, right or wrong; None where nothing does
    put: Callable[[Any], None]

    @property
    def mark(self) -> str:
        """The mark of what stands in it."""
        return mark_in(self.field, self.value)


def find_slot(document: Document, name: str) -> Slot | None:
    """The field of that name, or None where the document has none such or it is not edited one by one.

    A ceiling, a minimum or an anchor that is missing has a slot too, if what it belongs to is there:
    putting a value makes the row.
    """
    match name.split("/"):
        case ["version"]:
            return _key(document, "version", VERSION)
        case ["levels", level, key] if key in LEVEL_KEYS:
            return _key(entry_of(document.get("levels"), level, "level"), key, LEVEL_NAME.fields[key])
        case ["dimensions", code, "headlines", number]:
            return _place(entry_of(document.get("dimensions"), code), "headlines", number)
        case ["dimensions", code, key] if key in DIMENSION_KEYS:
            return _key(entry_of(document.get("dimensions"), code), key, DIMENSION.fields[key])
        case ["questions", code, *rest]:
            found = find_question(document, code)
            if found and rest == ["raised_by"]:
                return _raised_slot(document, code)
            return _question_slot(found[1], rest) if found else None
        case ["ceilings", dpmm, dimension, key] if key in CEILING_KEYS:
            return _ceiling_slot(document, dpmm, dimension, key)
        case ["use_cases", code, *rest]:
            use_case = entry_of(document.get("use_cases"), code)
            return _use_case_slot(document, use_case, rest) if use_case else None
    return None


def to_store(field: Field, value: Any) -> tuple[Any, str]:
    """(value to store, what is wrong with it in words or ""): blank texts and empty lists may be stored.

    A draft may be unfinished, so that a text or a list is allowed to be empty; anything else must be what
    the field holds. Texts lose blanks around them and become NFC.
    """
    if isinstance(field, Text) and isinstance(value, str):
        text, wrong = tidy_text(value.strip())
        return (None if field.or_null and not text else text), wrong or ""
    if isinstance(field, ListOf) and value == []:
        return value, ""
    faults = Faults()
    field.read(value, "value", faults)
    try:
        faults.raise_any()
    except DocumentFaults as found:
        return value, "; ".join(fault.message for fault in found.faults)
    return value, ""


def mark_in(field: Field, value: Any) -> str:
    """The mark of a value of a field; the order of a list of codes counts only where it means something."""
    is_unordered = (
        is_ticked(field) and isinstance(value, list) and all(isinstance(code, str) for code in value)
    )
    return mark_of(sorted(value) if is_unordered else value)


def mark_of(value: Any) -> str:
    """A short mark of a value, to tell whether it is still the one that a page showed."""
    return hashlib.sha256(canonical_json({"value": value}).encode()).hexdigest()[:16]


def _key(holder: Document | None, key: str, field: Field) -> Slot | None:
    if holder is None:
        return None

    def put(value: Any) -> None:
        holder[key] = value

    return Slot(field, holder.get(key), put)


def _place(holder: Document | None, key: str, number: str) -> Slot | None:
    """One of six texts; those missing before it are put in as empty ones."""
    if holder is None or number not in map(str, LEVELS):
        return None
    place = int(number)
    held = holder.get(key)
    texts = held if isinstance(held, list) else []

    def put(value: Any) -> None:
        holder[key] = texts
        texts.extend([""] * (len(LEVELS) - len(texts)))
        texts[place] = value

    return Slot(TEXT, texts[place] if place < len(texts) else None, put)


def _question_slot(question: Document, rest: list[str]) -> Slot | None:
    match rest:
        case ["anchors", number]:
            return _place(question, "anchors", number)
        case [key] if key in QUESTION_KEYS:
            return _key(question, key, QUESTION.fields[key])
    return None


def _raised_slot(document: Document, question: str) -> Slot:
    """The actions that raise a question: they stand in the actions, each of which lists what it raises."""
    actions = dict(entries(document.get("actions")))

    def put(value: Any) -> None:
        for code, action in actions.items():
            raises = action["raises"] if isinstance(action.get("raises"), list) else []
            if code in value and question not in raises:
                action["raises"] = [*raises, question]
            elif code not in value and question in raises:
                action["raises"] = [held for held in raises if held != question]

    raising = [code for code, action in actions.items() if question in texts_of(action, "raises")]
    return Slot(ActionCodes(CODE, known=frozenset(actions)), raising, put)


def _ceiling_slot(document: Document, dpmm: str, dimension: str, key: str) -> Slot | None:
    crosswalk = document.get("dpmm")
    is_cell = dpmm in map(str, DPMM_LEVELS) and entry_of(document.get("dimensions"), dimension) is not None
    if not is_cell or not isinstance(crosswalk, dict):
        return None
    rows = crosswalk.get("ceilings")
    codes = {"dpmm": int(dpmm), "dimension": dimension}
    return _row_key(crosswalk, "ceilings", ceiling_of(rows, dpmm, dimension), codes, key, CEILING.fields[key])


def ceiling_of(rows: object, dpmm: str, dimension: str) -> Document | None:
    """The first row of the crosswalk for a DPMM level and a dimension."""
    held = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return next(
        (row for row in held if (str(row.get("dpmm")), row.get("dimension")) == (dpmm, dimension)), None
    )


def _use_case_slot(document: Document, use_case: Document, rest: list[str]) -> Slot | None:
    match rest:
        case ["minima", dimension, key] if key in MINIMUM_KEYS:
            if entry_of(document.get("dimensions"), dimension) is None:
                return None
            row = entry_of(use_case.get("minima"), dimension, "dimension")
            return _row_key(use_case, "minima", row, {"dimension": dimension}, key, MINIMUM.fields[key])
        case ["critical", question]:
            return _critical_slot(document, use_case, question)
        case ["dpmm", key] if key in DPMM_KEYS and isinstance(use_case.get("dpmm"), dict):
            return _key(use_case["dpmm"], key, USE_CASE_DPMM.fields[key])
    return None


def _row_key(
    holder: Document, rows: str, row: Document | None, codes: Mapping[str, Any], key: str, field: Field
) -> Slot:
    """A key of a row; the row is made when it is missing."""

    def put(value: Any) -> None:
        if row is not None:
            row[key] = value
            return
        if not isinstance(holder.get(rows), list):
            holder[rows] = []
        holder[rows].append({**codes, key: value})

    return Slot(field, None if row is None else row.get(key), put)


def _critical_slot(document: Document, use_case: Document, question: str) -> Slot | None:
    row = entry_of(use_case.get("critical"), question, "question")
    if row is None and find_question(document, question) is None:
        return None

    def put(value: Any) -> None:
        kept = use_case.get("critical")
        kept = kept if isinstance(kept, list) else []
        level = {} if value == AS_ITS_DIMENSION else {"level": value}
        wanted = [] if value == NOT_CRITICAL else [{"question": question, **level}]
        place = next((at for at, held in enumerate(kept) if held is row), len(kept))
        use_case["critical"] = [*kept[:place], *wanted, *kept[place + 1 :]]

    value = NOT_CRITICAL if row is None else row.get("level", AS_ITS_DIMENSION)
    return Slot(CRITICAL, value, put)


def too_much(document: Mapping[str, Any]) -> str:
    """What bound of the format an edited document goes beyond, or ""; single texts are checked before."""
    if len(canonical_json(document).encode()) > MAX_BYTES:
        return f"{MAX_BYTES:,} bytes at most expected, more found"
    if _entries(document) > MAX_ENTRIES:
        return f"{MAX_ENTRIES:,} list entries and keys at most expected, more found"
    return ""


def _entries(held: object) -> int:
    if isinstance(held, Mapping):
        return len(held) + sum(map(_entries, held.values()))
    return len(held) + sum(map(_entries, held)) if isinstance(held, list) else 0


def is_code(text: str) -> bool:
    """Whether a text may be the code of something new."""
    return bool(CODE.fits(text))
