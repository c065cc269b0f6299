"""Checks of figures across a framework document: orders, counts, ceilings, minima, steps and weeks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from frameworks.document.codes import items
from frameworks.document.faults import Faults
from frameworks.document.fields import UNREAD
from frameworks.document.layout import DIMENSIONS, GRADES, QUICK_QUESTIONS
from frameworks.document.shapes import DPMM_LEVELS, LEVELS

Ceilings = dict[tuple[int, str], tuple[str, Any]]  # (DPMM level, dimension) → the row's place and the row


def check_figures(spec: Any, faults: Faults) -> None:
    """What the framework document format asks of the figures of a document, one against the other."""
    _check_order(spec.levels, "levels", "level", LEVELS, faults)
    _check_order(spec.evidence_grades, "evidence_grades", "grade", GRADES, faults)
    _check_supports(spec.evidence_grades, faults)
    for place, dimension in items(spec.dimensions, "dimensions"):
        _check_quick(dimension.questions, f"{place}.questions", faults)
    ceilings: Ceilings = {}
    codes = _dimension_codes(spec)
    if spec.dpmm is not UNREAD:
        _check_order(spec.dpmm.levels, "dpmm.levels", "level", DPMM_LEVELS, faults)
        _check_proxies(spec.dpmm.proxies, faults)
        ceilings = _check_rows(spec.dpmm.ceilings, codes, faults)
        _check_ceilings(ceilings, faults)
    for place, use_case in items(spec.use_cases, "use_cases"):
        _check_minima(use_case, place, codes, ceilings, faults)
    for place, action in items(spec.actions, "actions"):
        _check_action(action, place, faults)


def _check_order(held: Any, place: str, key: str, expected: Iterable[object], faults: Faults) -> None:
    """Levels and grades stand in order. Where one is missing or twice, that is the fault, not the order."""
    wanted = list(expected)
    if held is UNREAD or any(item is UNREAD or getattr(item, key) is UNREAD for item in held):
        return
    values = [getattr(item, key) for item in held]
    if sorted(values) == wanted:
        for index, (want, value) in enumerate(zip(wanted, values, strict=True)):
            if want != value:
                message = f"{want} expected, {value} found: they stand in order"
                faults.add(f"{place}[{index}].{key}", message, "order", wanted=want, found=value)


def _check_supports(grades: Any, faults: Faults) -> None:
    highest = 0
    for place, grade in items(grades, "evidence_grades"):
        if grade.supports is UNREAD:
            continue
        if grade.supports < highest:
            message = f"at least {highest} expected, as a grade before supports, {grade.supports} found"
            faults.add(f"{place}.supports", message, "grade_falls", least=highest, found=grade.supports)
        highest = max(highest, grade.supports)


def _check_quick(questions: Any, place: str, faults: Faults) -> None:
    if questions is UNREAD or any(question is UNREAD or question.quick is UNREAD for question in questions):
        return
    count = sum(question.quick for question in questions)
    if count != QUICK_QUESTIONS:
        message = f"{QUICK_QUESTIONS} quick questions expected, {count} found"
        faults.add(place, message, "quick", wanted=QUICK_QUESTIONS, found=count)


def _check_proxies(proxies: Any, faults: Faults) -> None:
    if proxies is not UNREAD and len(proxies) % 2 == 0:
        faults.add("dpmm.proxies", f"an odd number expected, {len(proxies)} found", "odd", found=len(proxies))


def _dimension_codes(spec: Any) -> list[str]:
    """The first five codes: a document with more has a fault already, and tables of it no bound."""
    codes = [dimension.code for _, dimension in items(spec.dimensions, "dimensions")]
    return list(dict.fromkeys(code for code in codes if code is not UNREAD))[:DIMENSIONS]


def _check_rows(held: Any, codes: list[str], faults: Faults) -> Ceilings:
    """Exactly one ceiling row per DPMM level and dimension; gives the rows found."""
    rows: Ceilings = {}
    for place, row in items(held, "dpmm.ceilings"):
        if row.dpmm is UNREAD or row.dimension is UNREAD:
            continue
        key = (row.dpmm, row.dimension)
        if key in rows:
            message = f"a second row for DPMM level {row.dpmm} and {row.dimension}, first at {rows[key][0]}"
            faults.add(place, message, "row_twice", dpmm=row.dpmm, dimension=row.dimension)
        rows.setdefault(key, (place, row))
    if held is not UNREAD:
        for level in DPMM_LEVELS:
            for code in codes:
                if (level, code) not in rows:
                    message = f"a row for DPMM level {level} and {code} expected, none found"
                    faults.add("dpmm.ceilings", message, "row_missing", dpmm=level, dimension=code)
    return rows


def _check_ceilings(rows: Ceilings, faults: Faults) -> None:
    """Ring-fenced at least sustained; neither falls as the DPMM level rises; the highest sustains level 5."""
    before: dict[tuple[str, str], tuple[int, int]] = {}  # the highest so far and its DPMM level
    for (dpmm, dimension), (place, row) in sorted(rows.items(), key=lambda pair: pair[0][0]):
        for key in ("sustained", "ring_fenced"):
            value = getattr(row, key)
            if value is UNREAD:
                continue
            least, level = before.get((dimension, key), (0, 0))
            if value < least:
                message = f"at least {least} expected, as at DPMM level {level}, {value} found"
                faults.add(f"{place}.{key}", message, "ceiling_falls", least=least, dpmm=level, found=value)
            else:
                before[dimension, key] = (value, dpmm)
        if UNREAD not in (row.sustained, row.ring_fenced) and row.ring_fenced < row.sustained:
            message = f"at least {row.sustained} expected, as sustained, {row.ring_fenced} found"
            about = {"least": row.sustained, "found": row.ring_fenced}
            faults.add(f"{place}.ring_fenced", message, "line_below_site", **about)
        if dpmm == DPMM_LEVELS[-1] and row.sustained is not UNREAD and row.sustained != LEVELS[-1]:
            message = f"{LEVELS[-1]} expected at the highest DPMM level, {row.sustained} found"
            faults.add(f"{place}.sustained", message, "top_ceiling", wanted=LEVELS[-1], found=row.sustained)


def _check_minima(use_case: Any, place: str, codes: list[str], ceilings: Ceilings, faults: Faults) -> None:
    """A minimum for each dimension, and none above what the use case's own DPMM minima can carry."""
    if use_case.minima is not UNREAD:
        named = {minimum.dimension for _, minimum in items(use_case.minima, "")}
        for code in codes:
            if code not in named:
                message = f"a minimum for {code} expected, none found"
                faults.add(f"{place}.minima", message, "minimum_missing", dimension=code)
    dpmm = use_case.dpmm
    if dpmm is UNREAD:
        return
    if UNREAD not in (dpmm.bounded, dpmm.site_wide) and dpmm.site_wide < dpmm.bounded:
        message = f"at least {dpmm.bounded} expected, as bounded, {dpmm.site_wide} found"
        about = {"least": dpmm.bounded, "found": dpmm.site_wide}
        faults.add(f"{place}.dpmm.site_wide", message, "site_below_line", **about)
    for at, minimum in items(use_case.minima, f"{place}.minima"):
        for level, key, where in (
            (dpmm.bounded, "ring_fenced", "bounded"),
            (dpmm.site_wide, "sustained", "site_wide"),
        ):
            _check_carried(minimum, at, ceilings.get((level, minimum.dimension)), (level, key, where), faults)


