"""Rules on the digital plant: which claims it carries, which it lowers, and which DPMM level lifts them."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.charts.rules.shapes import (
    DECISION,
    FACT,
    LIMIT,
    STRENGTH,
    Case,
    Evidence,
    Finding,
    of_dimensions,
)
from assessments.engine.display import whole


def no_plant(case: Case) -> Iterator[Finding]:
    """There is no DPMM level, stated or derived, so no ceiling applies (Method, section 4)."""
    if case.results.dpmm is None:
        unscored = tuple(code for code in case.spec.dpmm.proxies if case_level(case, code) is None)
        shown = tuple(Evidence("question", code) for code in unscored)
        yield Finding("no_plant", LIMIT, "plant", {"n": len(unscored)}, shown)


def state_plant(case: Case) -> Iterator[Finding]:
    """A draft without a DPMM level: it can be stated (section 4)."""
    if case.is_draft and case.results.dpmm is None:
        yield Finding("state_plant", DECISION, "plant", {})


def plant_spans(case: Case) -> Iterator[Finding]:
    """The lowest and the highest level that the DPMM level carries across the site (section 4)."""
    if case.results.dpmm is None:
        return
    held = case.results.dpmm.level
    carries = [case.spec.ceilings[held, code].sustained for code in case.claimed]
    yield Finding(
        "plant_spans", FACT, "plant", {"dpmm": held, "lowest": min(carries), "highest": max(carries)}
    )


def above_plant(case: Case) -> Iterator[Finding]:
    """The claims that stand above their ceiling (section 4)."""
    lowered = lowered_of(case)
    if not lowered or case.results.dpmm is None:
        return
    rows = tuple(
        (code, row.level, row.effective_level) for code, row in case.claimed.items() if code in lowered
    )
    values = {"dpmm": case.results.dpmm.level, "n": len(rows), "all": len(case.counted), "rows": rows}
    shown = tuple(Evidence("dimension", code, counts, claims) for code, claims, counts in rows)
    yield Finding("above_plant", LIMIT, "plant", values, shown)


def ahead(case: Case) -> Iterator[Finding]:
    """The claims that not even one line carries (section 4)."""
    codes = tuple(code for code, row in case.claimed.items() if row.standing == "ahead")
    if codes:
        yield Finding("ahead", LIMIT, "plant", {"dimensions": codes}, of_dimensions(codes))


def plant_carries(case: Case) -> Iterator[Finding]:
    """No level is lowered; points of a score above a ceiling may still not count. A strength where there is
    a level to carry."""
    held = case.results.readings.claimed
    is_claimed = any(row.level for row in case.claimed.values())
    scored = any(row.level is not None for row in case.claimed.values())
    if case.results.dpmm is None or not scored or lowered_of(case):
        return
    values = {
        "dpmm": case.results.dpmm.level,
        "held_back": whole(held.held_back),
        "is_held": bool(held.held_back),
        "is_claimed": is_claimed,
    }
    yield Finding("plant_carries", STRENGTH if is_claimed else FACT, "plant", values)


def plant_step(case: Case) -> Iterator[Finding]:
    """The next DPMM level at which a lowered dimension counts more, and what each would count then."""
    if case.results.dpmm is None:
        return
    lowered = lowered_of(case)
    for step in case.spec.dpmm.levels:
        if step.level <= case.results.dpmm.level:
            continue
        lifted = tuple(
            (code, row.effective_level, after)
            for code, row in case.claimed.items()
            if code in lowered and row.level is not None and row.effective_level is not None
            for after in [min(row.level, case.spec.ceilings[step.level, code].sustained)]
            if after > row.effective_level
        )
        if lifted:
            still = sum(
                (case.claimed[code].level or 0) > case.spec.ceilings[step.level, code].sustained
                for code in lowered
            )
            values = {"dpmm": step.level, "rows": lifted, "n": len(lifted), "still": still}
            shown = tuple(Evidence("dimension", code, have, after) for code, have, after in lifted)
            yield Finding("plant_step", DECISION, "plant", values, shown)
            return


def foundation(case: Case) -> Iterator[Finding]:
    """Targets that stay out of reach until the digital plant is raised (section 7): which DPMM level brings
    which of them within reach, and when the plan gets there (section 8.7)."""
    rows = case.results.gaps.foundation
    if rows:
        held = case.results.readings.claimed.held_back
        needed = sorted({row.dpmm_need for row in rows})
        weeks = {level: week for week, rise in reversed(case.rises.items()) for level in range(rise.dpmm + 1)}
        values = {
            "have": rows[0].dpmm_have,
            "need": needed[-1],
            "steps": tuple(
                (level, tuple(row.dimension for row in rows if row.dpmm_need == level)) for level in needed
            ),
            "reached": tuple((level, weeks[level]) for level in needed if level in weeks),
            "end": max((rise.dpmm for rise in case.rises.values()), default=rows[0].dpmm_have),
            "is_planned": bool(case.results.roadmap.actions),
            "start_on": case.start_on,
            "held_back": whole(held),
            "is_held": bool(held),
        }
        shown = tuple(Evidence("dimension", row.dimension, row.dpmm_have, row.dpmm_need) for row in rows)
        yield Finding("foundation", DECISION, "gaps", values, shown)


def lowered_of(case: Case) -> frozenset[str]:
    """The dimensions whose claimed level the ceiling lowers."""
    return frozenset(code for code, row in case.claimed.items() if row.level != row.effective_level)


def case_level(case: Case, question: str) -> int | None:
    """The level of an answer as the engine counts it; None where it is not scored."""
    for answer in case.answers:
        if answer.question == question:
            return 0 if answer.state == "unknown" else answer.level
    return None
