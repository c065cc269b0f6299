"""What is different between two framework documents, item by item and field by field; faults do no harm."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from frameworks.document.digest import canonical_json
from frameworks.document.editing import AS_ITS_DIMENSION
from frameworks.document.fields import CODE, Field, Item, ListOf, Text
from frameworks.document.layout import CEILING, CRITICAL, DIMENSION, DOCUMENT, DPMM, QUESTION, TEXT
from frameworks.document.parts import Document, entries, inner, questions_of, text_of
from frameworks.document.wording import Patience, Pieces, compare_wording

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# The kinds of item in the order in which they are told; "framework" is the document's own texts and figures.
KINDS = (
    *("framework", "question", "dimension", "level", "ceiling", "use_case", "action", "flag", "reference"),
    *("dpmm_level", "impact_class", "evidence_grade", "area", "role", "term"),
)
_LISTS = {  # kind → (key of the list, key that tells its items apart)
    "level": ("levels", "level"),
    "area": ("areas", "code"),
    "role": ("roles", "code"),
    "evidence_grade": ("evidence_grades", "grade"),
    "term": ("glossary", "term"),
    "reference": ("references", "code"),
    "dimension": ("dimensions", "code"),
    "impact_class": ("impact_classes", "code"),
    "use_case": ("use_cases", "code"),
    "action": ("actions", "code"),
    "flag": ("flags", "code"),
}
_ROWS = {"minima": "dimension", "critical": "question", "any_of": "question"}  # lists inside an item
_ELSEWHERE = ("questions", "levels", "ceilings")  # items of their own
_OWN = ("framework", "title", "version", "summary", "notice", "status_as_of", "policy", "reading_rules")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs.

    Kind: wording (texts, or none on one side: `old` and `new` in pieces), codes (a list: `added`, `removed`,
    else only its order), value (anything else). A key such as `minima/D1/level` is within the item.
    """

    key: str
    kind: str
    before: Any
    after: Any
    old: Pieces = ()
    new: Pieces = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Another place in its list, both counted from 1."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """One item that was added, removed or changed, with its fields; `within` is a question's dimension.

    Of what was added every field that holds something comes after nothing, of what was removed before it.
    """

    kind: str
    code: str
    name: str
    status: str
    within: str = ""
    changes: tuple[Change, ...] = ()
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind that differ."""

    kind: str
    items: tuple[ItemDifference, ...]

    def count(self, status: str) -> int:
        return sum(item.status == status for item in self.items)


Difference = tuple[Section, ...]


_Leaves = dict[str, tuple[Field | None, Any]]  # the fields of an item by key, each with its layout


@dataclass(frozen=True, slots=True)
class _Held:
    """An item of one document: its name, its fields by key, its list and its place there from 1."""

    name: str
    leaves: _Leaves
    within: str
    place: int


_Items = dict[str, _Held]  # by code


