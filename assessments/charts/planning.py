"""What gaps and plan say, as pages and paper show it; weeks are counted from 1, dates follow a start."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assessments.engine.display import whole
from assessments.engine.shapes import Results, Step
from frameworks.document.shapes import FrameworkSpec, QuestionSpec

WAVES = ("first", "second", "third", "later")


def foundation_gaps(spec: FrameworkSpec, found: Results) -> dict[str, Any] | None:
    """The digital plant's gap: the level held, the level needed, and the dimensions that wait for it."""
    rows = found.gaps.foundation
    if not rows:
        return None
    need = max(row.dpmm_need for row in rows)
    names = {row.level: row for row in spec.dpmm.levels}
    return {
        "have": names[rows[0].dpmm_have],
        "need": names[need],
        "rows": [(spec.dimension_by_code[row.dimension], row) for row in rows],
    }


def critical_uses(spec: FrameworkSpec, chosen: tuple[str, ...], question: QuestionSpec) -> list[str]:
    """The chosen uses in which a question is critical, by name."""
    return [
        spec.use_case_by_code[code].name
        for code in chosen
        if any(critical.question == question.code for critical in spec.use_case_by_code[code].critical)
    ]


def plan_row(spec: FrameworkSpec, step: Step, start_on: date | None) -> dict[str, Any]:
    """One action as the plan shows it: weeks counted from 1, dates once a start is set."""
    return {
        "action": spec.action_by_code[step.action],
        "first_week": step.start + 1,
        "last_week": step.end,
        "begins_on": start_on + timedelta(weeks=step.start) if start_on else None,
        "ends_on": start_on + timedelta(weeks=step.end, days=-1) if start_on else None,
        "questions": [spec.questions[code] for code in step.because if code in spec.questions],
        "enables": [spec.action_by_code[code] for code in step.because if code in spec.action_by_code],
        "roles": [role.name for role in spec.roles if role.code in spec.action_by_code[step.action].roles],
    }


def waves(spec: FrameworkSpec, found: Results, start_on: date | None) -> list[dict[str, Any]]:
    """The waves that hold actions, each with its actions in plan order."""
    steps = {wave: [step for step in found.roadmap.actions if step.wave == wave] for wave in WAVES}
    return [
        {"wave": wave, "rows": [plan_row(spec, step, start_on) for step in steps[wave]]}
        for wave in WAVES
        if steps[wave]
    ]


def projection_rows(spec: FrameworkSpec, found: Results, start_on: date | None) -> list[dict[str, Any]]:
    """The projection as a table: week, date, index, level, and the verdicts that change."""
    return [
        {
            "week": point.week,
            "on": start_on + timedelta(weeks=point.week) if start_on else None,
            "index": whole(point.index),
            "level": point.level,
            "verdicts": [(spec.use_case_by_code[code], verdict) for code, verdict in point.verdicts.items()],
        }
        for point in found.roadmap.projection
    ]
