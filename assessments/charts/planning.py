"""What gaps and plan say, as pages and paper show it; weeks are counted from 1, dates follow a start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessments.charts.levels import claimed_level
from assessments.charts.raising import raised_by, starts_early, works_on
from assessments.engine.display import whole
from assessments.engine.projection import plant_after
from assessments.engine.record import AnswerRecord
from assessments.engine.shapes import Gap, Results, Step
from frameworks.document.shapes import ActionSpec, FrameworkSpec, QuestionSpec

WAVES = ("first", "second", "third", "later")


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap by priority, the uses that it matters to, and the action that closes it or goes furthest."""

    rank: int
    gap: Gap
    question: QuestionSpec
    uses: tuple[str, ...]  # names of the chosen uses in which it is critical
    action: ActionSpec | None
    steps: int = 0  # how many of its steps have no action of their own
    is_firm: bool = False  # what its dimension counts meets the target: closing it would make that firm

    @property
    def is_closed(self) -> bool:
        """Whether the action reaches the target."""
        return self.action is not None and self.action.to_level >= self.gap.target


def gap_rows(spec: FrameworkSpec, chosen: tuple[str, ...], found: Results) -> tuple[GapRow, ...]:
    """Every gap, the highest priority first."""
    levels = found.readings.claimed.dimensions
    met = {
        code
        for code, target in found.targets.items()
        if (level := levels[code].effective_level) is not None and level >= target
    }
    steps = Counter(task.question for task in found.roadmap.anchor_tasks)
    return tuple(
        GapRow(
            rank,
            gap,
            spec.questions[gap.question],
            tuple(critical_uses(spec, chosen, spec.questions[gap.question])),
            raised_by(spec, found, gap),
            steps[gap.question],
            spec.dimension_of[gap.question] in met,
        )
        for rank, gap in enumerate(found.gaps.questions, 1)
    )


def plan_totals(found: Results) -> dict[str, Any]:
    """Where the plan ends: its last week, and the index and level then."""
    last = found.roadmap.projection[-1] if found.roadmap.projection else None
    return {
        "last_week": max((step.end for step in found.roadmap.actions), default=0),
        "last_index": whole(last.index) if last else None,
        "last_level": last.level if last else None,
    }


def foundation_gaps(spec: FrameworkSpec, found: Results) -> dict[str, Any] | None:
    """The digital plant's gap: the level held and the level needed."""
    rows = found.gaps.foundation
    if not rows:
        return None
    need = max(row.dpmm_need for row in rows)
    names = {row.level: row for row in spec.dpmm.levels}
    return {
        "have": names[rows[0].dpmm_have],
        "need": names[need],
    }


def critical_uses(spec: FrameworkSpec, chosen: tuple[str, ...], question: QuestionSpec) -> list[str]:
    """The chosen uses in which a question is critical, by name."""
    return [
        spec.use_case_by_code[code].name
        for code in chosen
        if any(critical.question == question.code for critical in spec.use_case_by_code[code].critical)
    ]


def last_day(start_on: date | None, week: int) -> date | None:
    """The day on which a week ends, counted from 1, of a plan that starts on this day.

    None without a start, and where the calendar has no such day: it ends with the year 9999.
    """
    try:
        return start_on + timedelta(weeks=week, days=-1) if start_on else None
    except OverflowError:
        return None


def first_day(start_on: date | None, week: int) -> date | None:
    """The day on which a week begins, counted from 1; None as of `last_day`."""
    return start_on + timedelta(weeks=week - 1) if start_on and last_day(start_on, week) else None


