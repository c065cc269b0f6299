"""Rules on where the site stands: level, index, what sets them and what holds the next level back."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.levels import TOP
from assessments.charts.rules.shapes import FACT, LIMIT, Case, Evidence, Finding, of_dimensions
from assessments.engine.display import whole


def level(case: Case) -> Iterator[Finding]:
    """Which level the site has and which dimensions set it (Method, section 5); or why there is none."""
    claimed = case.results.readings.claimed
    if case.results.completeness.replied == 0:
        yield Finding("nothing_answered", LIMIT, "standing", {"asked": case.results.completeness.asked})
    elif not case.counted:
        yield Finding("all_left_out", LIMIT, "standing", {}, of_dimensions(case.claimed))
    elif claimed.level is None:
        missing = tuple(code for code in case.counted if case.claimed[code].level is None)
        yield Finding("no_level", LIMIT, "standing", {"dimensions": missing}, of_dimensions(missing))
    else:
        setters = setters_of(case)
        values = {"level": claimed.level, "dimensions": setters, "all": len(case.counted)}
        shown = tuple(
            Evidence("dimension", code, case.claimed[code].effective_level, claimed.level) for code in setters
        )
        yield Finding("level", FACT, "standing", values, shown)


def index(case: Case) -> Iterator[Finding]:
    """The index, and what the digital plant holds back of it (section 5)."""
    claimed = case.results.readings.claimed
    if claimed.index is None:
        return
    values = {
        "index": whole(claimed.index),
        "held_back": whole(claimed.held_back),
        "is_held": bool(claimed.held_back),
        "without": whole(claimed.index_without_ceilings),
        "evidenced": whole(case.results.readings.evidenced.index),
        "is_provisional": claimed.provisional,
    }
    yield Finding("index", FACT, "standing", values)


def readings(case: Case) -> Iterator[Finding]:
    """The level of the site in each reading there is (section 2)."""
    held = case.results.readings
    if held.claimed.level is None:
        return
    values = {
        "claimed": held.claimed.level,
        "evidenced": held.evidenced.level,
        "validated": held.validated.level if held.validated else None,
    }
    yield Finding("readings", FACT, "standing", values)


def plant_limits(case: Case) -> Iterator[Finding]:
    """Whether ceilings alone keep the level of the site down (section 4)."""
    claimed = case.results.readings.claimed
    if claimed.level is None:
        return
    without = min(row.level for row in case.claimed.values() if row.level is not None)
    if without > claimed.level:
        values = {"level": claimed.level, "without": without}
        yield Finding("plant_limits", LIMIT, "plant", values, of_dimensions(setters_of(case)))


def next_levels(case: Case) -> Iterator[Finding]:
    """For each dimension that sets the level of the site without being lowered: what holds it back."""
    for code in setters_of(case):
        if case.claimed[code].level == case.claimed[code].effective_level:
            yield from next_level(case, code)


def next_level(case: Case, code: str) -> Iterator[Finding]:
    """The answers that hold the next level of one dimension back, and by how many steps (section 3)."""
    row = case.claimed[code]
    if row.level is None or not row.why:
        return
    values = {
        "dimension": code,
        "level": row.level,
        "next": row.level + 1,
        "n": len(row.why),
        "gates": sum(case.spec.questions[need.question].gate for need in row.why),
        "steps": sum(need.need - need.have for need in row.why),
    }
    shown = tuple(Evidence("question", need.question, need.have, need.need) for need in row.why)
    yield Finding("next_level", LIMIT, "standing", values, shown)


def capped(case: Case) -> Iterator[Finding]:
    """The dimensions that set the level and that only a question that is not applicable keeps there."""
    codes = tuple(
        code
        for code in setters_of(case)
        for row in [case.claimed[code]]
        if row.level == row.effective_level and row.level != TOP and not row.why
    )
    if codes:
        values = {"dimensions": codes, "level": case.results.readings.claimed.level}
        yield Finding("capped", LIMIT, "standing", values, of_dimensions(codes))


def setters_of(case: Case) -> tuple[str, ...]:
    """The dimensions whose effective level is that of the site, in document order."""
    held = case.results.readings.claimed.level
    return tuple(
        code
        for code, row in case.claimed.items()
        if held is not None and not row.left_out and row.effective_level == held
    )