def _check_carried(
    minimum: Any, place: str, ceiling: tuple[str, Any] | None, by: tuple[int, str, str], faults: Faults
) -> None:
    level, key, where = by
    most = UNREAD if ceiling is None else getattr(ceiling[1], key)
    if UNREAD not in (most, minimum.level) and minimum.level > most:
        carried = f"all that DPMM level {level} ({where}) carries {key.replace('_', '-')}"
        message = f"at most {most} expected, {carried}, {minimum.level} found"
        about = {"most": most, "dpmm": level, "found": minimum.level}
        if where == "bounded":
            faults.add(f"{place}.level", message, "not_carried_on_line", **about)
        else:
            faults.add(f"{place}.level", message, "not_carried", **about)


def _check_action(action: Any, place: str, faults: Faults) -> None:
    low, high = action.from_level, action.to_level
    if UNREAD not in (low, high) and low >= high:
        message = f"a level above {low} (from) expected, {high} found"
        faults.add(f"{place}.to", message, "no_step_up", low=low, found=high)
    weeks = action.weeks
    if weeks is not UNREAD and len(weeks) == 2 and UNREAD not in weeks and weeks[0] > weeks[1]:
        message = f"the low figure first expected, {weeks[0]} before {weeks[1]} found"
        faults.add(f"{place}.weeks", message, "weeks_turned", low=weeks[1], high=weeks[0])
