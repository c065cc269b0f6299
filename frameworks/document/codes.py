"""Checks of codes across a framework document: unique, named once in a list, existing, and without cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from frameworks.document.faults import Faults, shown
from frameworks.document.fields import UNREAD

# A shape may hold UNREAD for what could not be read, hence Any; every function here passes over it.
Named = tuple[str, str]  # the place of a code and the code
CodeBook = dict[str, dict[str, str] | None]  # kind → code → its place; None where the list could not be read

SHOWN_IN_CYCLE = 8


def check_codes(spec: Any, faults: Faults) -> None:
    """Codes unique, no list naming one twice, every code named existing, prerequisites without a cycle."""
    book = _book(spec, faults)
    for kind, names in _named_codes(spec):
        _check_repeats(names, faults)
        _check_known(kind, names, book, faults)
    _check_cycles(spec, faults)


def items(held: Any, place: str) -> Iterator[tuple[str, Any]]:
    """The readable items of a list of the document, each with its place."""
    if held is not UNREAD:
        for index, item in enumerate(held):
            if item is not UNREAD:
                yield f"{place}[{index}]", item


def _book(spec: Any, faults: Faults) -> CodeBook:
    """The codes of every kind; reports those given twice."""
    book: CodeBook = {}
    for kind, held, place, key in [
        ("level", spec.levels, "levels", "level"),
        ("area", spec.areas, "areas", "code"),
        ("role", spec.roles, "roles", "code"),
        ("evidence grade", spec.evidence_grades, "evidence_grades", "grade"),
        ("glossary term", spec.glossary, "glossary", "term"),
        ("reference", spec.references, "references", "code"),
        ("dimension", spec.dimensions, "dimensions", "code"),
        ("impact class", spec.impact_classes, "impact_classes", "code"),
        ("use case", spec.use_cases, "use_cases", "code"),
        ("action", spec.actions, "actions", "code"),
        ("flag", spec.flags, "flags", "code"),
    ]:
        names = _names(held, place, key)
        book[kind] = None if held is UNREAD else _unique(names, kind, faults)
    if spec.dpmm is not UNREAD:
        _unique(_names(spec.dpmm.levels, "dpmm.levels", "level"), "DPMM level", faults)
    questions = [
        name
        for place, dimension in items(spec.dimensions, "dimensions")
        for name in _names(dimension.questions, f"{place}.questions", "code")
    ]
    unique = _unique(questions, "question", faults)
    book["question"] = unique if _all_questions_read(spec) else None
    if spec.impact_classes == ():  # a framework may do without them
        book["impact class"] = None
    return book


def _all_questions_read(spec: Any) -> bool:
    """Whether no list of questions was lost whole; their codes would all look unknown."""
    return spec.dimensions is not UNREAD and all(
        dimension is not UNREAD and dimension.questions is not UNREAD for dimension in spec.dimensions
    )


def _names(held: Any, place: str, key: str) -> list[Named]:
    """The readable codes of a list of items."""
    pairs = ((f"{at}.{key}", getattr(item, key)) for at, item in items(held, place))
    return [(at, code) for at, code in pairs if code is not UNREAD]


def _unique(names: Iterable[Named], kind: str, faults: Faults) -> dict[str, str]:
    """The first place of each code; further ones are reported."""
    places: dict[str, str] = {}
    for place, code in names:
        if code in places:
            message = f"the {kind} {_quoted(code)} is given twice, first at {places[code]}"
            faults.add(place, message, "given_twice", given=code)
        places.setdefault(code, place)
    return places


def _quoted(code: object) -> str:
    return shown(code) if isinstance(code, str) else str(code)


def _check_repeats(names: list[Named], faults: Faults) -> None:
    seen: dict[str, str] = {}
    for place, code in names:
        if code in seen:
            message = f"{shown(code)} is named twice in this list, first at {seen[code]}"
            faults.add(place, message, "named_twice", given=code)
        seen.setdefault(code, place)


def _check_known(kind: str, names: Iterable[Named], book: CodeBook, faults: Faults) -> None:
    known = book[kind]
    if known is None:
        return
    for place, code in names:
        if code not in known:
            message = f"the code of {_with_article(kind)} expected, {shown(code)} is none"
            faults.add(place, message, "not_there", given=code)


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _named_codes(spec: Any) -> Iterator[tuple[str, list[Named]]]:
    """Every list that names codes, and every key that names one, with the kind of what they name."""
    for at, dimension in items(spec.dimensions, "dimensions"):
        for place, question in items(dimension.questions, f"{at}.questions"):
            yield "area", list(items(question.areas, f"{place}.areas"))
            yield "role", list(items(question.roles, f"{place}.roles"))
            yield "reference", list(items(question.references, f"{place}.references"))
    if spec.dpmm is not UNREAD:
        yield "question", list(items(spec.dpmm.proxies, "dpmm.proxies"))
        for place, row in items(spec.dpmm.ceilings, "dpmm.ceilings"):
            yield "dimension", _one(f"{place}.dimension", row.dimension)
    for place, use_case in items(spec.use_cases, "use_cases"):
        yield "impact class", _one(f"{place}.impact_class", use_case.impact_class)
        yield "dimension", _names(use_case.minima, f"{place}.minima", "dimension")
        yield "question", _names(use_case.critical, f"{place}.critical", "question")
        yield "reference", list(items(use_case.references, f"{place}.references"))
    for place, action in items(spec.actions, "actions"):
        yield "dimension", _one(f"{place}.dimension", action.dimension)
        yield "role", list(items(action.roles, f"{place}.roles"))
        yield "action", list(items(action.prerequisites, f"{place}.prerequisites"))
        yield "area", _one(f"{place}.area", action.area)
        yield "question", list(items(action.raises, f"{place}.raises"))
        yield "reference", list(items(action.references, f"{place}.references"))
    for place, flag in items(spec.flags, "flags"):
        if flag.when is not UNREAD:
            yield "question", _one(f"{place}.when.question", flag.when.question)
        yield "question", _names(flag.any_of, f"{place}.any_of", "question")


def _one(place: str, code: Any) -> list[Named]:
    return [] if code is UNREAD else [(place, code)]


def _check_cycles(spec: Any, faults: Faults) -> None:
    """Report every prerequisite that leads back to its own action; without those there is no cycle.

    A depth-first walk with its own stack: a chain may be longer than Python's recursion allows.
    """
    needs: dict[str, list[Named]] = {}
    for place, action in items(spec.actions, "actions"):
        if action.code is not UNREAD:
            needs.setdefault(action.code, list(items(action.prerequisites, f"{place}.prerequisites")))
    finished: set[str] = set()
    for start, prerequisites in needs.items():
        if start in finished:
            continue
        path = [start]  # the actions being walked, in order
        depth = {start: 0}  # where in the path each stands
        waiting = [iter(prerequisites)]
        while path:
            place, prerequisite = next(waiting[-1], ("", None))
            if prerequisite is None:
                finished.add(path[-1])
                del depth[path.pop()], waiting[-1]
            elif prerequisite in depth:
                cycle = _cycle(path, depth[prerequisite])
                faults.add(place, f"prerequisites form a cycle: {cycle}", "circle", circle=cycle)
            elif prerequisite in needs and prerequisite not in finished:
                depth[prerequisite] = len(path)
                path.append(prerequisite)
                waiting.append(iter(needs[prerequisite]))


def _cycle(path: list[str], first: int) -> str:
    """The end of the path, from the action that it comes back to, in words."""
    if len(path) - first > SHOWN_IN_CYCLE:
        cycle = [*path[first : first + SHOWN_IN_CYCLE - 1], "…", path[-1]]
    else:
        cycle = path[first:]
    return " needs ".join([*cycle, path[first]])
