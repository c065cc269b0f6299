"""From gaps to a plan: which actions are chosen, what each is worth, and what no action covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.engine.ground import Ground
from assessments.engine.projection import project
from assessments.engine.schedule import Task, by_rank, critical_path, prerequisites_first, schedule
from assessments.engine.shapes import AnchorTask, Gap, PlanSettings, Roadmap, Step, Verdict
from frameworks.document.shapes import ActionSpec, Demand, FrameworkSpec

EFFORT_DAYS = {"S": 10, "M": 40, "L": 90}  # person-days that stand for the ranges of the content
WAVE_ENDS = (("first", 13), ("second", 52), ("third", 104))  # weeks; what starts later is "later"


@dataclass(frozen=True, slots=True)
class Choice:
    """The actions of a plan, before they have weeks; mappings are by code of the chosen actions."""

    actions: Mapping[str, ActionSpec]
    serves: Mapping[str, tuple[Gap, ...]]  # empty where an action is there as a prerequisite alone
    prerequisites: Mapping[str, tuple[str, ...]]  # the chosen ones among its direct prerequisites
    waiting: Mapping[str, tuple[str, ...]]  # the chosen actions that list it as a prerequisite, by code
    waived: tuple[str, ...]


def plan_roadmap(
    spec: FrameworkSpec,
    ground: Ground,
    gaps: tuple[Gap, ...],
    settings: PlanSettings,
    demands: tuple[Demand, ...],
    verdicts: Mapping[str, Verdict],
) -> Roadmap:
    """Actions with weeks, anchor tasks, critical path and projection (Method, section 8).

    `ground` and `gaps` are today's claimed reading and its gaps in their order; `demands` and `verdicts`
    are those of every use case. Weeks count from 0.
    """
    choice = choose_actions(spec, ground, gaps)
    rates = rate_actions(choice)
    tasks = by_rank(
        Task(code, _weeks(action), rates[code], choice.prerequisites[code])
        for code, action in choice.actions.items()
    )
    starts = schedule(tasks, settings.capacity, settings.blackout_weeks)
    steps = tuple(
        Step(
            action=task.code,
            start=starts[task.code],
            end=starts[task.code] + task.weeks,
            wave=wave_of(starts[task.code]),
            rate=task.rate,
            because=_because(choice, task.code),
        )
        for task in sorted(tasks, key=lambda task: starts[task.code])  # a stable sort keeps the rank
    )
    return Roadmap(
        actions=steps,
        anchor_tasks=_anchor_tasks(gaps, choice.actions.values()),
        waived=choice.waived,
        critical_path=critical_path(tasks),
        projection=project(spec, ground, steps, demands, verdicts),
    )


def choose_actions(spec: FrameworkSpec, ground: Ground, gaps: Iterable[Gap]) -> Choice:
    """The actions that serve a gap and, recursively, their prerequisites unless waived (section 8.1)."""
    gap_of = {gap.question: gap for gap in gaps}
    serves = {
        action.code: tuple(
            gap_of[code] for code in action.raises if code in gap_of and _serves(action, gap_of[code])
        )
        for action in spec.actions
    }
    chosen = [code for code, served in serves.items() if served]
    seen = set(chosen)
    waived = set()
    for code in chosen:  # grows while it is walked
        for prerequisite in spec.action_by_code[code].prerequisites:
            if prerequisite in seen:
                continue
            if _is_waived(spec.action_by_code[prerequisite], ground):
                waived.add(prerequisite)
            else:
                seen.add(prerequisite)
                chosen.append(prerequisite)
    actions = {code: spec.action_by_code[code] for code in sorted(chosen)}
    waiting: dict[str, tuple[str, ...]] = dict.fromkeys(actions, ())
    prerequisites = {}
    for code, action in actions.items():
        prerequisites[code] = tuple(before for before in action.prerequisites if before in actions)
        for before in prerequisites[code]:
            waiting[before] += (code,)
    return Choice(
        actions, {code: serves[code] for code in actions}, prerequisites, waiting, tuple(sorted(waived))
    )


def _serves(action: ActionSpec, gap: Gap) -> bool:
    return action.to_level > gap.have and action.from_level < gap.target


def _is_waived(action: ActionSpec, ground: Ground) -> bool:
    """Whether all that a prerequisite would raise is there already or not applicable."""
    return all(
        code in ground.not_applicable or ground.levels.get(code, -1) >= action.to_level
        for code in action.raises
    )


def rate_actions(choice: Choice) -> dict[str, Fraction]:
    """Value per day of effort: what an action serves and the best of what waits for it (section 8.3)."""
    values: dict[str, int] = {}
    for code in reversed(prerequisites_first(choice.prerequisites)):
        own = sum(gap.priority for gap in choice.serves[code])
        values[code] = own + max((values[other] for other in choice.waiting[code]), default=0)
    return {code: Fraction(value, EFFORT_DAYS[choice.actions[code].effort]) for code, value in values.items()}


def _weeks(action: ActionSpec) -> int:
    """⌈(low + high) / 2⌉ in whole numbers."""
    low, high = action.weeks
    return (low + high + 1) // 2


def wave_of(start: int) -> str:
    """The wave of an action by its start week (Method, section 8.5)."""
    return next((wave for wave, end in WAVE_ENDS if start < end), "later")


def _because(choice: Choice, code: str) -> tuple[str, ...]:
    served = tuple(sorted(gap.question for gap in choice.serves[code]))
    return served or choice.waiting[code]


def _anchor_tasks(gaps: Iterable[Gap], actions: Iterable[ActionSpec]) -> tuple[AnchorTask, ...]:
    """The steps of each gap that no chosen action raising the question covers (section 8.2)."""
    covered = {
        (question, step)
        for action in actions
        for question in action.raises
        for step in range(action.from_level + 1, action.to_level + 1)
    }
    return tuple(
        AnchorTask(question=gap.question, from_level=step - 1, to_level=step)
        for gap in gaps
        for step in range(gap.have + 1, gap.target + 1)
        if (gap.question, step) not in covered
    )
