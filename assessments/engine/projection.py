"""What the plan leads to: index, level and verdicts each time something of it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessments.engine.ground import HIGHEST_DERIVED, Ground, change_ground, derived_dpmm, index_of
from assessments.engine.shapes import ProjectionPoint, Step, Table, Verdict
from assessments.engine.use_cases import verdicts_after
from frameworks.document.shapes import Demand, FrameworkSpec


def project(
    spec: FrameworkSpec,
    today: Ground,
    steps: Iterable[Step],
    demands: tuple[Demand, ...],
    verdicts: Mapping[str, Verdict],
) -> tuple[ProjectionPoint, ...]:
    """One point per week in which an action ends, in the claimed reading (Method, section 8.7).

    `demands` and `verdicts` (today's) are those of every use case; a point names the verdicts that differ
    from the point before, the first from today's.
    """
    derived_today = derived_dpmm(spec, today.levels)
    known = {code: verdict.verdict for code, verdict in verdicts.items()}
    ground = today
    points = []
    for week, actions in _by_end(steps):
        raised = _raised(spec, ground.levels, actions)
        changed: dict[str, str] = {}
        if raised:
            dpmm = projected_dpmm(spec, today.dpmm, derived_today, {**ground.levels, **raised})
            before, ground = ground, change_ground(spec, ground, raised, dpmm)
            changed = verdicts_after(demands, before, ground, raised, known)
            known.update(changed)
        index = index_of(spec, ground, with_ceilings=True)
        points.append(ProjectionPoint(week=week, index=index, level=ground.level, verdicts=Table(changed)))
    return tuple(points)


def plant_after(
    spec: FrameworkSpec, today: Mapping[str, int], held: int | None, steps: Iterable[Step]
) -> tuple[tuple[int, int | None], ...]:
    """(week, projected DPMM level) at each point of the projection, from today's claimed levels and the DPMM
    level held (Method, section 8.7)."""
    derived_today = derived_dpmm(spec, today)
    levels, points = today, []
    for week, actions in _by_end(steps):
        levels = {**levels, **_raised(spec, levels, actions)}
        points.append((week, projected_dpmm(spec, held, derived_today, levels)))
    return tuple(points)


def _by_end(steps: Iterable[Step]) -> list[tuple[int, list[str]]]:
    """The weeks in which something ends, in order, with what ends."""
    ending: dict[int, list[str]] = {}
    for step in steps:
        ending.setdefault(step.end, []).append(step.action)
    return sorted(ending.items())


def _raised(spec: FrameworkSpec, levels: Mapping[str, int], actions: Iterable[str]) -> dict[str, int]:
    """The scored questions that these actions raise, with the levels that they then have."""
    raised: dict[str, int] = {}
    for action in (spec.action_by_code[code] for code in actions):
        for question in action.raises:
            level = levels.get(question)
            if level is not None and level < action.to_level:
                raised[question] = max(action.to_level, raised.get(question, 0))
    return raised


def projected_dpmm(
    spec: FrameworkSpec, held: int | None, derived_today: int | None, levels: Mapping[str, int]
) -> int | None:
    """The level held plus what the derived level has risen, never above the higher of 4 and the one held."""
    derived = derived_dpmm(spec, levels)
    if held is None or derived is None or derived_today is None:
        return held
    return min(held + derived - derived_today, max(HIGHEST_DERIVED, held))
