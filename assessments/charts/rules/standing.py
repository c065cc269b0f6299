"""Rules on where the site stands: level, index, what sets them and what holds the next level back."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.levels import TOP, claimed_level
from assessments.charts.rules.shapes import FACT, LIMIT, Case, Evidence, Finding, of_dimensions
from assessments.charts.sums import index_figures


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
    shown = index_figures(case.results)
    values = {
        "index": shown.index,
        "held_back": shown.held_back,
        "is_held": bool(claimed.held_back),
        "without": shown.without,
        "evidenced": shown.evidenced,
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
    """For each dimension that sets the level of the site without being lowered: what holds it back; first
    the dimension of which most answers have to rise."""
    rows = [
        row
        for code in setters_of(case)
        if case.claimed[code].level == case.claimed[code].effective_level
        for row in next_level(case, code)
    ]
    yield from sorted(rows, key=lambda row: (-row.values["least"], -row.values["steps"]))


def next_level(case: Case, code: str) -> Iterator[Finding]:
    """The answers that hold the next level of one dimension back, how many of them have to rise, and which
    gates in any case (section 3)."""
    row = case.claimed[code]
    if row.level is None or not row.why:
        return
    policy, after = case.spec.policy, row.level + 1
    gates = [need for need in row.why if case.spec.questions[need.question].gate]
    least, enough = how_many(case, code, after)
    values = {
        "dimension": code,
        "level": row.level,
        "next": after,
        "n": len(row.why),
        "gates": len(gates),
        "steps": sum(need.need - need.have for need in row.why),
        "need": row.why[0].need,
        "least": least,
        "enough": enough,
        "low_gates": tuple(need.question for need in gates if need.have < after - policy.gate_slack),
        "floor": after - policy.gate_slack,
        "is_capped": after > policy.not_applicable_cap
        and any(case.spec.dimension_of[out] == code for out in case.results.completeness.not_applicable),
    }
    shown = tuple(Evidence("question", need.question, need.have, need.need) for need in row.why)
    yield Finding("next_level", LIMIT, "standing", values, shown)


def how_many(case: Case, code: str, after: int) -> tuple[int, int]:
    """Of the answers that hold a dimension back from a level: how many have to reach it at least, and how
    many are enough whichever they are. All of them where the share is reached and gates alone are short."""
    levels = {row.question: claimed_level(row) for row in case.answers}
    held = [
        (question.weight, level)
        for question in case.spec.dimension_by_code[code].questions
        if (level := levels[question.code]) is not None
    ]
    missing = case.spec.policy.threshold * sum(weight for weight, _ in held)
    missing -= sum(weight for weight, level in held if level >= after)
    weights = sorted(case.spec.questions[need.question].weight for need in case.claimed[code].why)
    if missing <= 0:
        return len(weights), len(weights)
    counts = range(1, len(weights) + 1)
    least = next(n for n in counts if sum(weights[-n:]) >= missing)
    return least, next(n for n in counts if sum(weights[:n]) >= missing)


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
