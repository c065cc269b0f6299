"""Which AI uses the site is ready for: a verdict for each, and all that is short of the best one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from assessments.engine.ground import Ground
from assessments.engine.shapes import Blocker, Table, Verdict
from frameworks.document.shapes import Demand, FrameworkSpec

MOST_NEAR_DIMENSIONS = 2  # a use case is near with at most so many dimensions short


def demands_of(spec: FrameworkSpec, chosen: Iterable[str] | None = None) -> tuple[Demand, ...]:
    """The demands of the use cases chosen, by default of all, by code (Method, section 6)."""
    return tuple(spec.demands[code] for code in sorted(spec.demands if chosen is None else chosen))


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
    # Counted rather than listed: plan and load-bearing answers ask for thousands of verdicts.
    dimensions = 0
    for code, need in demand.minima:
        have = ground.ring_fenced[code]
        by = need - (have or 0)
        if by > 0 and not (have is None and ground.tallies[code].left_out):
            dimensions += 1
            if by > 1 or dimensions > MOST_NEAR_DIMENSIONS:
                return "premature"
    questions = 0
    for code, need in demand.critical:
        by = need - ground.levels.get(code, 0)
        if by > 0 and code not in ground.not_applicable:
            questions += 1
            if by > 1:
                return "premature"
    if dpmm is None or dimensions or questions:
        return "near"
    # What is sustained is never above what is ring-fenced, so `ready` needs the bounded test as well.
    is_ready = dpmm >= demand.site_wide and not _short_dimensions(demand, ground)
    return "ready" if is_ready else "ready_bounded"


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
    blockers = _short_dimensions(demand, ground) + _short_questions(demand, ground)
    if ground.dpmm is None or ground.dpmm < demand.site_wide:
        blockers.append(Blocker("dpmm", None, ground.dpmm, demand.site_wide))
    return tuple(blockers)


def _short_dimensions(demand: Demand, ground: Ground) -> list[Blocker]:
    """Without a level a dimension is short by its whole minimum; one left out is never short."""
    return [
        Blocker("dimension", code, have, need)
        for code, need in demand.minima
        for have in (ground.sustained[code],)
        if need > (have or 0) and not (have is None and ground.tallies[code].left_out)
    ]


def _short_questions(demand: Demand, ground: Ground) -> list[Blocker]:
    """An unanswered question is short by its whole minimum; one that is not applicable is not short."""
    return [
        Blocker("question", code, ground.levels.get(code), need)
        for code, need in demand.critical
        if need > ground.levels.get(code, 0) and code not in ground.not_applicable
    ]
