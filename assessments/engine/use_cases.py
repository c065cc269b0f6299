"""Which AI uses the site is ready for: a verdict for each, and all that is short of the best one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assessments.engine.ground import Ground
from assessments.engine.shapes import Blocker, Table, Verdict
from frameworks.document.shapes import FrameworkSpec, UseCaseSpec

MOST_NEAR_DIMENSIONS = 2  # a use case is near with at most so many dimensions short

# What is short: code, level held (None where there is none) and level needed.
Short = tuple[str, int | None, int]


@dataclass(frozen=True, slots=True)
class Demand:
    """What one use case asks for, every default filled in; pairs are (code, level), by code."""

    use_case: str
    minima: tuple[tuple[str, int], ...]  # dimensions
    critical: tuple[tuple[str, int], ...]  # questions
    critical_codes: frozenset[str]
    bounded: int  # DPMM level, 1 to 5
    site_wide: int


def demands_of(spec: FrameworkSpec, chosen: Iterable[str] | None = None) -> tuple[Demand, ...]:
    """The demands of the use cases chosen, by default of all, by code (Method, section 6)."""
    codes = spec.use_case_by_code if chosen is None else chosen
    return tuple(_demand_of(spec, spec.use_case_by_code[code]) for code in sorted(codes))


def _demand_of(spec: FrameworkSpec, use_case: UseCaseSpec) -> Demand:
    minima = {minimum.dimension: minimum.level for minimum in use_case.minima}
    critical = {
        named.question: minima[spec.dimension_of[named.question]] if named.level is None else named.level
        for named in use_case.critical
    }
    return Demand(
        use_case=use_case.code,
        minima=tuple(sorted(minima.items())),
        critical=tuple(sorted(critical.items())),
        critical_codes=frozenset(critical),
        bounded=use_case.dpmm.bounded,
        site_wide=use_case.dpmm.site_wide,
    )


def judge_use_cases(demands: Iterable[Demand], ground: Ground) -> Table[str, Verdict]:
    """The verdict on every use case, by code, with its blockers (Method, section 6)."""
    return Table(
        {
            demand.use_case: Verdict(verdict_on(demand, ground), find_blockers(demand, ground))
            for demand in demands
        }
    )


def verdict_on(demand: Demand, ground: Ground) -> str:
    """The first of `VERDICTS` that holds (Method, section 6)."""
    dpmm = ground.dpmm
    if dpmm is not None and dpmm < demand.bounded:
        return "premature"
    bounded = _short_dimensions(demand, ground, ground.ring_fenced)
    if len(bounded) > MOST_NEAR_DIMENSIONS:
        return "premature"
    critical = _short_questions(demand, ground)
    if dpmm is not None and not critical and not bounded:
        # What is sustained is never above what is ring-fenced, so `ready` needs the bounded test as well.
        is_ready = dpmm >= demand.site_wide and not _short_dimensions(demand, ground, ground.sustained)
        return "ready" if is_ready else "ready_bounded"
    for _, have, need in (*bounded, *critical):
        if need - (have or 0) > 1:
            return "premature"
    return "near"


def verdicts_after(
    demands: Iterable[Demand],
    before: Ground,
    after: Ground,
    changed: Collection[str],
    verdicts: Mapping[str, str],
) -> dict[str, str]:
    """The verdicts that differ once the levels of the `changed` questions have moved the ground.

    `verdicts` are those on the ground before. A verdict sees the dimensions under both ceilings, the DPMM
    level and its critical questions, so only those that see a change are judged again.
    """
    same_floor = (
        after.dpmm == before.dpmm
        and after.sustained == before.sustained
        and after.ring_fenced == before.ring_fenced
    )
    differing = {}
    for demand in demands:
        if same_floor and demand.critical_codes.isdisjoint(changed):
            continue
        verdict = verdict_on(demand, after)
        if verdict != verdicts[demand.use_case]:
            differing[demand.use_case] = verdict
    return differing


def find_blockers(demand: Demand, ground: Ground) -> tuple[Blocker, ...]:
    """All that is short of `ready`: dimensions, critical questions, the DPMM minimum (Method, section 6)."""
    blockers = [
        Blocker("dimension", code, have, need)
        for code, have, need in _short_dimensions(demand, ground, ground.sustained)
    ]
    blockers += [
        Blocker("question", code, have, need) for code, have, need in _short_questions(demand, ground)
    ]
    if ground.dpmm is None or ground.dpmm < demand.site_wide:
        blockers.append(Blocker("dpmm", None, ground.dpmm, demand.site_wide))
    return tuple(blockers)


def _short_dimensions(demand: Demand, ground: Ground, held: Mapping[str, int | None]) -> list[Short]:
    short: list[Short] = []
    for code, need in demand.minima:
        have = held[code]
        if have is None:
            # Without a level a dimension is short by its whole minimum; one left out is never short.
            if need and not ground.tallies[code].left_out:
                short.append((code, None, need))
        elif have < need:
            short.append((code, have, need))
    return short


def _short_questions(demand: Demand, ground: Ground) -> list[Short]:
    short: list[Short] = []
    for code, need in demand.critical:
        have = ground.levels.get(code)
        if have is None:
            if need and code not in ground.not_applicable:
                short.append((code, None, need))
        elif have < need:
            short.append((code, have, need))
    return short