def plan_row(spec: FrameworkSpec, found: Results, step: Step, start_on: date | None) -> dict[str, Any]:
    """One action as the plan shows it: weeks counted from 1, dates once a start is set."""
    ends_on = last_day(start_on, step.end)
    return {
        "action": spec.action_by_code[step.action],
        "first_week": step.start + 1,
        "last_week": step.end,
        "begins_on": first_day(start_on, step.start + 1) if ends_on else None,
        "ends_on": ends_on,
        "works": works_on(spec, found, step),
        "early": starts_early(spec, found, step),
        "enables": [
            spec.action_by_code[other.action]
            for other in found.roadmap.actions
            if step.action in spec.action_by_code[other.action].prerequisites
        ],
        "roles": [role.name for role in spec.roles if role.code in spec.action_by_code[step.action].roles],
    }


def waves(spec: FrameworkSpec, found: Results, start_on: date | None) -> list[dict[str, Any]]:
    """The waves that hold actions, each with its actions in plan order."""
    steps = {wave: [step for step in found.roadmap.actions if step.wave == wave] for wave in WAVES}
    return [
        {"wave": wave, "rows": [plan_row(spec, found, step, start_on) for step in steps[wave]]}
        for wave in WAVES
        if steps[wave]
    ]


@dataclass(frozen=True, slots=True)
class Rise:
    """A DPMM level that the plan reaches, and whether a ceiling rises with it."""

    dpmm: int
    lifts: bool


def plant_rises(spec: FrameworkSpec, found: Results, answers: Sequence[AnswerRecord]) -> dict[int, Rise]:
    """By week at whose end the plan raises the digital plant: what it reaches (Method, section 8.7)."""
    if found.dpmm is None:
        return {}
    levels = {row.question: level for row in answers if (level := claimed_level(row)) is not None}
    held, rises = found.dpmm.level, {}
    for week, dpmm in plant_after(spec, levels, held, found.roadmap.actions):
        if dpmm is not None and dpmm > held:
            lifts = any(
                spec.ceilings[dpmm, code].sustained > spec.ceilings[held, code].sustained
                for code in spec.dimension_by_code
            )
            rises[week], held = Rise(dpmm, lifts), dpmm
    return rises


def projection_rows(
    spec: FrameworkSpec, found: Results, start_on: date | None, rises: Mapping[int, Rise] | None = None
) -> list[dict[str, Any]]:
    """The projection as a table: week, date, the actions that end then, and what these change.

    Index and level stand beside those of the point before, the first beside today's. `rises` are those of
    the digital plant, by week.
    """
    claimed = found.readings.claimed
    before = [(claimed.index, claimed.level)]
    before += [(point.index, point.level) for point in found.roadmap.projection]
    return [
        {
            "week": point.week,
            "on": last_day(start_on, point.week),
            "actions": [
                spec.action_by_code[step.action] for step in found.roadmap.actions if step.end == point.week
            ],
            "index": whole(point.index),
            "index_before": whole(index),
            "is_raised": point.index != index,
            "rise": (rises or {}).get(point.week),
            "level": point.level,
            "level_before": level,
            "verdicts": [(spec.use_case_by_code[code], verdict) for code, verdict in point.verdicts.items()],
        }
        for point, (index, level) in zip(found.roadmap.projection, before, strict=False)
    ]


def verdicts_at_end(found: Results, chosen: Iterable[str]) -> Counter[str]:
    """How many of the chosen uses stand at each verdict when the last action of the plan has ended."""
    verdicts = dict(found.verdicts)
    for point in found.roadmap.projection:
        verdicts.update(point.verdicts)
    return Counter(verdicts[code] for code in chosen)


def turns(
    spec: FrameworkSpec,
    found: Results,
    chosen: tuple[str, ...],
    start_on: date | None,
    rises: Mapping[int, Rise] | None = None,
) -> list[dict[str, Any]]:
    """The rows of the projection at which the level of the site, the verdict of a chosen use or the digital
    plant changes."""
    rows, level = [], found.readings.claimed.level
    for row in projection_rows(spec, found, start_on, rises):
        uses = [(use, verdict) for use, verdict in row["verdicts"] if use.code in chosen]
        moved = row["level"] if row["level"] != level else None
        if uses or moved is not None or row["rise"]:
            rows.append({**row, "moved": moved, "uses": uses})
        level = row["level"]
    return rows
