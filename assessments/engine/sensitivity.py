"""What the result hangs on: answers that one level would turn, and answers that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

from assessments.engine.ground import HIGHEST_LEVEL, Ground, change_ground, derived_dpmm
from assessments.engine.shapes import DERIVED, DpmmLevel, Flag, LoadBearing, Verdict
from assessments.engine.use_cases import verdicts_after
from frameworks.document.shapes import Demand, FrameworkSpec

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
    known = {code: verdict.verdict for code, verdict in verdicts.items()}
    found = []
    for question, level in sorted(ground.levels.items()):
        for direction, by in DIRECTIONS:
            if not 0 <= level + by <= HIGHEST_LEVEL:
                continue
            after = _varied(spec, ground, dpmm, question, level + by)
            turned = verdicts_after(demands, ground, after, (question,), known)
            changes = (*_moved_levels(ground, after), *turned)
            if changes:
                found.append(LoadBearing(question=question, direction=direction, changes=changes))
    return tuple(found)


def _varied(spec: FrameworkSpec, ground: Ground, dpmm: DpmmLevel | None, question: str, level: int) -> Ground:
    """The ground with one other level; a derived DPMM level is derived again."""
    held = ground.dpmm
    if dpmm is not None and dpmm.source == DERIVED and question in spec.dpmm.proxies:
        held = derived_dpmm(spec, {**ground.levels, question: level})
    return change_ground(spec, ground, {question: level}, held)


def _moved_levels(before: Ground, after: Ground) -> list[str]:
    moved = sorted(code for code, level in after.sustained.items() if level != before.sustained[code])
    return [WHOLE, *moved] if after.level != before.level else moved


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
