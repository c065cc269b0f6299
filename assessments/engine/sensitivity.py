"""What the result hangs on: answers that one level would turn, and answers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.engine.ground import HIGHEST_LEVEL, Ground, change_ground, derived_dpmm
from assessments.engine.shapes import DERIVED, DpmmLevel, Flag, LoadBearing, Verdict
from assessments.engine.use_cases import Demand, verdict_on
from frameworks.document.shapes import FrameworkSpec

DIRECTIONS = (("down", -1), ("up", 1))
WHOLE = "level"  # how the change of the overall level is named


def find_load_bearing(
    spec: FrameworkSpec,
    ground: Ground,
    dpmm: DpmmLevel | None,
    demands: tuple[Demand, ...],
    verdicts: Mapping[str, Verdict],
) -> tuple[LoadBearing, ...]:
    """Every scored answer of which one level up or down changes a result (Method, section 9).

    `ground` is today's claimed reading; `demands` and `verdicts` are those of every use case.
    """
    naming: dict[str, list[Demand]] = {}
    for demand in demands:
        for code, _ in demand.critical:
            naming.setdefault(code, []).append(demand)
    found = []
    for question, level in sorted(ground.levels.items()):
        for direction, by in DIRECTIONS:
            if not 0 <= level + by <= HIGHEST_LEVEL:
                continue
            after = _varied(spec, ground, dpmm, question, level + by)
            # A verdict sees nothing else of the ground, so only these can have turned.
            suspects = naming.get(question, ()) if _same_floor(ground, after) else demands
            changes = _changes(ground, after, suspects, verdicts)
            if changes:
                found.append(LoadBearing(question=question, direction=direction, changes=changes))
    return tuple(found)


def _varied(spec: FrameworkSpec, ground: Ground, dpmm: DpmmLevel | None, question: str, level: int) -> Ground:
    """The ground with one other level; a derived DPMM level is derived again."""
    held = ground.dpmm
    if dpmm is not None and dpmm.source == DERIVED and question in spec.dpmm.proxies:
        held = derived_dpmm(spec, {**ground.levels, question: level})
    return change_ground(spec, ground, {question: level}, held)


def _same_floor(before: Ground, after: Ground) -> bool:
    """Whether dimensions under both ceilings and the DPMM level are the same."""
    return (
        after.dpmm == before.dpmm
        and after.sustained == before.sustained
        and after.ring_fenced == before.ring_fenced
    )


def _changes(
    before: Ground, after: Ground, suspects: Iterable[Demand], verdicts: Mapping[str, Verdict]
) -> tuple[str, ...]:
    changes = [WHOLE] if after.level != before.level else []
    changes += sorted(code for code, level in after.sustained.items() if level != before.sustained[code])
    changes += [
        demand.use_case
        for demand in suspects
        if verdict_on(demand, after) != verdicts[demand.use_case].verdict
    ]
    return tuple(changes)


def raise_flags(spec: FrameworkSpec, levels: Mapping[str, int]) -> tuple[Flag, ...]:
    """The content's contradictions among the claimed levels, each once, by code (Method, section 9)."""
    return tuple(
        Flag(rule=flag.code, text=flag.text)
        for flag in sorted(spec.flags, key=lambda flag: flag.code)
        if levels.get(flag.when.question, -1) >= flag.when.at_least
        and any(
            partner.question in levels and levels[partner.question] <= partner.at_most
            for partner in flag.any_of
        )
    )
