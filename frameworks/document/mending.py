"""Where a fault of a document can be mended: the page and the field, found from the fault's place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from frameworks.document.editing import find_slot
from frameworks.document.faults import Fault
from frameworks.document.parts import Document, entry_of, find_question, text_of
from frameworks.document.shapes import LEVELS

_PLACE = re.compile(r"\w+(?:\.[\w-]+|\[\d+\])*")  # anything else names a key that is none of the format's
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]")
Steps = list[str | int]
# What the items of a list are called, and the key that tells one from another.
KINDS = {
    "levels": ("level", "level"),
    "areas": ("area", "code"),
    "roles": ("role", "code"),
    "evidence_grades": ("grade", "grade"),
    "glossary": ("term", "term"),
    "references": ("reference", "code"),
    "dimensions": ("dimension", "code"),
    "impact_classes": ("impact_class", "code"),
    "use_cases": ("use_case", "code"),
    "actions": ("action", "code"),
    "flags": ("flag", "code"),
}


@dataclass(frozen=True, slots=True)
class Mend:
    """A fault with what it is about, and where it can be mended.

    `kind`, `code` and `name` tell the part of the framework, `key` what of it. `page` is question,
    dimension, levels, crosswalk, use_case or publication, or yaml where only the file can mend it;
    `field` is the field's name on that page, or the part of the page.
    """

    fault: Fault
    kind: str
    code: str
    name: str
    key: str
    page: str
    field: str


def find_mend(document: Document, fault: Fault) -> Mend:
    """Where this fault of the document can be mended."""
    mend = _find(document, fault, _steps(fault.place))
    return replace(mend, field="") if mend.page == "yaml" else mend


def _find(document: Document, fault: Fault, steps: Steps) -> Mend:
    match steps:
        case ["dimensions", int(), "questions", int(), *rest]:
            return _of_question(document, fault, steps, rest)
        case ["dimensions", int(), "questions"]:
            dimension = _step_into(document, steps[:2])
            code = _first_code(document, "dimensions", dimension)
            page, field = "dimension" if code else "yaml", f"dimensions/{code}/questions"
            return Mend(fault, "dimension", code, _name(dimension), "questions", page, field)
        case ["dimensions", int(), *rest]:
            return _of_item(document, fault, steps, rest, "dimension")
        case ["levels", int(), *rest]:
            return _of_item(document, fault, steps, rest, "levels")
        case ["use_cases", int(), *rest]:
            return _of_use_case(document, fault, steps, rest)
        case ["dpmm", "ceilings", *rest]:
            return _of_ceiling(document, fault, rest)
        case ["version"]:
            return Mend(fault, "framework", "", "", "version", "publication", "version")
        case [str(section), int(), *rest] if section in KINDS:
            return _in_yaml(document, fault, section, rest)
    return Mend(fault, "framework", "", "", _joined(steps) or fault.place, "yaml", "")


def _steps(place: str) -> Steps:
    """`dimensions[2].name` in steps; none for the place of a key that the format does not know."""
    if not _PLACE.fullmatch(place):
        return []
    return [int(index) if index else key for key, index in _STEP.findall(place)]


def _of_question(document: Document, fault: Fault, steps: Steps, rest: Steps) -> Mend:
    question = _step_into(document, steps[:4])
    code = text_of(question, "code") if isinstance(question, dict) else ""
    found = find_question(document, code)
    key = _joined(rest)
    if isinstance(question, dict) and rest == ["anchors"]:
        # Anchors that are missing can be written; one too many can only go by the file.
        held = question.get("anchors")
        count = len(held) if isinstance(held, list) else 0
        rest = ["anchors", count] if count < len(LEVELS) else ["anchors", ""]
    name = _field("questions", code, rest)
    is_first = found is not None and found[1] is question
    page = "question" if is_first and find_slot(document, name) else "yaml"
    title = text_of(question, "title") if isinstance(question, dict) else ""
    return Mend(fault, "question", code, title, key, page, name)


def _of_item(document: Document, fault: Fault, steps: Steps, rest: Steps, page: str) -> Mend:
    """A dimension or a level: its own texts can be mended on its page."""
    section = str(steps[0])
    item = _step_into(document, steps[:2])
    code = _first_code(document, section, item)
    name = _field(section, code, rest)
    can = bool(code) and find_slot(document, name) is not None
    kind = KINDS[section][0]
    return Mend(fault, kind, code, _name(item), _joined(rest), page if can else "yaml", name)


def _of_use_case(document: Document, fault: Fault, steps: Steps, rest: Steps) -> Mend:
    use_case = _step_into(document, steps[:2])
    code = _first_code(document, "use_cases", use_case)
    key, name, page = _joined(rest), "", "yaml"
    match rest:
        case ["minima"]:
            name, page = f"use_cases/{code}/minima", "use_case"
        case ["minima" | "critical" as rows, int(place), *last]:
            named = "dimension" if rows == "minima" else "question"
            row = _step_into(use_case, [rows, place])
            inside = text_of(row, named) if isinstance(row, dict) else ""
            is_first = row is not None and entry_of(use_case[rows], inside, named) is row
            key = _joined([rows, inside or place, *last])
            name = _field("use_cases", code, [rows, inside, *(last if rows == "minima" else [])])
            page = "use_case" if is_first and find_slot(document, name) else "yaml"
        case ["dpmm", _]:
            name = _field("use_cases", code, rest)
            page = "use_case" if find_slot(document, name) else "yaml"
    return Mend(fault, "use_case", code, _name(use_case), key, page if code else "yaml", name)


def _of_ceiling(document: Document, fault: Fault, rest: Steps) -> Mend:
    if not rest:  # a row is missing: its cell is on the page
        return Mend(fault, "ceilings", "", "", "", "crosswalk", "matrix")
    row = _step_into(document, ["dpmm", "ceilings", rest[0]])
    codes = (str(row.get("dpmm")), text_of(row, "dimension")) if isinstance(row, dict) else ("", "")
    name = _field("ceilings", *codes, rest[1:])
    slot = find_slot(document, name)
    # A second row for the same cell is not the one that the page shows.
    is_first = slot is not None and _first_ceiling(document, codes) == rest[0]
    page = "crosswalk" if is_first else "yaml"
    return Mend(fault, "ceilings", "/".join(filter(None, codes)), "", _joined(rest[1:]), page, name)


def _first_ceiling(document: Document, codes: tuple[str, str]) -> int:
    for place, row in enumerate(document["dpmm"]["ceilings"]):
        if isinstance(row, dict) and (str(row.get("dpmm")), row.get("dimension")) == codes:
            return place
    return -1


def _in_yaml(document: Document, fault: Fault, section: str, rest: Steps) -> Mend:
    kind, key = KINDS[section]
    item = _step_into(document, _steps(fault.place)[:2])
    code = str(item.get(key, "")) if isinstance(item, dict) else ""
    return Mend(fault, kind, code, _name(item), _joined(rest), "yaml", "")


def _step_into(held: Any, steps: Steps) -> Any:
    """What stands at a place, or None."""
    for step in steps:
        if isinstance(held, dict):
            held = held.get(step)
        elif isinstance(held, list) and isinstance(step, int) and step < len(held):
            held = held[step]
        else:
            return None
    return held


def _first_code(document: Document, section: str, item: Any) -> str:
    """The item's code if it is the first of that code, else the empty text: pages are found by codes."""
    key = KINDS[section][1]
    code = str(item.get(key, "")) if isinstance(item, dict) else ""
    is_first = item is not None and entry_of(document.get(section), code, key) is item
    return code if is_first else ""


def _name(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    return text_of(item, "short_name") or text_of(item, "name") or text_of(item, "title")


def _joined(steps: Steps) -> str:
    """What of an item: `anchors/3`."""
    return "/".join(map(str, steps))


def _field(section: str, *rest: Any) -> str:
    """The name of a field: an index within a list of codes is no part of it."""
    *codes, steps = rest
    if steps and steps[0] in ("areas", "roles", "references"):
        steps = steps[:1]
    return "/".join([section, *codes, *map(str, steps)])