def find_difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What was added, removed, moved and changed from one document to the other, by code.

    Either may have faults. Two documents with one meaning give nothing; sections come in the order of KINDS.
    """
    patience = Patience()
    old, new = _items(before), _items(after)
    sections = (Section(kind, tuple(_compare(kind, old[kind], new[kind], patience))) for kind in KINDS)
    return tuple(section for section in sections if section.items)


def _compare(kind: str, old: _Items, new: _Items, patience: Patience) -> Iterator[ItemDifference]:
    moved = _moved(old, new)
    for code, held in new.items():
        if code not in old:
            changes = tuple(_changes({}, _filled(held), patience))
            yield ItemDifference(kind, code, held.name, ADDED, held.within, changes)
            continue
        changes = tuple(_changes(old[code].leaves, held.leaves, patience))
        move = Move(old[code].place, held.place) if code in moved else None
        if changes or move:
            yield ItemDifference(kind, code, held.name, CHANGED, held.within, changes, move)
    for code, held in old.items():
        if code not in new:
            changes = tuple(_changes(_filled(held), {}, patience))
            yield ItemDifference(kind, code, held.name, REMOVED, held.within, changes)


def _filled(held: _Held) -> _Leaves:
    """The fields of an item that hold something, but for its code, which stands with its name."""
    blank: tuple[Any, ...] = (None, "", [])
    return {key: leaf for key, leaf in held.leaves.items() if leaf[1] not in blank and key != "code"}


def _changes(old: _Leaves, new: _Leaves, patience: Patience) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        field, after = new.get(key, (None, None))
        known, before = old.get(key, (field, None))
        if _same(before, after):
            continue
        if isinstance(field or known, Text) and {type(before), type(after)} <= {str, type(None)}:
            pieces = compare_wording(before or "", after or "", patience)
            yield Change(key, "wording", before, after, *pieces)
        elif _are_codes(before) and _are_codes(after):
            added = tuple(code for code in after if code not in before)
            removed = tuple(code for code in before if code not in after)
            yield Change(key, "codes", before, after, added=added, removed=removed)
        else:
            yield Change(key, "value", before, after)


def _same(before: Any, after: Any) -> bool:
    return type(before) is type(after) and canonical_json({"": before}) == canonical_json({"": after})


def _are_codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


def _moved(old: _Items, new: _Items) -> frozenset[str]:
    """The codes that stand elsewhere among those of their list in both; as few as explain the new order."""
    moved: set[str] = set()
    for within in {held.within for held in new.values()}:
        places = [
            (old[code].place, code)
            for code, held in new.items()
            if held.within == within and code in old and old[code].within == within
        ]
        moved |= {code for _, code in places} - _longest_rising(places)
    return frozenset(moved)


def _longest_rising(places: list[tuple[int, str]]) -> set[str]:
    """The codes of a longest run of rising places: those that can be said to have stayed."""
    ends: list[int] = []  # the lowest place that ends a run of each length
    last: list[int] = []  # and where in `places` it stands
    before: list[int] = []  # of each, the one that comes before it in its run
    for at, (place, _) in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [place], [at]
    stayed, at = set(), last[-1] if last else -1
    while at >= 0:
        stayed.add(places[at][1])
        at = before[at]
    return stayed


# --- A document as items by kind and code, each as fields by key -------------------------------------------


def _items(document: Mapping[str, Any]) -> dict[str, _Items]:
    found = {kind: _listed(document, kind) for kind in _LISTS}
    crosswalk = inner(document, "dpmm")
    own: _Leaves = {}
    for key, value in _in_order(document, DOCUMENT):
        if key in _OWN or key not in DOCUMENT.fields:
            _add_leaves(own, key, DOCUMENT.fields.get(key), value)
    _add_leaves(own, "dpmm", DPMM, {key: held for key, held in crosswalk.items() if key not in _ELSEWHERE})
    found["framework"] = {"": _Held(text_of(document, "title"), own, "", 1)}
    found["question"] = _questions(document)
    levels = entries(crosswalk.get("levels"), "level")
    found["dpmm_level"] = _held(levels, _item_of(DPMM.fields["levels"]), "")
    found["ceiling"] = _held(_cells(crosswalk), CEILING, "")
    return found


def _listed(document: Mapping[str, Any], kind: str) -> _Items:
    key, code = _LISTS[kind]
    return _held(entries(document.get(key), code), _item_of(DOCUMENT.fields[key]), "")


def _cells(crosswalk: Document) -> Iterator[tuple[str, Document]]:
    """The rows of the crosswalk by DPMM level and dimension, in that order: their own means nothing."""
    rows = crosswalk.get("ceilings")
    held = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    yield from sorted(
        ((f"{row.get('dpmm')}/{row.get('dimension')}", row) for row in held), key=lambda pair: pair[0]
    )


def _questions(document: Mapping[str, Any]) -> _Items:
    """All questions, each in the list of its dimension; moving to another one is a change of a field."""
    found: _Items = {}
    by_dimension: dict[str, list[tuple[str, Document]]] = {}
    for dimension, code, question in questions_of(document):
        by_dimension.setdefault(dimension, []).append((code, question))
    for dimension, questions in by_dimension.items():
        for code, held in _held(questions, QUESTION, dimension).items():
            held.leaves["dimension"] = (CODE, dimension)
            found[_free(code, found)] = held
    return found


def _held(pairs: Iterable[tuple[str, Document]], field: Item, within: str) -> _Items:
    found: _Items = {}
    for place, (code, entry) in enumerate(pairs, start=1):
        leaves: _Leaves = {}
        for key, value in _in_order(entry, field):
            if key not in _ELSEWHERE or field is not DIMENSION:
                _add_leaves(leaves, key, field.fields.get(key), value)
        name = text_of(entry, "short_name") or text_of(entry, "name") or text_of(entry, "title")
        found[_free(code, found)] = _Held(name, leaves, within, place)
    return found


def _free(code: str, found: _Items) -> str:
    """A code given twice is a fault; its second item is told apart all the same."""
    number = 1
    while (code if number == 1 else f"{code} #{number}") in found:
        number += 1
    return code if number == 1 else f"{code} #{number}"


def _item_of(field: Field) -> Item:
    """The layout of the items of a list."""
    assert isinstance(field, ListOf)
    assert isinstance(field.item, Item)
    return field.item


def _in_order(held: Mapping[str, Any], field: Item) -> list[tuple[str, Any]]:
    """The keys of a mapping in the order of the format, with what they hold; unknown ones last."""
    known = [key for key in field.fields if key in held]
    return [(key, held[key]) for key in [*known, *sorted(key for key in held if key not in field.fields)]]


def _add_leaves(leaves: _Leaves, key: str, field: Field | None, value: Any) -> None:
    """The fields under a key, each by its whole key; what is not as the layout says is one field."""
    name = key.rpartition("/")[2]
    if isinstance(field, Item) and isinstance(value, dict):
        for inner_key, held in _in_order(value, field):
            _add_leaves(leaves, f"{key}/{inner_key}", field.fields.get(inner_key), held)
    elif name in _ROWS and isinstance(field, ListOf) and isinstance(value, list):
        for code, row in entries(value, _ROWS[name]):
            _add_row(leaves, f"{key}/{code}", _item_of(field), _ROWS[name], row)
    elif isinstance(field, ListOf) and field.item is TEXT and field.exactly and isinstance(value, list):
        for place, text in enumerate(value):
            leaves[f"{key}/{place}"] = (TEXT, text)
    else:
        leaves[key] = (field, value)


def _add_row(leaves: _Leaves, key: str, field: Item, named: str, row: Document) -> None:
    """A row within an item: its fields but for its code. A critical question is one field: what it asks."""
    if field is CRITICAL:
        leaves[key] = (None, row.get("level", AS_ITS_DIMENSION))
        return
    for name, value in _in_order(row, field):
        if name != named:
            _add_leaves(leaves, f"{key}/{name}", field.fields.get(name), value)
