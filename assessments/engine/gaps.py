"""From the use cases chosen and the targets set to the gaps that stand between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.engine.ground import Ground
from assessments.engine.shapes import FoundationGap, Gap, Gaps, Table
from frameworks.document.shapes import DPMM_LEVELS, Demand, FrameworkSpec

GATE_FACTOR = 2


def find_targets(chosen: Iterable[Demand], set_by_hand: Mapping[str, int]) -> Table[str, int]:
    """One level 0 to 5 per dimension with a target, by code (Method, section 7).

    By default the highest minimum over the use cases chosen; what is set by hand goes before.
    """
    targets: dict[str, int] = {}
    for demand in chosen:
        for dimension, level in demand.minima:
            targets[dimension] = max(level, targets.get(dimension, 0))
    return Table(dict(sorted({**targets, **set_by_hand}.items())))


def find_gaps(
    spec: FrameworkSpec, ground: Ground, chosen: tuple[Demand, ...], targets: Mapping[str, int]
) -> Gaps:
    """Foundation gaps, question gaps by priority, unanswered questions, area totals (Method, section 7)."""
    questions = sorted(
        _question_gaps(spec, ground, chosen, targets), key=lambda gap: (-gap.priority, gap.question)
    )
    return Gaps(
        foundation=tuple(_foundation_gaps(spec, ground, targets)),
        questions=tuple(questions),
        unanswered=tuple(
            sorted(
                code
                for code, dimension in spec.dimension_of.items()
                if dimension in targets and code not in ground.levels and code not in ground.not_applicable
            )
        ),
        areas=_area_totals(spec, questions),
    )


def question_targets(
    spec: FrameworkSpec, chosen: Iterable[Demand], targets: Mapping[str, int]
) -> dict[str, int]:
    """The target 0 to 5 of every question of a dimension with one, by code (Method, section 7)."""
    critical = _critical_minima(chosen)
    return {
        code: max([targets[dimension], *critical.get(code, [])])
        for code, dimension in spec.dimension_of.items()
        if dimension in targets
    }


def _critical_minima(chosen: Iterable[Demand]) -> dict[str, list[int]]:
    critical: dict[str, list[int]] = {}
    for demand in chosen:
        for code, level in demand.critical:
            critical.setdefault(code, []).append(level)
    return critical


def _question_gaps(
    spec: FrameworkSpec, ground: Ground, chosen: tuple[Demand, ...], targets: Mapping[str, int]
) -> list[Gap]:
    critical = _critical_minima(chosen)
    goals = question_targets(spec, chosen, targets)
    gaps = []
    for code, have in ground.levels.items():
        target, minima = goals.get(code), critical.get(code, [])
        if target is not None and target > have:
            question = spec.questions[code]
            gate_factor = GATE_FACTOR if question.gate else 1
            priority = question.weight * (target - have) * gate_factor * (1 + len(minima))
            gaps.append(Gap(question=code, have=have, target=target, gap=target - have, priority=priority))
    return gaps


def _foundation_gaps(spec: FrameworkSpec, ground: Ground, targets: Mapping[str, int]) -> list[FoundationGap]:
    """Where the digital plant is below what sustains a dimension's target, by dimension code."""
    if ground.dpmm is None:
        return []
    gaps = []
    for dimension, target in sorted(targets.items()):
        if ground.tallies[dimension].left_out:
            continue
        need = next(
            (dpmm for dpmm in DPMM_LEVELS if spec.ceilings[dpmm, dimension].sustained >= target), None
        )
        if need is not None and need > ground.dpmm:
            gaps.append(FoundationGap(dimension=dimension, dpmm_have=ground.dpmm, dpmm_need=need))
    return gaps


def _area_totals(spec: FrameworkSpec, gaps: Iterable[Gap]) -> Table[str, int]:
    """Σ w·gap by primary area; a gap is above 0, so every area listed has a total above 0."""
    totals: dict[str, int] = {}
    for gap in gaps:
        question = spec.questions[gap.question]
        totals[question.areas[0]] = totals.get(question.areas[0], 0) + question.weight * gap.gap
    return Table(dict(sorted(totals.items())))
